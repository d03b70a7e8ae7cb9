// The way of a stranger with data of his own, as scripted: packs the packages, installs them by plain npm into an empty folder, and gets from a
// table, a folder of pictures and a table of signals to firmware that passes its self-test in the simulator. Three commands each; the second and
// third are taken from what the one before printed. Fails at the first command that does not exit with 0.
//   node scripts/own-data-journey.mjs [--keep]        the packages must be built (npm run build)
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capture, pack, publicPackages, root } from './workspace.mjs';

const user = realpathSync(mkdtempSync(join(tmpdir(), 'bitnetmcu-own-data-')));
const workshop = mkdtempSync(join(tmpdir(), 'bitnetmcu-tarballs-'));

/** Park and Miller's generator, 0 to 1. */
function uniform(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** Three kinds by two of four columns of very different sizes. */
function writeTable() {
  const random = uniform(1);
  const rows = Array.from({ length: 150 }, (_, i) => {
    const kind = i % 3;
    const cells = [
      20 + 4 * random(),
      0.002 + 0.004 * kind + 0.001 * random(),
      900 * random(),
      1500 - 400 * kind + 100 * random(),
    ];
    return `${cells
      .map((value) => value.toFixed(4))
      .join(';')
      .replaceAll('.', ',')};${['low', 'middle', 'high'][kind]}`;
  });
  writeFileSync(join(user, 'air.csv'), `temperature;width;noise;co2;state\r\n${rows.join('\r\n')}\r\n`);
}

/** Discs and bars in colour on bright paper, of several sizes. */
function writePictures() {
  const { PNG } = createRequire(join(root, 'packages/cli/package.json'))('pngjs');
  const random = uniform(7);
  for (const [kind, name] of ['disc', 'bar'].entries()) {
    mkdirSync(join(user, 'shapes', name), { recursive: true });
    for (let i = 0; i < 60; i++) {
      const [width, height] = [24 + Math.floor(16 * random()), 24 + Math.floor(16 * random())];
      const picture = new PNG({ width, height });
      const ink = [90 * random(), 90 * random(), 90 * random()];
      const [cx, cy, size] = [width / 2 + 3 * random(), height / 2 - 3 * random(), 0.35 * Math.min(width, height)];
      for (let y = 0; y < height; y++) {
        for (let x = 0; x < width; x++) {
          const [dx, dy] = [Math.abs(x - cx), Math.abs(y - cy)];
          const isInk = kind === 0 ? dx * dx + dy * dy < size * size : dy < 0.25 * size;
          const color = isInk ? ink : [225, 220, 205];
          picture.data.set([...color.map((value) => value + 10 * random()), 255], 4 * (y * width + x));
        }
      }
      writeFileSync(join(user, 'shapes', name, `${i}.png`), PNG.sync.write(picture));
    }
  }
}

/** Twelve recordings one under another: three axes at rest, turning and shaking. */
function writeSignals() {
  const random = uniform(3);
  const lines = ['recording,ax,ay,az,activity'];
  for (let recording = 0; recording < 12; recording++) {
    const kind = recording % 3;
    const frequency = [0.02, 0.09, 0.3][kind] * (1 + 0.1 * random());
    const amplitude = [0.1, 2, 6][kind] * (1 + 0.1 * random());
    for (let t = 0; t < 640; t++) {
      const axes = [0, 1, 2].map(
        (axis) => amplitude * Math.sin(frequency * t + axis) + 0.2 * random() + (axis === 2 ? 9.81 : 0),
      );
      lines.push(`${recording},${axes.map((value) => value.toFixed(3)).join(',')},${['rest', 'turn', 'shake'][kind]}`);
    }
  }
  writeFileSync(join(user, 'motion.csv'), `${lines.join('\n')}\n`);
}

/** A command line as a shell would run it in the user's folder. @returns what it printed */
function type(line) {
  const { npm_command: _, ...environment } = process.env;
  const { status, stdout, stderr } = spawnSync(line, {
    cwd: user,
    shell: true,
    encoding: 'utf8',
    env: { ...environment, NO_COLOR: '1' },
  });
  console.log(`$ ${line}`);
  if (status === 0) return stdout;
  console.error(`${stdout}\n${stderr}`);
  throw new Error(`"${line}" ended with ${status}; 0 is wanted.`);
}

/** A line that was printed as a hint, as it was printed. */
function hint(printed, command) {
  const line = printed.split('\n').find((one) => new RegExp(`^ +npx bitnetmcu ${command} `).test(one));
  if (line === undefined) throw new Error(`No hint "npx bitnetmcu ${command} …" was printed:\n${printed}`);
  return line.trim().split(/ {2,}/)[0];
}

try {
  const tarballs = publicPackages().map(({ folder }) => pack(folder, workshop));
  writeFileSync(join(user, 'package.json'), '{"name":"mine","private":true}\n');
  capture('npm', ['install', '--no-audit', '--no-fund', '--prefer-offline', ...tarballs], { cwd: user });
  writeTable();
  writePictures();
  writeSignals();
  for (const [data, least] of [
    ['air.csv', 95],
    ['shapes', 90],
    ['motion.csv', 95],
  ]) {
    const trained = type(`npx bitnetmcu train ${data}`);
    const accuracy = Number(/integers: (\d+\.\d+) %/.exec(trained)?.[1]);
    if (!(accuracy >= least))
      throw new Error(`${data}: integers are right for ${accuracy} % of the test samples; ${least} wanted.`);
    type(hint(trained, 'infer'));
    const built = type(hint(trained, 'firmware'));
    if (!/its self-test passes/.test(built)) throw new Error(`The self-test of ${data} did not pass:\n${built}`);
    console.log(`✓ ${data}: ${accuracy} %, firmware passes its self-test`);
  }
} finally {
  if (process.argv.includes('--keep')) console.log(user);
  else rmSync(user, { recursive: true, force: true });
  rmSync(workshop, { recursive: true, force: true });
}

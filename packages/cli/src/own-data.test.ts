// Own data by their path alone: what is assumed, trained and shown, and that `infer` reads files as training did.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeBnm, quantizeInput } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { resizeImages } from '@bitnetmcu/trainer/internal';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, runWarm } from './__fixtures__/run-cli.js';
import { uniform } from './__fixtures__/tiny-data.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
/** As a user does, in a process of its own; what only says something else is called in one that is there. */
const start = (...args: string[]) => runCli(args, { cwd });
const run = (...args: string[]) => runWarm(args, { cwd });

/** Three kinds of flowers by two of four measures; columns of very different sizes, class last. */
function flowers(count: number, seed: number): string {
  const random = uniform(seed);
  const rows = Array.from({ length: count }, (_, i) => {
    const kind = i % 3;
    const cells = [
      20 + 4 * random(),
      0.002 + 0.004 * kind + 0.001 * random(),
      900 * random(),
      1500 - 400 * kind + 100 * random(),
    ];
    return `${cells.map((value) => value.toFixed(4)).join(',')},${['setosa', 'virginica', 'other'][kind]}`;
  });
  return `temperature,width,noise,co2,kind\n${rows.join('\n')}\n`;
}

/** A coloured disc, a frame or a bar on bright paper, of any size. */
function drawing(kind: number, random: () => number, ground: number): Buffer {
  const [width, height] = [24 + Math.floor(20 * random()), 24 + Math.floor(20 * random())];
  const picture = new PNG({ width, height });
  const ink = [random() * 90, random() * 90, random() * 90];
  const size = (0.3 + 0.1 * random()) * Math.min(width, height);
  const [cx, cy] = [width / 2 + 3 * (random() - 0.5), height / 2 + 3 * (random() - 0.5)];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [dx, dy] = [Math.abs(x - cx), Math.abs(y - cy)];
      const inside = [
        dx * dx + dy * dy < size * size,
        Math.max(dx, dy) < size && Math.max(dx, dy) > 0.6 * size,
        dy < 0.25 * size,
      ][kind];
      const color = inside ? ink : [ground, ground, ground - 20];
      picture.data.set([...color.map((value) => value + 10 * random()), 255], 4 * (y * width + x));
    }
  }
  return PNG.sync.write(picture);
}

const KINDS = ['disc', 'frame', 'bar'];

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-own-'));
  writeFileSync(join(cwd, 'flowers.csv'), flowers(150, 1));
  const random = uniform(7);
  KINDS.forEach((name, kind) => {
    mkdirSync(join(cwd, 'shapes', name), { recursive: true });
    for (let i = 0; i < 60; i++) {
      // Some are dark: nothing that inverts by the border may stand between.
      const ground = i % 4 === 0 ? 120 : 220;
      writeFileSync(join(cwd, 'shapes', name, `${i}.png`), drawing(kind, random, ground));
    }
  });
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('train FILE', () => {
  it('says what it assumed and how to change it, trains, and writes the results', async () => {
    const { exitCode, stdout, stderr } = await start('train', 'flowers.csv');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    expect(stdout).toMatch(/class: column 'kind'.*\n.*\n? *change: --label/);
    expect(stdout).toContain('--ignore');
    expect(stdout).toMatch(/network table-[sml] /);
    // Named after the data, the preset beside it; how the file was read is said once.
    expect(stdout).toMatch(/✓ flowers \(table-[sml]\): /);
    expect(`${stdout}${stderr}`.match(/flowers\.csv: /g)).toHaveLength(1);
    // Classes are 4 and 40 deviations apart in two columns that one range for all would flatten.
    const accuracy = Number(/integers: (\d+\.\d+) %/.exec(stdout)?.[1]);
    expect(accuracy).toBeGreaterThanOrEqual(95);
    expect(stdout).toMatch(/recall +precision/);
    expect(stdout).toMatch(/fits ch32v003: +\d+\.\d of 16 kB, \d+\.\d of 2 kB, [\d.]+ ms/);
    expect(`${stdout}${stderr}`).not.toMatch(/\bimages?\b|digit/);
    const report = JSON.parse(readFileSync(join(cwd, 'runs', 'flowers', 'report.json'), 'utf8'));
    const rows = report.integers.confusion as number[][];
    // 15 % of 150, the same share of every class.
    expect(rows.map((row) => row.reduce((a, b) => a + b))).toEqual(
      report.integers.classes.map((one: { samples: number }) => one.samples),
    );
    expect(rows.flat().reduce((a, b) => a + b)).toBe(report.integers.samples);
    expect(readFileSync(join(cwd, 'runs', 'flowers', 'confusion.csv'), 'utf8').split('\r\n')[0]).toMatch(
      /^is \\ given,/,
    );
    expect(readFileSync(join(cwd, 'runs', 'flowers', 'training.svg'), 'utf8')).toContain('<svg');
  });

  it('classifies rows by the names of their columns, from files and standard input, and says what is clamped', async () => {
    // Other order, a column more.
    const rows =
      'co2,extra,noise,width,temperature,kind\n1550,1,500,0.0025,22,setosa\n1150,1,500,0.0065,22,virginica\n99999,1,500,0.0105,22,other\n';
    writeFileSync(join(cwd, 'rows.csv'), rows);
    const { exitCode, stdout, stderr } = await start('infer', 'runs/flowers/model.bnm', 'rows.csv', '--json');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const { results } = JSON.parse(stdout);
    expect(results.slice(0, 2).map(({ label }: { label: string }) => label)).toEqual(['setosa', 'virginica']);
    for (const { probabilities } of results) {
      expect(probabilities.reduce((a: number, b: number) => a + b)).toBeCloseTo(1, 9);
    }
    expect(results.map(({ nearest }: { nearest: { label: string } }) => nearest.label).slice(0, 2)).toEqual([
      'setosa',
      'virginica',
    ]);
    expect(results[0].clamped).toBeUndefined();
    expect(results[2].clamped).toEqual(['co2']);
    const missing = await run('infer', 'runs/flowers/model.bnm', 'flowers-without.csv');
    expect(missing.exitCode).toBe(EXIT_CODES.badInput);
    writeFileSync(join(cwd, 'less.csv'), 'co2,noise,width\n1,2,3\n');
    const less = await run('infer', 'runs/flowers/model.bnm', 'less.csv');
    expect(less.stderr).toContain('no column temperature');
    writeFileSync(join(cwd, 'hole.csv'), 'co2,noise,width,temperature\n1,2,,4\n');
    expect((await run('infer', 'runs/flowers/model.bnm', 'hole.csv')).stderr).toMatch(/line 2, column width: '' found/);
  });

  it('resumes by the name of a folder, and refuses a folder that holds a run', async () => {
    const resumed = await start('train', '--resume', join('runs', 'flowers'));
    expect(resumed.exitCode, resumed.stderr).toBe(EXIT_CODES.ok);
    const again = await run('train', 'flowers.csv', '--epochs', '1', '--overwrite', '--json');
    expect(again.exitCode, again.stderr).toBe(EXIT_CODES.ok);
    expect(JSON.parse(again.stdout)).toMatchObject({
      output: join('runs', 'flowers'),
      epochs: 1,
      network: 'flowers',
      preset: expect.stringMatching(/^table-[sml]$/),
    });
    expect(existsSync(join(cwd, 'runs', 'flowers-2'))).toBe(false);
  });

  it.each([
    [['train', 'nothing.csv'], /no such file or folder/, EXIT_CODES.badInput],
    [['train', 'flowers.csv', '--label', 'colour'], /no column colour/, EXIT_CODES.badInput],
    [['train', 'flowers.csv', '--preset', 'fc1k'], /no preset "fc1k"\. Did you mean "fc-1k"/, EXIT_CODES.usage],
    [['train', 'flowers.csv', '--data', 'mnist'], /both say which data/, EXIT_CODES.usage],
    [['train', '--window', '64', '--preset', 'fc-1k'], /named as the argument/, EXIT_CODES.usage],
  ])('stops before training in a sentence: %j', async (args, message, code) => {
    const { exitCode, stderr } = await run(...args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(code);
    expect(stderr).not.toContain('epoch');
    expect(stderr.length).toBeLessThan(1200);
  });

  it('stops where the asked part has no room', async () => {
    const { exitCode, stderr } = await run(
      'train',
      'shapes',
      '--data-size',
      '28,28',
      '--preset',
      'fc-12k',
      '--target',
      'attiny85',
      '--data-channels',
      '1',
    );
    expect(exitCode).toBe(EXIT_CODES.checkFailed);
    expect(stderr).toMatch(/does not fit attiny85: [\d ]+ B of flash/);
  });
});

describe('pictures', () => {
  it('score the same by infer and verify, all 180 of them', async () => {
    const size = ['--data-size', '32,32'];
    const trained = await start('train', 'shapes', ...size, '--epochs', '40');
    expect(trained.exitCode, trained.stderr).toBe(EXIT_CODES.ok);
    const files = KINDS.flatMap((name) => Array.from({ length: 60 }, (_, i) => join('shapes', name, `${i}.png`)));
    const inferred = await run(
      'infer',
      '--json',
      '--no-nearest',
      '--model',
      join('runs', 'shapes', 'model.bnm'),
      ...files,
    );
    expect(inferred.exitCode, inferred.stderr).toBe(EXIT_CODES.ok);
    const { results } = JSON.parse(inferred.stdout) as { results: { input: string; label: string }[] };
    const right = results.filter(({ input, label }) => input.split(/[\\/]/)[1] === label).length;
    const folder = [
      '--data',
      'folder',
      '--data-train',
      'shapes',
      '--data-test',
      'shapes',
      '--data-channels',
      '3',
      ...size,
    ];
    const verified = await run(
      'verify',
      join('runs', 'shapes', 'model.bnm'),
      '--implementations',
      'wasm',
      '--json',
      ...folder,
    );
    expect(verified.exitCode, verified.stderr).toBe(EXIT_CODES.ok);
    expect(JSON.stringify(JSON.parse(verified.stdout))).toContain(`"accuracy":${right / 180}`);
    expect(right).toBeGreaterThanOrEqual(171);
  });

  it('are brought to their size as the exported header says', async () => {
    const model = join('runs', 'shapes', 'model.bnm');
    const file = join('shapes', 'frame', '1.png');
    const { stdout } = await run('infer', model, file, '--json', '--no-nearest');
    const exported = await run('export', model, '--output', 'shapes-c');
    expect(exported.exitCode, exported.stderr).toBe(EXIT_CODES.ok);
    const header = readFileSync(join(cwd, 'shapes-c', 'model', 'shapes.h'), 'utf8');
    expect(header).toContain('first to a height of 32 and a width of 32, then to these, each time');
    const side = (name: string) => Number(new RegExp(`#define SHAPES_${name} (\\d+)`).exec(header)![1]);
    const { width, height, data } = PNG.sync.read(readFileSync(join(cwd, file)));
    const planes = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
      const pixel = i % (width * height);
      return data[4 * pixel + Math.floor(i / (width * height))]!;
    });
    const small = resizeImages(
      resizeImages(planes, [height, width], [32, 32]),
      [32, 32],
      [side('HEIGHT'), side('WIDTH')],
    );
    const decoded = decodeBnm(readFileSync(join(cwd, model)));
    const logits = new ReferenceModel(decoded).infer(quantizeInput(decoded, small), 1);
    expect(JSON.parse(stdout).results[0].logits).toEqual([...logits]);
  });

  it('are cut out as digits only where that is asked for', async () => {
    const file = join('shapes', 'disc', '0.png');
    const infer = (...flags: string[]) =>
      run('infer', join('runs', 'shapes', 'model.bnm'), file, '--json', '--no-nearest', ...flags);
    const [plain, stretch, digit] = await Promise.all([infer(), infer('--fit', 'stretch'), infer('--fit', 'digit')]);
    const logits = ({ stdout }: { stdout: string }) => JSON.parse(stdout).results[0].logits;
    expect(logits(plain)).toEqual(logits(stretch));
    // A model of coloured pictures has no digits.
    expect(digit.exitCode).toBe(EXIT_CODES.usage);
    expect(digit.stderr).toContain('no grey picture of a digit');
  });
});

describe('data FILE', () => {
  it('shows the same without training', async () => {
    const { exitCode, stdout, stderr } = await start('data', 'flowers.csv');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    expect(stdout).toContain("class: column 'kind'");
    // 15 % of 50 is 7.5, of 150 is 22.5.
    for (const kind of ['other', 'setosa', 'virginica']) expect(stdout).toMatch(new RegExp(`${kind} +4[23] +[78]\n`));
    expect(stdout).toMatch(/all +127 +23\n/);
    expect(stderr).not.toContain('epoch');
  });
});

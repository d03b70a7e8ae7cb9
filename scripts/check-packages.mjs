// Checks the packages as their users get them: packs each, lints the tarballs (publint, are-the-types-wrong), installs them by plain
// npm into an empty folder, imports every entry as ESM and CommonJS, type-checks a user's file, and runs the installed command.
import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { capture, captureNode, pack, publicPackages, root, toolPath } from './workspace.mjs';

/** Entries that work without Node, by package. */
const BROWSER_SAFE = {
  '@bitnetmcu/quant': ['.'],
  '@bitnetmcu/models': ['.', './conformance', './zoo'],
  '@bitnetmcu/mcu-runtime': ['.', './targets'],
};

/** Entries that need an optional peer, and the package of the workspace that has it installed. */
const OPTIONAL_PEERS = { '@bitnetmcu/trainer/tfjs': { peer: '@tensorflow/tfjs', from: 'trainer' } };

/** Characters that mean something in URLs, shells or patterns, and one beyond ASCII. */
const AWKWARD_NAME = 'sp ace #1 100%25 \u00fc+(x)';

const workshop = mkdtempSync(join(tmpdir(), 'bitnetmcu-packages-'));
const user = mkdtempSync(join(tmpdir(), 'bitnetmcu-user-'));
const packages = publicPackages();

function check(name, action) {
  const started = Date.now();
  action();
  console.log(`✓ ${name} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
}

/** Every import specifier that a package's exports map offers to code. */
function specifiers({ manifest }) {
  return Object.keys(manifest.exports)
    .filter((entry) => entry !== './package.json' && !entry.endsWith('.json'))
    .map((entry) => manifest.name + entry.slice(1));
}

const NODE16 = { module: 'node16', moduleResolution: 'node16', files: ['user.mts', 'user.cts'] };
const BUNDLER = { module: 'esnext', moduleResolution: 'bundler', files: ['user.mts'] };

/** Type-checks imports of these entries, library declarations included. */
function typeCheck(entries, compilerOptions, resolutions) {
  const lines = entries.map((name, index) => `import * as module${index} from '${name}';`);
  lines.push(`export const entries: readonly object[] = [${entries.map((_, index) => `module${index}`).join(', ')}];`);
  for (const file of ['user.mts', 'user.cts']) writeFileSync(join(user, file), `${lines.join('\n')}\n`);
  for (const { files, ...resolution } of resolutions) {
    const base = { noEmit: true, strict: true, target: 'es2022', lib: ['es2022', 'dom', 'dom.iterable'] };
    writeFileSync(
      join(user, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: { ...base, ...resolution, ...compilerOptions }, files }),
    );
    captureNode([toolPath('typescript', 'bin/tsc'), '-p', '.'], { cwd: user });
  }
}

/** The files of a built package, from one entry on, that import a built-in module of Node. */
function filesThatNeedNode(file, seen = new Set()) {
  if (seen.has(file)) return [];
  seen.add(file);
  const imports = readFileSync(file, 'utf8').matchAll(/(?:\bfrom|\bimport|\bimport\()\s*['"]([^'"]+)['"]/g);
  const specifiers = [...imports].map(([, specifier]) => specifier);
  const followed = specifiers.filter((specifier) => specifier.startsWith('.'));
  return [
    ...(specifiers.some(isBuiltin) ? [file] : []),
    ...followed.flatMap((path) => filesThatNeedNode(join(dirname(file), path), seen)),
  ];
}

/** npm as a user runs it: without what the enclosing npm, pnpm or turbo put into the environment. */
function npm(program, args) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([key]) => !/^(npm_(?!config_)|PNPM_|TURBO_|INIT_CWD)/.test(key)),
  );
  return capture([program, ...args].join(' '), [], {
    cwd: user,
    shell: true,
    env: { ...env, npm_config_loglevel: 'error' },
  });
}

function main() {
  const tarballs = new Map();
  check(`packed ${packages.length} packages`, () => {
    for (const { folder, manifest } of packages) tarballs.set(manifest.name, pack(folder, workshop));
  });
  for (const [name, tarball] of tarballs) {
    check(`${name}: publint --strict, are-the-types-wrong`, () => {
      captureNode([toolPath('publint', 'src/cli.js'), 'run', tarball, '--strict']);
      captureNode([toolPath('@arethetypeswrong/cli', 'dist/index.js'), tarball, '--profile', 'node16', '--no-emoji']);
    });
  }

  check('plain npm install of the tarballs into an empty folder', () => {
    const dependencies = Object.fromEntries([...tarballs].map(([name, tarball]) => [name, `file:${tarball}`]));
    writeFileSync(
      join(user, 'package.json'),
      // Overrides make the packages' dependencies on each other resolve to the tarballs too: the registry has other versions or none.
      JSON.stringify({ name: 'user', private: true, dependencies, overrides: dependencies }, null, 2),
    );
    npm('npm', ['install', '--no-audit', '--no-fund']);
  });

  const all = packages.flatMap(specifiers);
  check(`${all.length} entries imported as ESM and CommonJS`, () => {
    const report =
      '(name, module) => { if (Object.keys(module).length === 0) throw new Error(name + " exports nothing"); }';
    writeFileSync(
      join(user, 'esm.mjs'),
      `const report = ${report};\n${all.map((name) => `report('${name}', await import('${name}'));`).join('\n')}\n`,
    );
    writeFileSync(
      join(user, 'common.cjs'),
      `const report = ${report};\n${all.map((name) => `report('${name}', require('${name}'));`).join('\n')}\n`,
    );
    captureNode(['esm.mjs'], { cwd: user });
    captureNode(['common.cjs'], { cwd: user });
  });

  check("a user's TypeScript file under moduleResolution node16 and bundler", () => {
    const node = { types: ['node'], typeRoots: [join(root, 'node_modules', '@types')] };
    typeCheck(
      all.filter((name) => !(name in OPTIONAL_PEERS)),
      node,
      [NODE16, BUNDLER],
    );
    for (const [name, { peer, from }] of Object.entries(OPTIONAL_PEERS)) {
      // The peer's own declarations are not ours to check.
      const paths = { [peer]: [realpathSync(join(root, 'packages', from, 'node_modules', peer))] };
      typeCheck([name], { ...node, skipLibCheck: true, paths }, [BUNDLER]);
    }
    // What runs in browsers must do without Node's types.
    const browserSafe = Object.entries(BROWSER_SAFE).flatMap(([name, entries]) =>
      entries.map((entry) => name + entry.slice(1)),
    );
    typeCheck(browserSafe, { types: [] }, [BUNDLER]);
  });

  check('entries for browsers import nothing of Node', () => {
    for (const { manifest } of packages) {
      for (const entry of BROWSER_SAFE[manifest.name] ?? []) {
        const found = filesThatNeedNode(
          join(user, 'node_modules', manifest.name, manifest.exports[entry].import.default),
        );
        if (found.length > 0) throw new Error(`${manifest.name} needs Node at ${entry}:\n${found.join('\n')}`);
      }
    }
  });

  check('a model of the zoo as ESM and CommonJS', () => {
    const use = 'if (zoo.length > 0) loadZooModel(zoo[0].name).then((model) => console.log(model.name));';
    writeFileSync(join(user, 'zoo.mjs'), `import { loadZooModel, zoo } from '@bitnetmcu/models/zoo';\n${use}\n`);
    writeFileSync(join(user, 'zoo.cjs'), `const { loadZooModel, zoo } = require('@bitnetmcu/models/zoo');\n${use}\n`);
    const [esm, cjs] = ['zoo.mjs', 'zoo.cjs'].map((file) => captureNode([file], { cwd: user }));
    if (esm !== cjs) throw new Error(`ESM loads ${esm}, CommonJS ${cjs}`);
  });

  check(`addon, worker and C sources from a folder named "${AWKWARD_NAME}", as ESM and CommonJS`, () => {
    const folder = join(workshop, AWKWARD_NAME);
    cpSync(join(user, 'node_modules'), join(folder, 'node_modules'), { recursive: true, verbatimSymlinks: true });
    cpSync(join(root, 'scripts', 'installed-journey.mjs'), join(folder, 'journey.mjs'));
    const names = { trainer: 'trainer', exporter: 'exporter', exporterNode: 'exporter/node' };
    const modules = (load) => Object.entries(names).map(([key, name]) => `${key}: ${load(`'@bitnetmcu/${name}'`)}`);
    const program = (load, out) =>
      `import('./journey.mjs').then(async ({ installedJourney }) => console.log(JSON.stringify(await installedJourney({ ${modules(load).join(', ')} }, '${out}'))));\n`;
    writeFileSync(
      join(folder, 'user.cjs'),
      program((name) => `require(${name})`, 'common'),
    );
    writeFileSync(
      join(folder, 'user.mjs'),
      program((name) => `await import(${name})`, 'esm'),
    );
    const [cjs, esm] = ['user.cjs', 'user.mjs'].map((file) => captureNode([file], { cwd: folder }));
    if (cjs !== esm || !cjs.includes('"native"')) throw new Error(`CommonJS found ${cjs}, ESM ${esm}`);
  });

  check('esbuild bundles the trainer without its optional peers, and the bundle trains', () => {
    writeFileSync(
      join(user, 'bundled.mjs'),
      "import { createEngine } from '@bitnetmcu/trainer';\ncreateEngine({ kind: 'wasm' }).then(({ info }) => console.log(info.kind));\n",
    );
    // The bundler that tsup brings.
    const esbuild = createRequire(realpathSync(toolPath('tsup', 'package.json'))).resolve('esbuild/bin/esbuild');
    const out = join(user, 'bundle.cjs');
    capture(esbuild, ['bundled.mjs', '--bundle', '--minify', '--platform=node', `--outfile=${out}`], { cwd: user });
    const kind = captureNode([out], { cwd: workshop }).trim();
    if (kind !== 'wasm') throw new Error(`the bundle runs the engine ${kind}`);
  });

  check('npx bitnetmcu --help', () => {
    const help = npm('npx', ['bitnetmcu', '--help']);
    for (const command of [
      'train',
      'study',
      'worker',
      'export',
      'verify',
      'infer',
      'inspect',
      'zoo',
      'data',
      'doctor',
      'demo',
    ]) {
      if (!help.includes(command)) throw new Error(`the help does not name the command "${command}":\n${help}`);
    }
  });
  check('one epoch of training from the installation', () => {
    const output = npm('npx', [
      'bitnetmcu',
      'train',
      '--preset',
      'fc-1k',
      '--epochs',
      '1',
      '--output',
      'run',
      '--json',
    ]);
    const { testAccuracy } = JSON.parse(output);
    if (!(testAccuracy > 0.7))
      throw new Error(`the test accuracy after one epoch is ${testAccuracy}, at least 0.7 wanted:\n${output}`);
  });
  check('a study of two runs from the installation', () => {
    const rows = Array.from({ length: 60 }, (_, i) => `${i % 7},${(i * 5) % 11},${i % 7 > 3 ? 'high' : 'low'}`);
    writeFileSync(join(user, 'rows.csv'), `a,b,class\n${rows.join('\n')}\n`);
    const data = { kind: 'csv', train: 'rows.csv', labelColumn: 'class' };
    const base = { network: 'table-s', data, epochs: 3 };
    writeFileSync(join(user, 'study.json'), JSON.stringify({ name: 'two', base, seeds: 2, targets: ['ch32v003'] }));
    const output = npm('npx', ['bitnetmcu', 'study', 'run', 'study.json', '--json']);
    const { runs } = JSON.parse(output);
    if (runs.length !== 2 || runs.some(({ status }) => status !== 'finished')) throw new Error(output);
  });
  check('a worker from the installation, up to the Redis that is not there', () => {
    const program =
      "import { startWorker } from '@bitnetmcu/studies';\nimport 'bullmq';\nstartWorker({ redis: 'redis://127.0.0.1:1' }).catch(({ code }) => console.log(code));\n";
    writeFileSync(join(user, 'worker.mjs'), program);
    const code = captureNode(['worker.mjs'], { cwd: user }).trim();
    if (code !== 'queue-failed') throw new Error(`the worker ends with ${code}`);
  });
  console.log(`${[...tarballs.values()].map((tarball) => basename(tarball)).join(', ')}: ready to publish`);
}

try {
  main();
} catch (error) {
  // The message carries the failing command and all of its output; the stack of this script adds nothing.
  console.error(`✗ ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(workshop, { recursive: true, force: true });
  rmSync(user, { recursive: true, force: true });
}

// Continuous integration: installs the cross compilers, runs every check of the repository and closes with a count of tests and checks.
// Every step runs even when an earlier one failed (except after a failed installation), so that one run shows everything that is wrong.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isPresent, SYSTEM_PACKAGES } from './system-packages.mjs';
import { collectTests, forgetTests } from './test-results.mjs';
import { root } from './workspace.mjs';

process.chdir(root);

/** One of each kind: tight and loose, with and without convolutions, with kernels of every sort, and one that fits two parts only. */
const FIRMWARE_MODELS = ['fc-1k', 'fc-12k-ternary', 'mini-cnn-1k', 'mini-fc-12k', 'cnn-64', 'mini-cnn-13k'];

const started = Date.now();
const steps = [];

function run(command, args, options = {}) {
  return spawnSync(command, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options }).status === 0;
}

/** Runs one step and remembers its outcome. */
function step(name, action) {
  console.log(`\n▶ ${name}`);
  const before = Date.now();
  const passed = action();
  steps.push({ name, passed, seconds: (Date.now() - before) / 1000 });
  if (!passed) console.log(`✗ ${name} failed`);
  return passed;
}

const bin = (name) => join(root, 'node_modules', '.bin', name);
const script = (name, ...args) => run(process.execPath, [join(root, 'scripts', name), ...args]);

const node = (name, path, ...options) => run(process.execPath, [join(root, 'packages', name, path), ...options]);

function installSystemPackages() {
  const missing = SYSTEM_PACKAGES.filter(([, probe]) => !isPresent(probe)).map(([name]) => name);
  if (missing.length === 0) return true;
  console.log(`Installing ${missing.join(' ')}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const quiet = { stdio: ['ignore', 'ignore', 'inherit'], env };
  return (
    run('apt-get', ['update', '-qq'], quiet) &&
    run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], quiet)
  );
}

/** The release dry run must leave the working tree as it found it. */
function releaseDryRun() {
  const status = () => spawnSync('git', ['status', '--porcelain'], { encoding: 'utf8' }).stdout;
  const before = status();
  if (!script('release.mjs', '--dry-run')) return false;
  const after = status();
  if (after !== before) console.log(`The dry run changed the working tree:\n${after}`);
  return after === before;
}

forgetTests();

step('system packages', installSystemPackages);
if (step('installation', () => script('setup.mjs'))) {
  step('npm test', () => run('npm', ['test', '--loglevel=error']));
  step('long tests', () => run('npm', ['run', 'test:long', '--loglevel=error']));
  step('prebuilt kernel images against images built here', () =>
    run('npm', ['run', 'check:kernels', '--loglevel=error']),
  );
  step('model zoo (every model on all test images)', () => run(process.execPath, [join(root, 'zoo', 'check.mjs')]));
  step('TensorFlow.js on the real tfjs-node, Node 20 and 24', () => script('test-tfjs-node.mjs'));
  step('own data, from three kinds of files to firmware (packed packages)', () => script('own-data-journey.mjs'));
  // By themselves, without options, these check more than there is time for here.
  step('sanitizers (C, exported C: 1 200 random networks)', () =>
    node('exporter', 'conformance/random-networks.mjs', '--networks', '1200', '--exported', '1200'),
  );
  step('sanitizers (C: 2 000 changed model files)', () =>
    node('exporter', 'conformance/mutated-models.mjs', '--files', '2000'),
  );
  step('sanitizers (training engine: 1 200 random networks)', () =>
    node('trainer', 'sanitizers/random-networks.mjs', '1200'),
  );
  step('crash safety (short form: kills, faults, full disks, two writers)', () =>
    run(process.execPath, [join(root, 'packages', 'cli', 'bench', 'crash-safety.mjs'), '--short']),
  );
  step('fuzzing (700 cases of each parser; more: npm run fuzz)', () =>
    run(process.execPath, [join(root, 'fuzz', 'run.mjs'), '--cases', '700']),
  );
  step('firmware against the simulation (six models on every part; all: npm run firmware:check)', () =>
    run(process.execPath, [join(root, 'packages', 'exporter', 'bench', 'firmware.mjs'), '--check', ...FIRMWARE_MODELS]),
  );
  step('experiments, quick form (every configuration of the research plan)', () => {
    const output = mkdtempSync(join(tmpdir(), 'bitnetmcu-experiments-'));
    const command = join(root, 'packages', 'cli', 'bin', 'bitnetmcu.js');
    const passed = run(process.execPath, [command, 'experiment', 'run', 'all', '--quick', '--output', output]);
    rmSync(output, { recursive: true, force: true });
    return passed;
  });
  step('types', () => script('turbo.mjs', 'typecheck'));
  step('lint and format (biome)', () => run(bin('biome'), ['ci', '--reporter=summary', '.']));
  step('arrows between packages and rooms (dependency-cruiser)', () => run('npm', ['run', '--silent', 'arrows']));
  step('files of at most 300 lines', () => script('check-file-length.mjs'));
  step('C under cppcheck with its MISRA addon', () => script('check-misra.mjs'));
  step('messages of errors', () => script('check-messages.mjs'));
  step('closed switches end in an error', () => script('check-closed-switches.mjs'));
  step('unused code and dependencies (knip)', () => run(bin('knip'), []));
  step('packages (publint, are-the-types-wrong, installed tarballs)', () => script('check-packages.mjs'));
  step('public interface (names, docstrings, examples, TypeDoc)', () => script('check-api.mjs'));
  step('hand-written lines by package', () => script('count-lines.mjs'));
  step('tables of the documentation', () => script('docs-tables.mjs', '--check'));
  step('references in comments and documentation', () => script('check-references.mjs'));
  step('release (dry run)', releaseDryRun);
}

console.log('\nTests');
const tests = collectTests();
if (tests.skipped.length > 0) {
  console.log(`  ${tests.skipped.length} skipped:`);
  for (const name of tests.skipped) console.log(`    ${name}`);
}
console.log('\nChecks');
for (const { name, passed, seconds } of steps) {
  console.log(`  ${passed ? '✓' : '✗'} ${name} (${seconds.toFixed(0)} s)`);
}
const failedChecks = steps.filter((item) => !item.passed).length;
const failed = tests.failed + failedChecks;
const passed = tests.passed + steps.length - failedChecks;
console.log(
  `\n${tests.passed} of ${tests.passed + tests.failed} tests and ${steps.length - failedChecks} of ${steps.length} checks passed ` +
    `in ${Math.round((Date.now() - started) / 1000)} s`,
);
console.log(`${passed} passed, ${failed} failed${tests.skipped.length > 0 ? `, ${tests.skipped.length} skipped` : ''}`);
// A run that executed no test is a failure of CI itself.
process.exit(failed > 0 || tests.passed === 0 ? 1 : 0);

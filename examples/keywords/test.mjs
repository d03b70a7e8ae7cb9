// The story in a short form: one accent, two epochs. Without espeak-ng there is nothing to do.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const isThere = (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'espeak-ng')));
if (!isThere) {
  console.log('espeak-ng is not installed: skipped');
  process.exit();
}
const folder = import.meta.dirname;
const bitnetmcu = join(folder, 'node_modules', '@bitnetmcu', 'cli', 'bin', 'bitnetmcu.js');
const run = (...args) => execFileSync('node', args, { stdio: 'inherit', cwd: folder });
const data = ['--data-train', 'short/train', '--data-test', 'short/test'];
run('speak.mjs', 'short', '1', 'en-us');
run(bitnetmcu, 'train', 'keywords.yaml', ...data, '--epochs', '2', '--output', 'run-short', '--overwrite');
run(bitnetmcu, 'verify', 'run-short/model.bnm');
run(bitnetmcu, 'sim', 'run-short/model.bnm', '--target', 'ch32v006', '--images', '2');
const [heard] = readdirSync(join(folder, 'short', 'test', 'yes'));
run(bitnetmcu, 'infer', 'run-short/model.bnm', join('short', 'test', 'yes', heard));

// After a change of kernels, compilers' flags or firmware templates: builds the kernel images, records what the firmware of the zoo's models
// takes, and fills everything that is made of it:
//   node scripts/record-firmware.mjs
// Needs the cross compilers, MNIST and Fashion-MNIST. Some ten minutes.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './workspace.mjs';

const packages = (name) => join(root, 'packages', name);
const STEPS = [
  [packages('mcu-runtime'), 'npm', 'run', 'build:kernels'],
  [packages('mcu-runtime'), 'npm', 'run', 'build'],
  [packages('exporter'), 'npm', 'run', 'build'],
  [packages('exporter'), 'node', 'bench/firmware.mjs', '--record', '--check'],
  [packages('mcu-runtime'), 'npm', 'run', 'build'],
  [packages('cli'), 'npm', 'run', 'build'],
  [root, 'node', 'zoo/check.mjs', '--update'],
  [packages('models'), 'npm', 'run', 'build'],
  [packages('mcu-runtime'), 'node', 'bench/fast-kernels.mjs'],
  [packages('mcu-runtime'), 'node', 'bench/kernel-sizes.mjs'],
  [packages('exporter'), 'node', 'bench/target-cycles.mjs'],
  [root, 'node', 'scripts/measure-cycles.mjs'],
  [root, 'node', 'scripts/docs-tables.mjs'],
];

for (const [cwd, command, ...args] of STEPS) {
  console.log(`\n▶ ${command} ${args.join(' ')}`);
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

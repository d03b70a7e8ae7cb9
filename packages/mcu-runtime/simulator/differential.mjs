// The long differential test: executes random instructions in the simulator and in QEMU (Debian: qemu-user) and compares.
// node simulator/differential.mjs [instructions = 10000000] [first seed = 1]
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const packageFolder = join(dirname(fileURLToPath(import.meta.url)), '..');
const [instructions = '10000000', seed = '1'] = process.argv.slice(2);
const result = spawnSync('npx', ['vitest', 'run', 'test/simulator/qemu.test.ts'], {
  cwd: packageFolder,
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, BNM_RANDOM_INSTRUCTIONS: instructions, BNM_RANDOM_SEED: seed },
});
process.exit(result.status ?? 1);

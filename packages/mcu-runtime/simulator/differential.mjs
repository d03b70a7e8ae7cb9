// The long differential test: executes random instructions in the simulator and in QEMU (Debian: qemu-user), for each core, and compares.
//   node simulator/differential.mjs [instructions = 10000000] [first seed = 1] [--record]
// --record writes simulator/results/differential.json.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const options = process.argv.slice(2);
const [instructions = '10000000', seed = '1'] = options.filter((option) => option !== '--record');
const folder = mkdtempSync(join(tmpdir(), 'bnm-differential-'));
const lines = join(folder, 'cores.jsonl');
const { status } = spawnSync('npx', ['vitest', 'run', 'test/simulator/qemu.test.ts'], {
  cwd: join(here, '..'),
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: {
    ...process.env,
    BNM_RANDOM_INSTRUCTIONS: instructions,
    BNM_RANDOM_SEED: seed,
    BNM_RANDOM_RECORD: lines,
  },
});
if (status === 0 && options.includes('--record')) {
  const cores = readFileSync(lines, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const qemu = spawnSync('qemu-riscv32', ['--version'], { encoding: 'utf8' }).stdout.split('\n')[0];
  const record = {
    command: `node simulator/differential.mjs ${instructions} ${seed} --record`,
    date: new Date().toISOString().slice(0, 10),
    qemu,
    cores,
  };
  mkdirSync(join(here, 'results'), { recursive: true });
  writeFileSync(join(here, 'results', 'differential.json'), `${JSON.stringify(record, undefined, 2)}\n`);
}
rmSync(folder, { recursive: true });
process.exit(status ?? 1);

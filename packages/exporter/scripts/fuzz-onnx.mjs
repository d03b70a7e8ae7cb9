// The long form of the fuzz test of ONNX import: node scripts/fuzz-onnx.mjs [cases]. Writes what happened to bench/results/onnx-fuzz.json.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = dirname(dirname(fileURLToPath(import.meta.url)));
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const { status } = spawnSync(process.execPath, [vitest, 'run', 'src/onnx/import/fuzz.test.ts'], {
  cwd: folder,
  stdio: 'inherit',
  env: {
    ...process.env,
    BNM_FUZZ_CASES: process.argv[2] ?? '10000',
    BNM_FUZZ_RECORD: join(folder, 'bench', 'results', 'onnx-fuzz.json'),
  },
});
process.exitCode = status ?? 1;

// Builds the prebuilt kernel images of src/targets/prebuilt with the cross compilers (Debian: gcc-riscv64-unknown-elf,
// gcc-arm-none-eabi, gcc-avr, avr-libc) and the link table, and writes them; with --check it compares
// instead (*.check.ts). A word (`link-table`) builds only what has it in its name.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeLists } from '../scripts/build-targets.mjs';

// A new part is in the list before its images are built, and they after.
writeLists();
const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
const names = process.argv.slice(2).filter((argument) => argument !== '--check');
const { status } = spawnSync(process.execPath, [vitest, 'run', '--config', 'kernels/vitest.config.ts', ...names], {
  cwd: join(dirname(fileURLToPath(import.meta.url)), '..'),
  stdio: 'inherit',
  env: { ...process.env, BNM_WRITE_KERNELS: process.argv.includes('--check') ? '' : '1' },
});
writeLists();
process.exit(status ?? 1);

// Builds the prebuilt kernel images of src/targets/prebuilt with the cross compilers (Debian: gcc-riscv64-unknown-elf,
// gcc-arm-none-eabi, gcc-avr, avr-libc). The test that checks them writes them here.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { status } = spawnSync('npx', ['vitest', 'run', 'test/targets/kernel-images.test.ts', '--update'], {
  cwd: join(dirname(fileURLToPath(import.meta.url)), '..'),
  stdio: 'inherit',
  shell: process.platform === 'win32',
  env: { ...process.env, CI: '', BNM_WRITE_KERNELS: '1' },
});
process.exit(status ?? 1);

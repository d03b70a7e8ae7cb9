// What the tests can use besides Node and a C compiler: each is asked for where it is needed, and CI installs all.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Debian packages and the program or folder by which one sees that they are there. */
export const SYSTEM_PACKAGES = [
  ['build-essential', 'cc'],
  ['gcc-riscv64-unknown-elf', 'riscv64-unknown-elf-gcc'],
  ['gcc-arm-none-eabi', 'arm-none-eabi-gcc'],
  ['gcc-avr', 'avr-gcc'],
  ['avr-libc', '/usr/lib/avr/include/avr/pgmspace.h'],
  ['qemu-user', 'qemu-riscv32'],
  ['qemu-system-arm', 'qemu-system-arm'],
  ['qemu-system-misc', 'qemu-system-riscv32'],
  ['cmake', 'cmake'],
  ['cppcheck', 'cppcheck'],
  ['doxygen', 'doxygen'],
  ['gcc-xtensa-lx106', 'xtensa-lx106-elf-gcc'],
  ['redis-server', 'redis-server'],
  ['python3-pip', 'pip3'],
  ['espeak-ng', 'espeak-ng'],
  ['dataset-fashion-mnist', '/usr/share/datasets/fashion-mnist'],
];

/** Whether there is a program of this name on PATH, or this file. */
export function isPresent(probe) {
  if (probe.startsWith('/')) return existsSync(probe);
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, probe)));
}

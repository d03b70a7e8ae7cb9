// The simulator core compiled by the host's C compiler, under the sanitizers: random programs and random bytes end as they do in
// WebAssembly, with and without a profile, and never touch memory that is not theirs.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileHostProgram, runProgram } from '../../src/internal/node.js';
import { configurationWords, createMachine } from '../../src/sim/create-machine.js';
import { programFromBytes } from '../../src/sim/program.js';
import type { Run } from '../../src/sim/run.js';
import { TARGETS, type Target } from '../../src/sim/targets.js';
import { missingHostCompiler, SANITIZERS, skipWhere } from '../host-compiler.js';
import { C_EBREAK } from './encode.js';
import { Random } from './random.js';
import { RV32IMAC } from './random-instructions.js';
import { randomProgram } from './random-program.js';

const simulator = join(import.meta.dirname, '..', '..', 'simulator');
const REGISTERS = 32;
const RESULT_WORDS = 8 + REGISTERS + 1;
const BUDGET = 50_000;
const KIB = 1024;
const TARGET: Target = {
  ...TARGETS.ch32v002,
  flash: { ...TARGETS.ch32v002.flash, size: 24 * KIB },
  ram: { base: 0x2000_0000, size: 16 * KIB },
};
/** The same memories around a core with every instruction, and without a model of fetches. */
const FULL: Target = {
  ...TARGET,
  flash: { ...TARGET.flash, waitStates: 0 },
  core: {
    kind: 'riscv',
    registers: 32,
    multiply: 'full',
    atomics: true,
    timing: { multiply: 1, divide: 9, load: 2, store: 1, jump: 3 },
  },
};
const STOPS = ['limit', 'exit', 'ecall', 'returned', 'wait'];
const TRAPS = [
  'illegal-instruction',
  'load-misaligned',
  'store-misaligned',
  'load-fault',
  'store-fault',
  'fetch-fault',
];

const targetOf = (index: number) => (index % 4 < 2 ? TARGET : FULL);

/** A flash image, filled up with 0xff. */
function flashOf(code: Uint16Array): Uint8Array {
  const flash = new Uint8Array(TARGET.flash.size).fill(0xff);
  flash.set(new Uint8Array(code.buffer, 0, Math.min(code.byteLength, flash.length)));
  return flash;
}

function request(target: Target, flash: Uint8Array, profile: boolean): Uint8Array {
  const { flash: f, ram } = target;
  const words = [...configurationWords(target, profile), f.base, ram.base + ram.size, BUDGET];
  return Buffer.concat([new Uint8Array(Uint32Array.from(words).buffer), flash]);
}

function hashOf(bytes: Uint8Array): number {
  return bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 16777619) >>> 0, 2166136261);
}

/** How a run ended, as the native program reports it. */
function reasonOf({ stop }: Run): number {
  return stop.kind === 'trap' ? 5 + TRAPS.indexOf(stop.trap.cause) : STOPS.indexOf(stop.kind);
}

describe.skipIf(skipWhere(missingHostCompiler))('simulator core on the host', () => {
  it('ends every program as WebAssembly does', { timeout: 120_000 }, async () => {
    const cores = readdirSync(join(simulator, 'src')).filter((name) => name.endsWith('.c') && name !== 'wasm_api.c');
    const native = await compileHostProgram({
      sources: [join(simulator, 'native', 'main.c'), ...cores.map((name) => join(simulator, 'src', name))],
      include: [join(simulator, 'src')],
      flags: [...SANITIZERS, '-std=c11', '-O1'],
    });
    const random = new Random(99);
    const data = { base: TARGET.ram.base, size: TARGET.ram.size };
    const images = Array.from({ length: 120 }, (_, i) => {
      if (i % 3 === 0) {
        const instructions = targetOf(i) === FULL ? RV32IMAC : undefined;
        return flashOf(Uint16Array.from([...randomProgram(i, 3000, data, instructions), C_EBREAK]));
      }
      // Random halfwords are mostly compressed instructions; a few programs of zeros and ones besides.
      return flashOf(Uint16Array.from({ length: TARGET.flash.size / 2 }, () => random.next() & 0xffff));
    });
    const cases = images.map((flash, i) => ({ target: targetOf(i), flash, profile: i % 2 === 0 }));
    const output = await runProgram(
      native,
      Buffer.concat(cases.map(({ target, flash, profile }) => request(target, flash, profile))),
    );
    const results = new Uint32Array(output.buffer.slice(output.byteOffset, output.byteOffset + output.length));
    expect(results.length).toBe(RESULT_WORDS * cases.length);

    const reasons = new Set<number>();
    for (const [i, { target, flash, profile }] of cases.entries()) {
      const machine = await createMachine(target, {
        profile,
        peripherals: { read: () => undefined, write: () => false, output: () => new Uint8Array(), reset() {} },
      });
      machine.load(programFromBytes(flash, TARGET.flash.base));
      const run = machine.runFromEntry({ maxInstructions: BUDGET });
      const [stop, , pc, cycles, , instructions, , , ...rest] = results.subarray(RESULT_WORDS * i);
      // The host side of ecall is not the core's.
      if (stop === STOPS.indexOf('ecall')) continue;
      expect([reasonOf(run), machine.pc, run.cycles, run.instructions], `case ${i}`).toEqual([
        stop,
        pc,
        cycles,
        instructions,
      ]);
      const registers = target.core.registers;
      expect([...machine.registers()], `case ${i}`).toEqual(rest.slice(0, registers));
      expect(hashOf(machine.read(TARGET.ram.base, TARGET.ram.size)), `case ${i}`).toBe(rest[REGISTERS]);
      reasons.add(stop!);
    }
    expect(reasons.size).toBeGreaterThan(3);
  });
});

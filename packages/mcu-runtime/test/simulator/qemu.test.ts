// Differential test against QEMU: the same random programs leave the same registers and memory.
// BNM_RANDOM_INSTRUCTIONS sets how many instructions are executed (`npm run test:differential`: 10 million).
import { describe, expect, it } from 'vitest';
import { createMachine } from '../../src/sim/machine.js';
import { programFromBytes } from '../../src/sim/program.js';
import type { Target } from '../../src/sim/targets.js';
import { C_EBREAK } from './encode.js';
import { hasQemu, QEMU, runInQemu } from './qemu.js';
import { Random, randomProgram } from './random-program.js';

const WANTED = Number(process.env.BNM_RANDOM_INSTRUCTIONS ?? 300_000);
const FIRST_SEED = Number(process.env.BNM_RANDOM_SEED ?? 1);
const KIB = 1024;
const CODE_HALFWORDS = 60_000;

/** A part that does not exist, with room for long programs. */
const TARGET: Target = {
  name: 'differential',
  description: 'large memories for random programs',
  core: { kind: 'riscv', multiplier: true, mulCycles: 1 },
  clockHz: 48_000_000,
  flash: { base: 0x0800_0000, size: 256 * KIB, waitStates: 2 },
  ram: { base: 0x2000_0000, size: 256 * KIB },
  compiler: { instructionSet: [] },
};
const DATA = { base: TARGET.ram.base, size: 32 * KIB };
/** Code in RAM stands behind the data and the page that receives QEMU's registers. */
const RAM_CODE = TARGET.ram.base + 64 * KIB;

const qemu = hasQemu();
if (!qemu)
  console.warn(`${QEMU} is not installed (Debian: qemu-user): the differential test of the simulator is skipped`);

describe('simulator against QEMU', () => {
  it.runIf(process.env.CI === 'true')('QEMU is there in CI', () => {
    expect(qemu, `${QEMU} must be installed where CI=true`).toBe(true);
  });

  it.skipIf(!qemu)(
    `${WANTED} random instructions leave equal registers and memory`,
    { timeout: 60_000 + WANTED / 10 },
    async () => {
      const machine = await createMachine(TARGET);
      let executed = 0;
      for (let seed = FIRST_SEED; executed < WANTED; seed++) {
        const code = randomProgram(seed, CODE_HALFWORDS, DATA);
        const contents = new Uint8Array(DATA.size);
        const random = new Random(~seed);
        for (let i = 0; i < contents.length; i++) contents[i] = random.next();
        const address = seed % 2 === 0 ? TARGET.flash.base : RAM_CODE;

        const ended = Uint16Array.from([...code, C_EBREAK]);
        machine.load(programFromBytes(new Uint8Array(ended.buffer), address));
        machine.write(DATA.base, contents);
        const run = machine.runFromEntry({ maxInstructions: 50_000_000 });
        expect(run.stop.kind, `seed ${seed}: ${JSON.stringify(run.stop)}`).toBe('exit');
        expect(machine.pc - address, `seed ${seed}: end of the program`).toBe(2 * code.length);

        const wanted = runInQemu(code, address, DATA, contents);
        expect([...machine.registers()], `seed ${seed}: registers`).toEqual([...wanted.registers]);
        expect(Buffer.compare(machine.read(DATA.base, DATA.size), wanted.memory), `seed ${seed}: memory`).toBe(0);
        executed += run.instructions;
      }
      console.log(`${executed} instructions`);
    },
  );
});

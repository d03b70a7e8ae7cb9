// Differential test against QEMU: the same random programs leave the same registers and memory.
// BNM_RANDOM_INSTRUCTIONS sets how many instructions are executed (`npm run test:differential`: 10 million for each core).
import { appendFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createMachine } from '../../src/sim/create-machine.js';
import { programFromBytes } from '../../src/sim/program.js';
import type { Run } from '../../src/sim/run.js';
import type { Target } from '../../src/sim/targets.js';
import { QINGKE_V2C } from '../../src/targets/ch32v00x.js';
import { C_EBREAK } from './encode.js';
import { hasQemu, QEMU, runInQemu } from './qemu.js';
import { Random } from './random.js';
import { type Instructions, RV32EC_ZMMUL, RV32IMAC, RV32IMAC_B } from './random-instructions.js';
import { randomProgram, spareRegister } from './random-program.js';

const WANTED = Number(process.env.BNM_RANDOM_INSTRUCTIONS ?? 300_000);
const FIRST_SEED = Number(process.env.BNM_RANDOM_SEED ?? 1);
/** Where the long form records what it did: a line of JSON for each core. */
const RECORD = process.env.BNM_RANDOM_RECORD;
const KIB = 1024;
const CODE_HALFWORDS = 60_000;

/** A part that does not exist, with room for long programs. */
const PART: Target = {
  name: 'differential',
  description: 'large memories for random programs',
  core: QINGKE_V2C,
  clockHz: 48_000_000,
  flash: { base: 0x0800_0000, size: 256 * KIB, waitStates: 2 },
  ram: { base: 0x2000_0000, size: 256 * KIB },
  compiler: { instructionSet: [] },
};
const FULL: Target = {
  ...PART,
  flash: { ...PART.flash, waitStates: 0 },
  core: {
    kind: 'riscv',
    registers: 32,
    multiply: 'full',
    atomics: true,
    timing: { multiply: 1, divide: 9, load: 2, store: 2, jump: 3 },
  },
};
const WITH_BITS: Target = { ...FULL, core: { ...FULL.core, bitManipulation: true } };
const DATA = { base: PART.ram.base, size: 32 * KIB };
/** Code in RAM stands behind the data and the page that receives QEMU's registers. */
const RAM_CODE = PART.ram.base + 64 * KIB;

const qemu = hasQemu();
if (!qemu)
  console.warn(`${QEMU} is not installed (Debian: qemu-user): the differential test of the simulator is skipped`);

/** How many executed instructions were divisions, and how many atomic. */
function countNew(code: Uint16Array, address: number, { profile }: Run): { divisions: number; atomics: number } {
  const counts = { divisions: 0, atomics: 0 };
  for (const { pc, executions } of profile!.addresses) {
    const at = (pc - address) / 2;
    const word = (code[at] ?? 0) | ((code[at + 1] ?? 0) << 16);
    if ((word & 0x7f) === 0x2f) counts.atomics += executions;
    if ((word & 0xfe00_407f) === 0x0200_4033) counts.divisions += executions;
  }
  return counts;
}

const CORES: readonly (readonly [string, Target, Instructions])[] = [
  ['RV32EC and Zmmul', PART, RV32EC_ZMMUL],
  ['RV32IMAC', FULL, RV32IMAC],
  ['RV32IMAC with Zba, Zbb and Zbs', WITH_BITS, RV32IMAC_B],
];

describe.each(CORES)('%s against QEMU', (name, target, instructions) => {
  it.runIf(process.env.CI === 'true')('QEMU is there in CI', () => {
    expect(qemu, `${QEMU} must be installed where CI=true`).toBe(true);
  });

  it.skipIf(!qemu)(
    `${WANTED} random instructions leave equal registers and memory`,
    { timeout: 60_000 + WANTED / 10 },
    async () => {
      const machine = await createMachine(target, { profile: instructions.divisions });
      const started = Date.now();
      const total = { programs: 0, instructions: 0, divisions: 0, atomics: 0 };
      for (let seed = FIRST_SEED; total.instructions < WANTED; seed++) {
        const code = randomProgram(seed, CODE_HALFWORDS, DATA, instructions);
        const contents = new Uint8Array(DATA.size);
        const random = new Random(~seed);
        for (let i = 0; i < contents.length; i++) contents[i] = random.next();
        const address = seed % 2 === 0 ? target.flash.base : RAM_CODE;

        const ended = Uint16Array.from([...code, C_EBREAK]);
        machine.load(programFromBytes(new Uint8Array(ended.buffer), address));
        machine.write(DATA.base, contents);
        const run = machine.runFromEntry({ maxInstructions: 50_000_000 });
        expect(run.stop.kind, `seed ${seed}: ${JSON.stringify(run.stop)}`).toBe('exit');
        expect(machine.pc - address, `seed ${seed}: end of the program`).toBe(2 * code.length);

        const spare = spareRegister(seed, instructions);
        const wanted = runInQemu(code, address, DATA, contents, spare);
        const compared = [...machine.registers().keys()].filter((register) => register !== spare);
        const of = (registers: Uint32Array) => compared.map((register) => registers[register]);
        expect(of(machine.registers()), `seed ${seed}: registers`).toEqual(of(wanted.registers));
        expect(Buffer.compare(machine.read(DATA.base, DATA.size), wanted.memory), `seed ${seed}: memory`).toBe(0);
        total.programs++;
        total.instructions += run.instructions;
        if (instructions.divisions) {
          const { divisions, atomics } = countNew(code, address, run);
          total.divisions += divisions;
          total.atomics += atomics;
        }
      }
      console.log(`${name}: ${JSON.stringify(total)}`);
      if (instructions.divisions) expect(Math.min(total.divisions, total.atomics)).toBeGreaterThan(WANTED / 50);
      const seconds = (Date.now() - started) / 1000;
      if (RECORD !== undefined)
        appendFileSync(RECORD, `${JSON.stringify({ name, ...total, different: 0, seconds })}\n`);
    },
  );
});

// What RV32IMAC adds to RV32EC: division, atomic operations, 32 registers, and a core without a model of fetches. Worked out by hand.
import { describe, expect, it } from 'vitest';
import { createMachine } from '../../src/sim/create-machine.js';
import { programFromBytes } from '../../src/sim/program.js';
import { TARGETS, type Target } from '../../src/sim/targets.js';
import * as rv from './encode.js';

const long = (word: number) => [word & 0xffff, word >>> 16];
const [A0, A1, A2, A7, X31] = [10, 11, 12, 17, 31];
const { flash, ram } = TARGETS.ch32v003;
const TARGET: Target = {
  ...TARGETS.ch32v003,
  flash: { ...flash, waitStates: 0 },
  core: {
    kind: 'riscv',
    registers: 32,
    multiply: 'full',
    atomics: true,
    timing: { multiply: 1, divide: 17, load: 2, store: 2, jump: 3 },
  },
};
const RETURN = rv.cJr(1);

async function run(code: readonly number[], args: readonly number[], target = TARGET) {
  const machine = await createMachine(target);
  machine.load(programFromBytes(new Uint8Array(Uint16Array.from(code).buffer), flash.base));
  const { stop, cycles } = machine.call(flash.base, args);
  return { machine, stop, cycles };
}

/** Source: RISC-V unprivileged specification, table 7.1. */
const LEAST = -0x8000_0000;
const DIVISIONS: readonly [name: string, funct3: number, a: number, b: number, result: number][] = [
  ['div truncates towards 0', 4, -7, 2, -3],
  ['div by 0', 4, 5, 0, -1],
  ['div overflows', 4, LEAST, -1, LEAST],
  ['divu', 5, -2, 3, 0x5555_5554],
  ['divu by 0', 5, 5, 0, -1],
  ['rem has the sign of the dividend', 6, -7, 2, -1],
  ['rem by 0', 6, -5, 0, -5],
  ['rem of the overflow', 6, LEAST, -1, 0],
  ['remu', 7, -1, 10, 5],
  ['remu by 0', 7, -5, 0, -5],
];
it.each(DIVISIONS)('%s', async (_, funct3, a, b, result) => {
  const { stop, cycles } = await run([...long(rv.rType(1, A1, A0, funct3, A0)), RETURN], [a, b]);
  expect(stop).toEqual({ kind: 'returned', value: result });
  // The division, and a jump that leaves the machine.
  expect(cycles).toBe(17 + 1);
});

describe('atomic operations', () => {
  const WORD = ram.base + 64;
  const AMOS: readonly [name: string, funct5: number, before: number, operand: number, after: number][] = [
    ['amoadd.w', 0x00, 0x7fff_ffff, 1, LEAST],
    ['amoswap.w', 0x01, 1, 2, 2],
    ['amoxor.w', 0x04, 0b1100, 0b1010, 0b0110],
    ['amoor.w', 0x08, 0b1100, 0b1010, 0b1110],
    ['amoand.w', 0x0c, 0b1100, 0b1010, 0b1000],
    ['amomin.w', 0x10, -1, 1, -1],
    ['amomax.w', 0x14, -1, 1, 1],
    ['amominu.w', 0x18, -1, 1, 1],
    ['amomaxu.w', 0x1c, -1, 1, -1],
  ];
  it.each(AMOS)('%s gives the old value and writes the new one', async (_, funct5, before, operand, after) => {
    const code = [rv.cSw(A2, A0, 0), ...long(rv.atomic(funct5, 3, A1, A0, A0)), RETURN];
    const { machine, stop, cycles } = await run(code, [WORD, operand, before]);
    expect(stop).toEqual({ kind: 'returned', value: before });
    expect(new Int32Array(machine.read(WORD, 4).buffer)[0]).toBe(after);
    expect(cycles).toBe(2 + (2 + 2) + 1);
  });

  const lr = long(rv.atomic(2, 0, 0, A0, A2));
  const sc = (address: number, rd: number) => long(rv.atomic(3, 0, A1, address, rd));

  it('sc.w stores what lr.w reserved, once', async () => {
    const once = await run([...lr, ...sc(A0, A0), RETURN], [WORD, 7]);
    expect(once.stop).toEqual({ kind: 'returned', value: 0 });
    expect(once.machine.read(WORD, 1)[0]).toBe(7);
    const twice = await run([...lr, ...sc(A0, A2), ...sc(A0, A0), RETURN], [WORD, 7]);
    expect(twice.stop).toEqual({ kind: 'returned', value: 1 });
  });

  it('sc.w fails without a reservation, and elsewhere', async () => {
    expect((await run([...sc(A0, A0), RETURN], [WORD, 7])).stop).toEqual({ kind: 'returned', value: 1 });
    const elsewhere = [...lr, ...long(rv.addi(A0, A0, 4)), ...sc(A0, A0), RETURN];
    const { machine, stop } = await run(elsewhere, [WORD, 7]);
    expect(stop).toEqual({ kind: 'returned', value: 1 });
    expect([...machine.read(WORD, 8)]).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('is an error where the address is no word, or not in RAM', async () => {
    const cause = async (code: readonly number[], address: number) => {
      const { stop } = await run(code, [address]);
      return stop.kind === 'trap' ? stop.trap.cause : stop.kind;
    };
    const add = long(rv.atomic(0, 0, A1, A0, A2));
    expect(await cause(lr, WORD + 2)).toBe('load-misaligned');
    expect(await cause(add, WORD + 2)).toBe('store-misaligned');
    expect(await cause(lr, flash.base)).toBe('load-fault');
    expect(await cause(add, flash.base)).toBe('store-fault');
    expect(await cause(sc(A0, A2), 0x4000_0000)).toBe('store-fault');
  });
});

it('has x16 to x31, and takes the number of an ecall from a7', async () => {
  const code = [
    ...long(rv.addi(X31, A0, 5)),
    ...long(rv.addi(A0, X31, 1)),
    ...long(rv.addi(A7, 0, 93)),
    ...long(rv.ECALL),
  ];
  expect((await run(code, [1])).stop).toEqual({ kind: 'exit', code: 7 });
});

it('does not have on a smaller core what that lacks', async () => {
  const smaller: Target = { ...TARGET, core: { ...TARGET.core, multiply: 'products', atomics: false } };
  for (const word of [rv.rType(1, A1, A0, 4, A0), rv.atomic(0, 0, A1, A0, A2)]) {
    const { stop } = await run(long(word), [ram.base, 1], smaller);
    expect(stop).toMatchObject({ kind: 'trap', trap: { cause: 'illegal-instruction', value: word } });
  }
});

it('takes a stated number of cycles for a jump where fetches are not modelled, wherever it goes', async () => {
  // addi a0, a0, -1; bnez a0, back: 1 + 3 cycles a round, 1 + 1 in the last one; then a jump out.
  const code = [rv.cAddi(A0, -1), rv.cBnez(A0, -2), RETURN];
  expect((await run(code, [10])).cycles).toBe(9 * 4 + 2 + 1);
});

/** Source: RISC-V bit manipulation extensions 1.0.0, chapter 2. */
const BITS: readonly [name: string, word: number, a: number, b: number, result: number][] = [
  ['sh2add', rv.rType(0x10, A1, A0, 4, A0), 3, 100, 112],
  ['andn', rv.rType(0x20, A1, A0, 7, A0), 0b1111, 0b0101, 0b1010],
  ['min is of signed numbers', rv.rType(0x05, A1, A0, 4, A0), -3, 2, -3],
  ['maxu is of unsigned ones', rv.rType(0x05, A1, A0, 7, A0), -3, 2, -3],
  ['rol', rv.rType(0x30, A1, A0, 1, A0), LEAST, 1, 1],
  ['bext', rv.rType(0x24, A1, A0, 5, A0), 0b1000, 3, 1],
  ['bseti', rv.iType((0x14 << 5) | 31, A0, 1, A0, 0x13), 0, 0, LEAST],
  ['clz of 0', rv.iType(0x30 << 5, A0, 1, A0, 0x13), 0, 0, 32],
  ['cpop', rv.iType((0x30 << 5) | 2, A0, 1, A0, 0x13), 0xff01, 0, 9],
  ['sext.b', rv.iType((0x30 << 5) | 4, A0, 1, A0, 0x13), 0x180, 0, -128],
  ['orc.b', rv.iType((0x14 << 5) | 7, A0, 5, A0, 0x13), 0x0100_2000, 0, 0xff00_ff00 | 0],
  ['rev8', rv.iType((0x34 << 5) | 24, A0, 5, A0, 0x13), 0x0102_0304, 0, 0x0403_0201],
];
it.each(BITS)('%s, where the core has it', async (_, word, a, b, result) => {
  const code = [...long(word), RETURN];
  const withBits: Target = { ...TARGET, core: { ...TARGET.core, bitManipulation: true } };
  const { stop, cycles } = await run(code, [a, b], withBits);
  expect(stop).toEqual({ kind: 'returned', value: result });
  expect(cycles).toBe(1 + 1);
  expect((await run(code, [a, b])).stop).toMatchObject({ trap: { cause: 'illegal-instruction', value: word } });
});

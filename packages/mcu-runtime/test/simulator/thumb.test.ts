// The Armv7-M core, instruction by instruction: machine code by GNU as, results worked out by hand from the reference manual (ARM DDI 0403E).
// Whole kernels are compared with the reference in ../targets/conformance.test.ts, and in QEMU by the exporter's tests.
import { describe, expect, it } from 'vitest';
import { ThumbCore } from '../../src/sim/thumb/core.js';
import { createThumbMemory } from '../../src/sim/thumb/memory.js';
import { LR, SP, ThumbFault } from '../../src/sim/thumb/state.js';
import { CORTEX_M4_TIMING } from '../../src/targets/cortex-m-timing.js';

const FLASH = 0x0800_0000;
const RAM = 0x2000_0000;
const BACK = RAM + 0xf00;
const BX_LR = 0x4770;

function run(code: readonly number[], args: readonly number[], { dsp = true, words = [] as readonly number[] } = {}) {
  const flash = { base: FLASH, bytes: new Uint8Array(Uint16Array.from([...code, BX_LR]).buffer) };
  const ram = { base: RAM, bytes: new Uint8Array(0x1000) };
  new Int32Array(ram.bytes.buffer).set(words);
  const core = new ThumbCore(createThumbMemory({ flash, ram }), { dsp, timing: CORTEX_M4_TIMING });
  const { r } = core.state;
  args.forEach((value, i) => {
    r[i] = value;
  });
  r[LR] = BACK | 1;
  r[SP] = RAM + 0x800;
  core.pc = FLASH;
  let cycles = 0;
  while (core.pc !== BACK) cycles += core.step();
  return { r, cycles, ram: new Int32Array(ram.bytes.buffer), state: core.state };
}

/** A pair of halfwords. */
const pair = (top: number, bottom: number) => (top << 16) | (bottom & 0xffff);

const RESULTS: readonly [name: string, code: readonly number[], args: readonly number[], result: number][] = [
  ['smlad: 3·(−5) + (−2)·7 + 100', [0xfb20, 0x2001], [pair(-2, 3), pair(7, -5), 100], 71],
  ['smladx: 3·7 + (−2)·(−5) + 100', [0xfb20, 0x2011], [pair(-2, 3), pair(7, -5), 100], 131],
  ['smlabt: bottom 3 times top 7', [0xfb10, 0x2011], [pair(-2, 3), pair(7, -5), 100], 121],
  ['smulwb: −65536·3 / 65536', [0xfb30, 0xf001], [-65_536, pair(9, 3)], -3],
  ['smuad: 3·(−5) + (−2)·7', [0xfb20, 0xf001], [pair(-2, 3), pair(7, -5)], -29],
  ['smlatt: top −2 times top 7, and 100', [0xfb10, 0x2031], [pair(-2, 3), pair(7, -5), 100], 86],
  ['smmulr rounds halves up: −5·2³¹ / 2³²', [0xfb50, 0xf011], [-10, 2 ** 30], -2],
  ['smmul does not round: −5·2³¹ / 2³²', [0xfb50, 0xf001], [-10, 2 ** 30], -3],
  ['smmul: −2³⁰·8 / 2³²', [0xfb50, 0xf001], [-(2 ** 30), 8], -2],
  ['mls: 100 − 6·7', [0xfb00, 0x2011], [6, 7, 100], 58],
  ['sdiv truncates towards 0', [0xfb90, 0xf0f1], [-7, 2], -3],
  ['sdiv by 0', [0xfb90, 0xf0f1], [5, 0], 0],
  ['udiv', [0xfbb0, 0xf0f1], [-2, 3], 0x5555_5554],
  ['ssat #8, asr #4: 0x7ff0 / 16 is above 127', [0xf320, 0x1007], [0x7ff0], 127],
  ['ssat #8, asr #4: −4096 / 16 is below −128', [0xf320, 0x1007], [-4096], -128],
  ['usat #7: −1', [0xf380, 0x0007], [-1], 0],
  ['sbfx #4, #8', [0xf340, 0x1007], [0xf80], -8],
  ['ubfx #4, #8', [0xf3c0, 0x1007], [0xf80], 0xf8],
  ['bfi #8, #4', [0xf361, 0x200b], [-1, 0x35], 0xffff_f5ff | 0],
  ['bfc #4, #8', [0xf36f, 0x100b], [0xffff], 0xf00f],
  ['clz', [0xfab0, 0xf080], [0x00ff_0000], 8],
  ['rbit', [0xfa90, 0xf0a0], [0x1], -(2 ** 31)],
  ['rev', [0xba00], [0x0102_0304], 0x0403_0201],
  ['sxtab, ror #8', [0xfa41, 0xf090], [0x80_00, 1000], 872],
  ['sxtb16, ror #8: bytes 1 and 3', [0xfa2f, 0xf090], [0x80_34_f0_78 | 0], pair(-128, -16)],
  ['uxtb16', [0xfa3f, 0xf080], [0x1234_5678], 0x0034_0078],
  ['pkhbt, lsl #16', [0xeac0, 0x4001], [0x1111_2222, 0x3333_4444], 0x4444_2222],
  ['pkhtb, asr #16', [0xeac0, 0x4021], [0x1111_2222, 0x3333_4444], 0x1111_3333],
  ['mvn of a repeated constant', [0xf06f, 0x20ff], [0], 0x00ff_00ff],
  ['orn', [0xea60, 0x0001], [0b0001, -4], 0b0011],
  ['rsb, lsl #2', [0xebc0, 0x0081], [1, 5], 19],
  ['movw and movt', [0xf248, 0x0001, 0xf2c1, 0x2034], [0], 0x1234_8001],
  // cmp r0, r1 without a borrow sets the carry.
  ['rrx after cmp', [0x4288, 0xea4f, 0x0030], [3, 1], (2 ** 31 + 1) | 0],
  ['sbc after cmp with a borrow', [0x42_81, 0xeb60, 0x0001], [3, 1], 1],
  ['it: greater', [0x4288, 0xbfcc, 0x1a40, 0x2007], [9, 4], 5],
  ['it: not greater', [0x4288, 0xbfcc, 0x1a40, 0x2007], [-9, 4], 7],
  ['tbb: first entry', [0xe8df, 0xf000, 0x0301, 0x200b, BX_LR, 0x2016], [0], 11],
  ['tbb: second entry', [0xe8df, 0xf000, 0x0301, 0x200b, BX_LR, 0x2016], [1], 22],
  ['cbnz taken', [0xb900, 0x2005], [9], 9],
  ['cbnz not taken', [0xb900, 0x2005], [0], 5],
];

describe('instructions', () => {
  it.each(RESULTS)('%s', (_, code, args, result) => {
    expect(run(code, args).r[0]).toBe(result);
  });

  it('products of 64 bits', () => {
    const smull = run([0xfb80, 0x0101], [-3, 2 ** 30]).r;
    expect([smull[0], smull[1]]).toEqual([2 ** 30, -1]);
    // r1 : r0 = 0xffffffff · 0xffffffff + (0xffffffff : 1)
    const umlal = run([0xfbe1, 0x0102], [1, -1, -1]).r;
    expect([umlal[0], umlal[1]]).toEqual([2, -3]);
    // 3·3 + (−2)·(−2), twice the same pair.
    const smlald = run([0xfbc2, 0x01c2], [-1, 0, pair(-2, 3)]).r;
    expect([smlald[0], smlald[1]]).toEqual([12, 1]);
  });

  it('say by Q what did not fit', () => {
    expect(run([0xf380, 0x0007], [128]).state.q).toBe(true);
    expect(run([0xf380, 0x0007], [127]).state.q).toBe(false);
    expect(run([0xfb20, 0x2001], [pair(1, 1), pair(1, 1), 2 ** 31 - 1]).state.q).toBe(true);
  });

  it('move registers in pairs, with an index before and after', () => {
    // push {r4, lr}; ldrd r2, r3, [r0], #8; ldr r4, [r0, #-8]!; strd r3, r2, [r0]; pop {r4, pc}
    const { r, ram } = run([0xb510, 0xe8f0, 0x2302, 0xf850, 0x4d08, 0xe9c0, 0x3200, 0xbd10], [RAM], { words: [5, 6] });
    expect([r[0], r[2], r[3], r[4], r[SP]]).toEqual([RAM, 5, 6, 0, RAM + 0x800]);
    expect([ram[0], ram[1]]).toEqual([6, 5]);
  });

  it('read bytes with their sign at scaled indices, words at any address, and store downwards', () => {
    expect(run([0xf910, 0x0011], [RAM, 1], { words: [0x0080_0000] }).r[0]).toBe(-128);
    expect(run([0xf8d0, 0x0001], [RAM], { words: [0x0403_0201, 0x05] }).r[0]).toBe(0x0504_0302);
    const { r, ram } = run([0xe920, 0x0006], [RAM + 8, 7, 8]);
    expect([r[0], ram[0], ram[1]]).toEqual([RAM, 7, 8]);
  });
});

it('takes the cycles of the table: loads in a row 2 and 1, a taken branch 1 + 2', () => {
  // ldr r2, [r0], #4; ldr r3, [r0], #4; subs r1, #1; bne back: the second load waits for the first one's address register, not for its value.
  const loop = [0xf850, 0x2b04, 0xf850, 0x3b04, 0x3901, 0xd1f9];
  const rounds = (count: number) => run(loop, [RAM, count]).cycles;
  expect(rounds(11) - rounds(10)).toBe(2 + 1 + 1 + 3);
  // A load whose address the load before gives waits for it: ldr r0, [r0]; ldr r0, [r0]; bx lr.
  expect(run([0x6800, 0x6800], [RAM], { words: [RAM] }).cycles).toBe(2 + 2 + 3);
  // ldr r1, [r0]; ldr r0, [r0]; bx lr.
  expect(run([0x6801, 0x6800], [RAM], { words: [RAM] }).cycles).toBe(2 + 1 + 3);
});

it('takes one cycle more for each further access of an unaligned one', () => {
  // ldr r0, [r0]; bx lr and ldrh r0, [r0]; bx lr
  const [word, halfword] = [[0x6800], [0x8800]];
  const cyclesAt = (code: readonly number[], offset: number) => run(code, [RAM + offset]).cycles;
  expect([0, 1, 2, 3].map((offset) => cyclesAt(word, offset) - cyclesAt(word, 0))).toEqual([0, 2, 1, 2]);
  expect([0, 1, 2, 3].map((offset) => cyclesAt(halfword, offset) - cyclesAt(word, 0))).toEqual([0, 1, 0, 1]);
  // str r1, [r0]
  expect(run([0x6001], [RAM + 2]).cycles - run([0x6001], [RAM]).cycles).toBe(1);
});

describe('faults', () => {
  it.each([
    ['a product of pairs on a core without DSP', [0xfb20, 0x2001], [0, 0, 0], { dsp: false }],
    ['udf', [0xde00], [], {}],
    ['a load where nothing is', [0x6800], [0x3000_0000], {}],
    // ldrd r2, r3, [r0]
    ['several registers from an address that is no multiple of 4', [0xe9d0, 0x2300], [RAM + 2], {}],
    ['a store to flash', [0x6000], [FLASH], {}],
    ['a jump to what is not Thumb', [0x4700], [FLASH], {}],
  ] as const)('%s', (_, code, args, options) => {
    expect(() => run(code, args, options)).toThrow(ThumbFault);
  });
});

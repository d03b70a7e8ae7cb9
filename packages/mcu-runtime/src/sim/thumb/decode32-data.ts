// 32-bit Thumb data processing: with a constant, a shifted register, and on registers alone.

import { reverse } from './decode16-miscellaneous.js';
import { alu, type Decoded } from './decoded.js';
import { PC, Shift, shifted, type ThumbState } from './state.js';

type Operand = (s: ThumbState) => { readonly value: number; readonly carry: boolean };

/** AND … RSB: the operation of bits 8:5, with or without flags. Rd = 15 compares, Rn = 15 moves. */
function process(h1: number, d: number, operand: Operand): Decoded | undefined {
  const n = h1 & 15;
  const setsFlags = ((h1 >> 4) & 1) === 1;
  const isComparison = d === PC && setsFlags;
  const write = (s: ThumbState, value: number) => {
    if (!isComparison) s.r[d] = value;
  };
  const logical = (run: (a: number, b: number) => number) =>
    alu(2, (s) => {
      const { value: b, carry } = operand(s);
      const value = run(s.r[n]!, b);
      write(s, value);
      if (!setsFlags) return;
      s.c = carry;
      s.setNZ(value);
    });
  const arithmetic = (run: (s: ThumbState, b: number) => readonly [number, number, number | boolean]) =>
    alu(2, (s) => {
      const [a, b, carry] = run(s, operand(s).value);
      const value = setsFlags ? s.addFlags(a, b, carry ? 1 : 0) : (a + b + Number(carry)) | 0;
      write(s, value);
    });
  switch ((h1 >> 5) & 15) {
    case 0:
      return logical((a, b) => a & b);
    case 1:
      return logical((a, b) => a & ~b);
    case 2:
      return logical(n === PC ? (_, b) => b : (a, b) => a | b);
    case 3:
      return logical(n === PC ? (_, b) => ~b : (a, b) => a | ~b);
    case 4:
      return logical((a, b) => a ^ b);
    case 8:
      return arithmetic((s, b) => [s.r[n]!, b, 0]);
    case 10:
      return arithmetic((s, b) => [s.r[n]!, b, s.c]);
    case 11:
      return arithmetic((s, b) => [s.r[n]!, ~b, s.c]);
    case 13:
      return arithmetic((s, b) => [s.r[n]!, ~b, 1]);
    case 14:
      return arithmetic((s, b) => [~s.r[n]!, b, 1]);
    default:
      return undefined;
  }
}

/** imm3:imm2 or imm3:imm8 of the second halfword. */
const imm3 = (h2: number): number => (h2 >> 12) & 7;
const shiftAmount = (h2: number): number => (imm3(h2) << 2) | ((h2 >> 6) & 3);

/** ThumbExpandImm_C. */
export function modifiedImmediate(h1: number, h2: number): Decoded | undefined {
  const imm8 = h2 & 255;
  const code = (((h1 >> 10) & 1) << 11) | (imm3(h2) << 8) | imm8;
  let operand: Operand;
  if (code >> 10 === 0) {
    const value = [imm8, imm8 | (imm8 << 16), (imm8 << 8) | (imm8 << 24), Math.imul(imm8, 0x0101_0101)][code >> 8]!;
    operand = (s) => ({ value, carry: s.c });
  } else {
    const constant = shifted(0x80 | (code & 0x7f), Shift.ROR, code >> 7, false);
    operand = () => constant;
  }
  return process(h1, (h2 >> 8) & 15, operand);
}

export function shiftedRegister(h1: number, h2: number, hasDsp: boolean): Decoded | undefined {
  const m = h2 & 15;
  const type = ((h2 >> 4) & 3) as Shift;
  const imm5 = shiftAmount(h2);
  if (((h1 >> 5) & 15) === 6) return hasDsp ? packHalfwords(h1, h2) : undefined;
  if (type === Shift.ROR && imm5 === 0) {
    return process(h1, (h2 >> 8) & 15, (s) => ({
      value: (Number(s.c) << 31) | (s.r[m]! >>> 1),
      carry: (s.r[m]! & 1) === 1,
    }));
  }
  const amount = (type === Shift.LSR || type === Shift.ASR) && imm5 === 0 ? 32 : imm5;
  return process(h1, (h2 >> 8) & 15, (s) => shifted(s.r[m]!, type, amount, s.c));
}

/** PKHBT, PKHTB. */
function packHalfwords(h1: number, h2: number): Decoded {
  const [n, d, m, imm5] = [h1 & 15, (h2 >> 8) & 15, h2 & 15, shiftAmount(h2)];
  const isTopFirst = (h2 >> 5) & 1;
  return alu(2, (s) => {
    const [a, b] = [s.r[n]!, s.r[m]!];
    s.r[d] = isTopFirst
      ? (a & ~0xffff) | ((b >> (imm5 === 0 ? 31 : imm5)) & 0xffff)
      : (a & 0xffff) | ((b << imm5) & ~0xffff);
  });
}

export function plainImmediate(h1: number, h2: number, address: number): Decoded | undefined {
  const [n, d] = [h1 & 15, (h2 >> 8) & 15];
  const imm12 = (((h1 >> 10) & 1) << 11) | (imm3(h2) << 8) | (h2 & 255);
  const imm16 = (n << 12) | imm12;
  const [lsb, low5] = [shiftAmount(h2), h2 & 31];
  const base = (s: ThumbState) => (n === PC ? (address + 4) & ~3 : s.r[n]!);
  const set = (run: (s: ThumbState) => number) =>
    alu(2, (s) => {
      s.r[d] = run(s);
    });
  switch ((h1 >> 4) & 31) {
    case 0b00000:
      return set((s) => base(s) + imm12);
    case 0b01010:
      return set((s) => base(s) - imm12);
    case 0b00100:
      return set(() => imm16);
    case 0b01100:
      return set((s) => (s.r[d]! & 0xffff) | (imm16 << 16));
    case 0b10000:
    case 0b10010:
    case 0b11000:
    case 0b11010: {
      const isArithmetic = ((h1 >> 5) & 1) === 1;
      // With no shift these two are SSAT16 and USAT16.
      if (isArithmetic && lsb === 0) return undefined;
      const isSigned = ((h1 >> 7) & 1) === 0;
      const [least, most] = isSigned ? [-(2 ** low5), 2 ** low5 - 1] : [0, 2 ** low5 - 1];
      return set((s) => {
        const value = isArithmetic ? s.r[n]! >> lsb : s.r[n]! << lsb;
        const limited = Math.max(least, Math.min(most, value));
        if (limited !== value) s.q = true;
        return limited;
      });
    }
    case 0b10100:
      return set((s) => (s.r[n]! << (31 - low5 - lsb)) >> (31 - low5));
    case 0b11100:
      return set((s) => (s.r[n]! << (31 - low5 - lsb)) >>> (31 - low5));
    case 0b10110: {
      const mask = ((2 ** (low5 - lsb + 1) - 1) << lsb) | 0;
      return set((s) => (s.r[d]! & ~mask) | (n === PC ? 0 : (s.r[n]! << lsb) & mask));
    }
    default:
      return undefined;
  }
}

/** Shifts by a register, extensions with an addition, reversals, CLZ. */
export function registerOperation(h1: number, h2: number, hasDsp: boolean): Decoded | undefined {
  const [n, d, m] = [h1 & 15, (h2 >> 8) & 15, h2 & 15];
  const op1 = (h1 >> 4) & 15;
  const set = (run: (value: number) => number) =>
    alu(2, (s) => {
      s.r[d] = run(s.r[m]!);
    });
  if (op1 < 8 && (h2 & 0xf0) === 0) {
    const type = (op1 >> 1) as Shift;
    const setsFlags = (op1 & 1) === 1;
    return alu(2, (s) => {
      const { value, carry } = shifted(s.r[n]!, type, s.r[m]! & 255, s.c);
      s.r[d] = value;
      if (!setsFlags) return;
      s.c = carry;
      s.setNZ(value);
    });
  }
  if (op1 < 6 && (h2 & 0x80) !== 0) return extended(op1, n, d, m, 8 * ((h2 >> 4) & 3), hasDsp);
  if (op1 === 9 && (h2 & 0xc0) === 0x80) {
    return [
      set(reverse),
      set((v) => ((v & 0xff00ff) << 8) | ((v >>> 8) & 0xff00ff)),
      set((v) => {
        let reversed = 0;
        for (let i = 0; i < 32; i++) reversed |= ((v >>> i) & 1) << (31 - i);
        return reversed;
      }),
      set((v) => ((v << 24) >> 16) | ((v >>> 8) & 0xff)),
    ][(h2 >> 4) & 3];
  }
  if (op1 === 11 && (h2 & 0xf0) === 0x80) return set(Math.clz32);
  return undefined;
}

/** SXTH, UXTH, SXTB16, UXTB16, SXTB, UXTB, and with DSP the same added to a register. */
function extended(
  op1: number,
  n: number,
  d: number,
  m: number,
  rotation: number,
  hasDsp: boolean,
): Decoded | undefined {
  const extend = [
    (v: number) => (v << 16) >> 16,
    (v: number) => v & 0xffff,
    (v: number) => (((v << 24) >> 24) & 0xffff) | (((v << 8) >> 24) << 16),
    (v: number) => v & 0xff00ff,
    (v: number) => (v << 24) >> 24,
    (v: number) => v & 0xff,
  ][op1]!;
  const isOfPairs = op1 === 2 || op1 === 3;
  if ((n !== PC || isOfPairs) && !hasDsp) return undefined;
  return alu(2, (s) => {
    const value = extend(rotation === 0 ? s.r[m]! : shifted(s.r[m]!, Shift.ROR, rotation, false).value);
    if (n === PC) s.r[d] = value;
    else if (isOfPairs) {
      const a = s.r[n]!;
      s.r[d] = ((a + value) & 0xffff) | (((a >>> 16) + (value >>> 16)) << 16);
    } else s.r[d] = s.r[n]! + value;
  });
}

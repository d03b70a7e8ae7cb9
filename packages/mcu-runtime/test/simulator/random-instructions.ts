// Random instructions that compute: RV32E, RV32I, C, Zmmul, M, Zba, Zbb and Zbs.
import * as rv from './encode.js';
import type { Random } from './random.js';

/** Which instructions a program is made of. */
export interface Instructions {
  readonly registers: 16 | 32;
  /** div, divu, rem, remu. */
  readonly divisions: boolean;
  /** lr.w, sc.w, and AMOs. */
  readonly atomics: boolean;
  /** Zba, Zbb and Zbs. */
  readonly bitManipulation: boolean;
}

export const RV32EC_ZMMUL: Instructions = {
  ...{ registers: 16, divisions: false, atomics: false, bitManipulation: false },
};
export const RV32IMAC: Instructions = {
  ...{ registers: 32, divisions: true, atomics: true, bitManipulation: false },
};
export const RV32IMAC_B: Instructions = { ...RV32IMAC, bitManipulation: true };

/** funct7 and funct3; RISC-V bit manipulation extensions 1.0.0, chapter 2. */
const BITS_OF_REGISTERS = [
  ...[[0x10, 2] as const, [0x10, 4] as const, [0x10, 6] as const],
  ...[[0x20, 4] as const, [0x20, 6] as const, [0x20, 7] as const],
  ...[[0x05, 4] as const, [0x05, 5] as const, [0x05, 6] as const, [0x05, 7] as const],
  ...[[0x30, 1] as const, [0x30, 5] as const, [0x04, 4] as const],
  ...[[0x24, 1] as const, [0x24, 5] as const, [0x34, 1] as const, [0x14, 1] as const],
] as const;
/** The same with a number in the place of the second register; all 32 where none are named. */
const BITS_OF_NUMBERS: readonly (readonly [funct7: number, funct3: number, numbers?: readonly number[]])[] = [
  [0x30, 1, [0, 1, 2, 4, 5]],
  [0x30, 5],
  [0x24, 1],
  [0x24, 5],
  [0x34, 1],
  [0x14, 1],
  [0x14, 5, [7]],
  [0x34, 5, [24]],
];

/** Machine code as halfwords. A long instruction is two of them. */
export type Code = number[];

export const long = (word: number): Code => [word & 0xffff, word >>> 16];

/** Values at which arithmetic has its corners, and random ones. */
export function value(random: Random): number {
  const corners = [0, 1, -1, 2, 31, 32, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0x80000001];
  return random.below(3) === 0 ? corners[random.below(corners.length)]! : random.next();
}

export function loadImmediate(rd: number, constant: number): Code {
  const high = (constant + 0x800) >>> 12;
  return [...long(rv.lui(rd, high & 0xfffff)), ...long(rv.addi(rd, rd, constant & 0xfff))];
}

/** Generates instructions that neither touch memory nor jump, and never write the registers in `kept`. */
export class InstructionGenerator {
  protected readonly random: Random;
  protected readonly instructions: Instructions;
  protected readonly kept: Set<number> = new Set();
  /** Depth of loops, whose counters are kept. */
  protected loops = 0;

  constructor(random: Random, instructions: Instructions, spare: number | undefined) {
    this.random = random;
    this.instructions = instructions;
    if (spare !== undefined) this.kept.add(spare);
  }

  protected source(): number {
    return this.random.below(this.instructions.registers);
  }

  /** A register that may be written; x0 at times. */
  protected target(): number {
    for (;;) {
      const register = this.random.below(this.instructions.registers);
      if (!this.kept.has(register)) return register;
    }
  }

  protected targetFrom(low: number): number {
    for (;;) {
      const register = this.random.between(low, this.instructions.registers - 1);
      if (!this.kept.has(register)) return register;
    }
  }

  /** One of those that most compressed instructions can name, to be written. */
  protected smallTarget(): number {
    for (;;) {
      const register = this.small();
      if (!this.kept.has(register)) return register;
    }
  }

  protected small(): number {
    return this.random.between(8, 15);
  }

  arithmetic(): Code {
    const r = this.random;
    switch (r.below(18)) {
      case 0:
        return long(rv.lui(this.target(), r.below(1 << 20)));
      case 1:
        return long(rv.auipc(this.target(), r.below(1 << 20)));
      case 2:
      case 3: {
        const funct3 = [0, 2, 3, 4, 6, 7][r.below(6)]!;
        return long(rv.iType(r.below(4096), this.source(), funct3, this.target(), 0x13));
      }
      case 4: {
        const [funct3, funct7] = [
          [1, 0],
          [5, 0],
          [5, 0x20],
        ][r.below(3)] as [number, number];
        return long(rv.iType((funct7 << 5) | r.below(32), this.source(), funct3, this.target(), 0x13));
      }
      case 5:
      case 6:
      case 7:
        return long(rv.rType(0, this.source(), this.source(), r.below(8), this.target()));
      case 8:
        return long(rv.rType(0x20, this.source(), this.source(), r.below(2) * 5, this.target()));
      case 9:
      case 10:
        return this.product();
      case 11:
        return this.loops === 0 ? loadImmediate(this.targetFrom(1), value(r)) : [rv.cAddi(0, 0)];
      default:
        return this.compressed();
    }
  }

  protected product(): Code {
    const r = this.random;
    return long(rv.rType(1, this.source(), this.source(), r.below(this.instructions.divisions ? 8 : 4), this.target()));
  }

  /** One of Zba, Zbb and Zbs. */
  bits(): Code {
    const r = this.random;
    if (r.below(2) === 0) {
      const [funct7, funct3] = BITS_OF_REGISTERS[r.below(BITS_OF_REGISTERS.length)]!;
      const isAlone = funct7 === 0x04;
      return long(rv.rType(funct7, isAlone ? 0 : this.source(), this.source(), funct3, this.target()));
    }
    const [funct7, funct3, numbers] = BITS_OF_NUMBERS[r.below(BITS_OF_NUMBERS.length)]!;
    const number = numbers === undefined ? r.below(32) : numbers[r.below(numbers.length)]!;
    return long(rv.iType((funct7 << 5) | number, this.source(), funct3, this.target(), 0x13));
  }

  compressed(): Code {
    const r = this.random;
    const imm6 = r.between(-32, 31);
    switch (r.below(13)) {
      case 0:
        return [rv.cAddi4spn(this.smallTarget(), 4 * r.between(1, 255))];
      case 1:
        return [rv.cAddi(this.target(), imm6)];
      case 2:
        return [rv.cLi(this.target(), imm6)];
      case 3: {
        const rd = this.target();
        return rd === 2 || imm6 === 0 ? [rv.cAddi(0, 0)] : [rv.cLui(rd, imm6)];
      }
      case 4: {
        const imm = 16 * r.between(-32, 31);
        return imm === 0 || this.kept.has(2) ? [rv.cAddi(0, 0)] : [rv.cAddi16sp(imm)];
      }
      case 5:
        return [rv.cShiftOrAnd(r.below(2), this.smallTarget(), r.between(1, 31))];
      case 6:
        return [rv.cShiftOrAnd(2, this.smallTarget(), imm6)];
      case 7:
      case 8:
        return [rv.cArithmetic(r.below(4), this.smallTarget(), this.small())];
      case 9:
        return [rv.cSlli(this.target(), r.between(1, 31))];
      case 10:
        return [rv.cMv(this.target(), r.between(1, this.instructions.registers - 1))];
      default:
        return [rv.cAdd(this.target(), r.between(1, this.instructions.registers - 1))];
    }
  }
}

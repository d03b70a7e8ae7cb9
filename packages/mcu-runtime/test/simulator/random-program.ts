// Random programs for the differential test: every instruction of RV32E, RV32I, C, Zmmul, M, A, Zba, Zbb and Zbs, memory accesses of all widths, forward
// branches and jumps, counted loops. A program ends by falling off its last instruction; what stands there is the caller's.
import * as rv from './encode.js';

/** Uniform integers from one seed: SplitMix32. */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  next(): number {
    this.#state = (this.#state + 0x9e3779b9) >>> 0;
    let z = this.#state;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  }

  below(n: number): number {
    return Math.floor((this.next() / 2 ** 32) * n);
  }

  between(low: number, high: number): number {
    return low + this.below(high - low + 1);
  }
}

/** Where the program's loads and stores may go: multiples of 4. */
export interface DataArea {
  readonly base: number;
  readonly size: number;
}

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

/** Register that a program sets once and leaves alone: whoever reads the others out needs one. With 16 registers there are more. */
export function spareRegister(seed: number, { registers }: Instructions): number | undefined {
  return registers === 32 ? 16 + (seed % 16) : undefined;
}

const LR = 0x02;
const SC = 0x03;
const AMOS = [0x00, 0x01, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x1c] as const;

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
type Code = number[];

const long = (word: number): Code => [word & 0xffff, word >>> 16];

/** Values at which arithmetic has its corners, and random ones. */
function value(random: Random): number {
  const corners = [0, 1, -1, 2, 31, 32, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x7fffffff, 0x80000000, 0x80000001];
  return random.below(3) === 0 ? corners[random.below(corners.length)]! : random.next();
}

function loadImmediate(rd: number, constant: number): Code {
  const high = (constant + 0x800) >>> 12;
  return [...long(rv.lui(rd, high & 0xfffff)), ...long(rv.addi(rd, rd, constant & 0xfff))];
}

/** Generates code that never writes the registers in `kept`. */
class Generator {
  readonly #random: Random;
  readonly #data: DataArea;
  readonly #instructions: Instructions;
  readonly #kept: Set<number> = new Set();
  /** Depth of loops, whose counters are kept. */
  #loops = 0;

  constructor(random: Random, data: DataArea, instructions: Instructions, spare: number | undefined) {
    this.#random = random;
    this.#data = data;
    this.#instructions = instructions;
    if (spare !== undefined) this.#kept.add(spare);
  }

  #source(): number {
    return this.#random.below(this.#instructions.registers);
  }

  /** A register that may be written; x0 at times. */
  #target(): number {
    for (;;) {
      const register = this.#random.below(this.#instructions.registers);
      if (!this.#kept.has(register)) return register;
    }
  }

  #targetFrom(low: number): number {
    for (;;) {
      const register = this.#random.between(low, this.#instructions.registers - 1);
      if (!this.#kept.has(register)) return register;
    }
  }

  /** One of those that most compressed instructions can name, to be written. */
  #smallTarget(): number {
    for (;;) {
      const register = this.#small();
      if (!this.#kept.has(register)) return register;
    }
  }

  #small(): number {
    return this.#random.between(8, 15);
  }

  arithmetic(): Code {
    const r = this.#random;
    switch (r.below(18)) {
      case 0:
        return long(rv.lui(this.#target(), r.below(1 << 20)));
      case 1:
        return long(rv.auipc(this.#target(), r.below(1 << 20)));
      case 2:
      case 3: {
        const funct3 = [0, 2, 3, 4, 6, 7][r.below(6)]!;
        return long(rv.iType(r.below(4096), this.#source(), funct3, this.#target(), 0x13));
      }
      case 4: {
        const [funct3, funct7] = [
          [1, 0],
          [5, 0],
          [5, 0x20],
        ][r.below(3)] as [number, number];
        return long(rv.iType((funct7 << 5) | r.below(32), this.#source(), funct3, this.#target(), 0x13));
      }
      case 5:
      case 6:
      case 7:
        return long(rv.rType(0, this.#source(), this.#source(), r.below(8), this.#target()));
      case 8:
        return long(rv.rType(0x20, this.#source(), this.#source(), r.below(2) * 5, this.#target()));
      case 9:
      case 10:
        return this.#product();
      case 11:
        return this.#loops === 0 ? loadImmediate(this.#targetFrom(1), value(r)) : [rv.cAddi(0, 0)];
      default:
        return this.compressed();
    }
  }

  #product(): Code {
    const r = this.#random;
    return long(
      rv.rType(1, this.#source(), this.#source(), r.below(this.#instructions.divisions ? 8 : 4), this.#target()),
    );
  }

  /** One of Zba, Zbb and Zbs. */
  bits(): Code {
    const r = this.#random;
    if (r.below(2) === 0) {
      const [funct7, funct3] = BITS_OF_REGISTERS[r.below(BITS_OF_REGISTERS.length)]!;
      const isAlone = funct7 === 0x04;
      return long(rv.rType(funct7, isAlone ? 0 : this.#source(), this.#source(), funct3, this.#target()));
    }
    const [funct7, funct3, numbers] = BITS_OF_NUMBERS[r.below(BITS_OF_NUMBERS.length)]!;
    const number = numbers === undefined ? r.below(32) : numbers[r.below(numbers.length)]!;
    return long(rv.iType((funct7 << 5) | number, this.#source(), funct3, this.#target(), 0x13));
  }

  compressed(): Code {
    const r = this.#random;
    const imm6 = r.between(-32, 31);
    switch (r.below(13)) {
      case 0:
        return [rv.cAddi4spn(this.#smallTarget(), 4 * r.between(1, 255))];
      case 1:
        return [rv.cAddi(this.#target(), imm6)];
      case 2:
        return [rv.cLi(this.#target(), imm6)];
      case 3: {
        const rd = this.#target();
        return rd === 2 || imm6 === 0 ? [rv.cAddi(0, 0)] : [rv.cLui(rd, imm6)];
      }
      case 4: {
        const imm = 16 * r.between(-32, 31);
        return imm === 0 || this.#kept.has(2) ? [rv.cAddi(0, 0)] : [rv.cAddi16sp(imm)];
      }
      case 5:
        return [rv.cShiftOrAnd(r.below(2), this.#smallTarget(), r.between(1, 31))];
      case 6:
        return [rv.cShiftOrAnd(2, this.#smallTarget(), imm6)];
      case 7:
      case 8:
        return [rv.cArithmetic(r.below(4), this.#smallTarget(), this.#small())];
      case 9:
        return [rv.cSlli(this.#target(), r.between(1, 31))];
      case 10:
        return [rv.cMv(this.#target(), r.between(1, this.#instructions.registers - 1))];
      default:
        return [rv.cAdd(this.#target(), r.between(1, this.#instructions.registers - 1))];
    }
  }

  /** Sets a base register and makes one to three accesses from it. */
  memory(): Code {
    const r = this.#random;
    const base = this.#targetFrom(1);
    const address = this.#data.base + 2048 + 4 * r.below((this.#data.size - 4096) / 4);
    const misalignment = r.below(4);
    const code = loadImmediate(base, address + misalignment);
    const accesses = r.between(1, 3);
    for (let i = 0; i < accesses; i++) {
      const width = r.below(3);
      const step = 1 << width;
      // The base is off by `misalignment`; the offset makes the address a multiple of the width again.
      const offset = step * r.between(-300, 300) - (misalignment % step);
      switch (r.below(3)) {
        case 0: {
          const unsigned = width < 2 ? r.below(2) * 4 : 0;
          const rd = this.#target();
          code.push(...long(rv.iType(offset, base, width + unsigned, rd, 0x03)));
          if (rd === base) return code;
          break;
        }
        case 1:
          code.push(...long(rv.sType(offset, this.#source(), base, width)));
          break;
        default: {
          if (misalignment !== 0) break;
          const near = 4 * r.below(32);
          if (base === 2) {
            code.push(r.below(2) ? rv.cSwsp(this.#source(), 2 * near) : rv.cLwsp(this.#targetFrom(1), 2 * near));
            if (code.at(-1)! >> 13 === 2) return code;
          } else if (base >= 8 && base <= 15) {
            if (r.below(2)) {
              code.push(rv.cSw(this.#small(), base, near));
            } else {
              code.push(rv.cLw(this.#smallTarget(), base, near));
              return code;
            }
          }
        }
      }
    }
    return code;
  }

  /** AMOs on one word, or a word loaded with a reservation and stored, at times elsewhere or without one: that fails. */
  atomic(): Code {
    const r = this.#random;
    const order = () => r.below(4);
    const base = this.#targetFrom(1);
    const word = () => this.#data.base + 4 * r.below(this.#data.size / 4);
    const code = loadImmediate(base, word());
    if (r.below(3) > 0) {
      for (let accesses = r.between(1, 3); accesses > 0; accesses--) {
        const rd = this.#target();
        code.push(...long(rv.atomic(AMOS[r.below(AMOS.length)]!, order(), this.#source(), base, rd)));
        if (rd === base) return code;
      }
      return code;
    }
    this.#kept.add(base);
    if (r.below(4) > 0) {
      code.push(...long(rv.atomic(LR, order(), 0, base, this.#target())));
      if (r.below(2) === 0) code.push(...this.arithmetic());
    }
    if (r.below(4) === 0) code.push(...loadImmediate(base, word()));
    this.#kept.delete(base);
    code.push(...long(rv.atomic(SC, order(), this.#source(), base, this.#target())));
    return code;
  }

  /** A branch or jump over `skipped`. */
  forward(skipped: Code): Code {
    const r = this.#random;
    const bytes = 2 * skipped.length;
    const link = this.#target();
    switch (r.below(9)) {
      case 0:
      case 1:
      case 2: {
        const funct3 = [0, 1, 4, 5, 6, 7][r.below(6)]!;
        return [...long(rv.bType(bytes + 4, this.#source(), this.#source(), funct3)), ...skipped];
      }
      case 3:
        if (bytes > 250) return skipped;
        return [(r.below(2) ? rv.cBeqz : rv.cBnez)(this.#small(), bytes + 2), ...skipped];
      case 4:
        return [...long(rv.jal(link, bytes + 4)), ...skipped];
      case 5:
        if (this.#kept.has(1)) return skipped;
        return [(r.below(2) ? rv.cJal : rv.cJ)(bytes + 2), ...skipped];
      case 6: {
        const via = this.#targetFrom(1);
        // Bit 0 of jalr's sum is dropped.
        return [...long(rv.auipc(via, 0)), ...long(rv.jalr(link, via, bytes + 8 + r.below(2))), ...skipped];
      }
      default: {
        const via = this.#targetFrom(1);
        const jump = r.below(2) && !this.#kept.has(1) ? rv.cJalr(via) : rv.cJr(via);
        return [...long(rv.auipc(via, 0)), ...long(rv.addi(via, via, bytes + 10)), jump, ...skipped];
      }
    }
  }

  loop(depth: number): Code {
    const r = this.#random;
    const counter = this.#targetFrom(1);
    const wide = r.below(2) === 0 || counter < 8 || counter > 15;
    const body: Code = [];
    this.#kept.add(counter);
    this.#loops++;
    const items = r.between(1, 5);
    for (let i = 0; i < items; i++) body.push(...this.item(depth + 1));
    this.#kept.delete(counter);
    this.#loops--;
    body.push(rv.cAddi(counter, -1));
    const back = -2 * body.length;
    const start = long(rv.addi(counter, 0, r.between(1, 6)));
    if (!wide && back >= -256) return [...start, ...body, rv.cBnez(counter, back)];
    return [...start, ...body, ...long(r.below(2) ? rv.bType(back, 0, counter, 1) : rv.bType(back, counter, 0, 6))];
  }

  item(depth = 0): Code {
    const kind = this.#random.below(20);
    if (kind < 4) return this.memory();
    if (kind < 8 && this.#instructions.atomics && this.#random.below(2) === 0) return this.atomic();
    if (kind < 10 && this.#instructions.bitManipulation && this.#random.below(2) === 0) return this.bits();
    if (kind < 8 && this.#instructions.divisions && this.#random.below(2) === 0) return this.#product();
    if (kind < 6) {
      const skipped: Code = [];
      const items = this.#random.below(4);
      for (let i = 0; i < items; i++) skipped.push(...(this.#random.below(4) ? this.arithmetic() : this.memory()));
      return this.forward(skipped);
    }
    if (kind === 6 && depth < 2) return this.loop(depth);
    return this.arithmetic();
  }

  start(): Code {
    const code: Code = [];
    for (let register = 1; register < this.#instructions.registers; register++)
      code.push(...loadImmediate(register, value(this.#random)));
    return code;
  }
}

/** Machine code of about `halfwords` halfwords that sets every register, works on `data`, and falls off its end. */
export function randomProgram(
  seed: number,
  halfwords: number,
  data: DataArea,
  instructions: Instructions = RV32EC_ZMMUL,
): Uint16Array {
  const generator = new Generator(new Random(seed), data, instructions, spareRegister(seed, instructions));
  const code = generator.start();
  while (code.length < halfwords) code.push(...generator.item());
  return Uint16Array.from(code);
}

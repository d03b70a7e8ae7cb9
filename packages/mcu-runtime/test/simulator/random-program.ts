// Random programs for the differential test: every instruction of RV32E, RV32I, C, Zmmul, M, A, Zba, Zbb and Zbs, memory accesses of all widths, forward
// branches and jumps, counted loops. A program ends by falling off its last instruction; what stands there is the caller's.
import * as rv from './encode.js';
import { Random } from './random.js';
import {
  type Code,
  InstructionGenerator,
  type Instructions,
  loadImmediate,
  long,
  RV32EC_ZMMUL,
  value,
} from './random-instructions.js';

/** Where the program's loads and stores may go: multiples of 4. */
export interface DataArea {
  readonly base: number;
  readonly size: number;
}

/** Register that a program sets once and leaves alone: whoever reads the others out needs one. With 16 registers there are more. */
export function spareRegister(seed: number, { registers }: Instructions): number | undefined {
  return registers === 32 ? 16 + (seed % 16) : undefined;
}

const LR = 0x02;
const SC = 0x03;
const AMOS = [0x00, 0x01, 0x04, 0x08, 0x0c, 0x10, 0x14, 0x18, 0x1c] as const;

/** Adds what accesses memory, and what jumps. */
class ProgramGenerator extends InstructionGenerator {
  readonly #data: DataArea;

  constructor(random: Random, data: DataArea, instructions: Instructions, spare: number | undefined) {
    super(random, instructions, spare);
    this.#data = data;
  }

  /** Sets a base register and makes one to three accesses from it. */
  memory(): Code {
    const r = this.random;
    const base = this.targetFrom(1);
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
          const rd = this.target();
          code.push(...long(rv.iType(offset, base, width + unsigned, rd, 0x03)));
          if (rd === base) return code;
          break;
        }
        case 1:
          code.push(...long(rv.sType(offset, this.source(), base, width)));
          break;
        default: {
          if (misalignment !== 0) break;
          const near = 4 * r.below(32);
          if (base === 2) {
            code.push(r.below(2) ? rv.cSwsp(this.source(), 2 * near) : rv.cLwsp(this.targetFrom(1), 2 * near));
            if (code.at(-1)! >> 13 === 2) return code;
          } else if (base >= 8 && base <= 15) {
            if (r.below(2)) {
              code.push(rv.cSw(this.small(), base, near));
            } else {
              code.push(rv.cLw(this.smallTarget(), base, near));
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
    const r = this.random;
    const order = () => r.below(4);
    const base = this.targetFrom(1);
    const word = () => this.#data.base + 4 * r.below(this.#data.size / 4);
    const code = loadImmediate(base, word());
    if (r.below(3) > 0) {
      for (let accesses = r.between(1, 3); accesses > 0; accesses--) {
        const rd = this.target();
        code.push(...long(rv.atomic(AMOS[r.below(AMOS.length)]!, order(), this.source(), base, rd)));
        if (rd === base) return code;
      }
      return code;
    }
    this.kept.add(base);
    if (r.below(4) > 0) {
      code.push(...long(rv.atomic(LR, order(), 0, base, this.target())));
      if (r.below(2) === 0) code.push(...this.arithmetic());
    }
    if (r.below(4) === 0) code.push(...loadImmediate(base, word()));
    this.kept.delete(base);
    code.push(...long(rv.atomic(SC, order(), this.source(), base, this.target())));
    return code;
  }

  /** A branch or jump over `skipped`. */
  forward(skipped: Code): Code {
    const r = this.random;
    const bytes = 2 * skipped.length;
    const link = this.target();
    switch (r.below(9)) {
      case 0:
      case 1:
      case 2: {
        const funct3 = [0, 1, 4, 5, 6, 7][r.below(6)]!;
        return [...long(rv.bType(bytes + 4, this.source(), this.source(), funct3)), ...skipped];
      }
      case 3:
        if (bytes > 250) return skipped;
        return [(r.below(2) ? rv.cBeqz : rv.cBnez)(this.small(), bytes + 2), ...skipped];
      case 4:
        return [...long(rv.jal(link, bytes + 4)), ...skipped];
      case 5:
        if (this.kept.has(1)) return skipped;
        return [(r.below(2) ? rv.cJal : rv.cJ)(bytes + 2), ...skipped];
      case 6: {
        const via = this.targetFrom(1);
        // Bit 0 of jalr's sum is dropped.
        return [...long(rv.auipc(via, 0)), ...long(rv.jalr(link, via, bytes + 8 + r.below(2))), ...skipped];
      }
      default: {
        const via = this.targetFrom(1);
        const jump = r.below(2) && !this.kept.has(1) ? rv.cJalr(via) : rv.cJr(via);
        return [...long(rv.auipc(via, 0)), ...long(rv.addi(via, via, bytes + 10)), jump, ...skipped];
      }
    }
  }

  loop(depth: number): Code {
    const r = this.random;
    const counter = this.targetFrom(1);
    const wide = r.below(2) === 0 || counter < 8 || counter > 15;
    const body: Code = [];
    this.kept.add(counter);
    this.loops++;
    const items = r.between(1, 5);
    for (let i = 0; i < items; i++) body.push(...this.item(depth + 1));
    this.kept.delete(counter);
    this.loops--;
    body.push(rv.cAddi(counter, -1));
    const back = -2 * body.length;
    const start = long(rv.addi(counter, 0, r.between(1, 6)));
    if (!wide && back >= -256) return [...start, ...body, rv.cBnez(counter, back)];
    return [...start, ...body, ...long(r.below(2) ? rv.bType(back, 0, counter, 1) : rv.bType(back, counter, 0, 6))];
  }

  item(depth = 0): Code {
    const kind = this.random.below(20);
    if (kind < 4) return this.memory();
    if (kind < 8 && this.instructions.atomics && this.random.below(2) === 0) return this.atomic();
    if (kind < 10 && this.instructions.bitManipulation && this.random.below(2) === 0) return this.bits();
    if (kind < 8 && this.instructions.divisions && this.random.below(2) === 0) return this.product();
    if (kind < 6) {
      const skipped: Code = [];
      const items = this.random.below(4);
      for (let i = 0; i < items; i++) skipped.push(...(this.random.below(4) ? this.arithmetic() : this.memory()));
      return this.forward(skipped);
    }
    if (kind === 6 && depth < 2) return this.loop(depth);
    return this.arithmetic();
  }

  start(): Code {
    const code: Code = [];
    for (let register = 1; register < this.instructions.registers; register++)
      code.push(...loadImmediate(register, value(this.random)));
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
  const generator = new ProgramGenerator(new Random(seed), data, instructions, spareRegister(seed, instructions));
  const code = generator.start();
  while (code.length < halfwords) code.push(...generator.item());
  return Uint16Array.from(code);
}

// Interrupts of AVR firmware that it never returns from: the handler of those without one of their own ends the program.
import type { AvrCore } from './part.js';

const RETI = 0x9518;
const [RJMP, RJMP_MASK] = [0xc000, 0xf000] as const;
const [JMP, JMP_MASK] = [0x940c, 0xfe0e] as const;

const isJump = (opcode: number): boolean => (opcode & RJMP_MASK) === RJMP || (opcode & JMP_MASK) === JMP;

/** Follows entries of the vector table, whether an interrupt leads there or a jump gone astray. */
export class VectorWatch {
  /** Words of an entry: a JMP or an RJMP. */
  readonly #words: number;
  /** Words of the table; 0 for a program without one, which may have code there (ATmega328P data sheet, Reset and Interrupt Vectors). */
  readonly #end: number;
  readonly #entered: { readonly vector: number; readonly after: number }[] = [];

  constructor(flash: Uint16Array, { longJumps, vectors }: Pick<AvrCore, 'longJumps' | 'vectors'>) {
    this.#words = longJumps ? 2 : 1;
    const entries = Array.from({ length: vectors }, (_, vector) => flash[vector * this.#words]!);
    this.#end = entries.every(isJump) ? vectors * this.#words : 0;
  }

  /** @param at word where the program goes on behind the instruction `opcode` at the word `from` */
  after(opcode: number, from: number, at: number): void {
    if (opcode === RETI) this.#entered.pop();
    if (at >= this.#end || at === 0 || at % this.#words !== 0) return;
    this.#entered.push({ vector: at / this.#words, after: 2 * from });
  }

  /** What a program did wrong that ends now. */
  get fault(): string | undefined {
    const [entry] = this.#entered;
    return (
      entry &&
      `no return from interrupt vector ${entry.vector}, entered after the instruction at 0x${entry.after.toString(16)}`
    );
  }
}

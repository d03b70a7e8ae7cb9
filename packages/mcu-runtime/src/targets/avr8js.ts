// avr8js as this package uses it: loaded on demand in both of its builds, with one flag of one instruction corrected.
import type { CPU } from 'avr8js';
import type { AvrCore } from './part.js';

type Avr8js = typeof import('avr8js');

const SREG = 95;
const [NEG, NEG_MASK] = [0x9401, 0xfe0f] as const;
const [FLAG_V, FLAG_S] = [0x08, 0x10] as const;

/** Node gives its CommonJS build as `default` or by name, bundlers its ES modules. */
export async function loadAvr8js(): Promise<Avr8js> {
  const module: Avr8js & { readonly default?: Avr8js } = await import('avr8js');
  return module.default ?? module;
}

/**
 * Executes one instruction. avr8js 0.21.1 does not set V, and so sets S, where NEG gives 0x80; compilers branch on S there (AVR
 * Instruction Set Manual, NEG).
 */
export function executeAvr(cpu: CPU, avrInstruction: Avr8js['avrInstruction']): void {
  const opcode = cpu.progMem[cpu.pc]!;
  avrInstruction(cpu);
  if ((opcode & NEG_MASK) !== NEG) return;
  const { data } = cpu;
  if (data[(opcode >> 4) & 31] === 0x80) data[SREG] = (data[SREG]! | FLAG_V) & ~FLAG_S;
}

const [OUT_SPH, OUT_SPL, OUT_MASK] = [0xbe0e, 0xbe0d, 0xfe0f] as const;
const [SPL, SPH] = [93, 94] as const;

/**
 * Follows the stack pointer. Compilers write its halves one after the other, SPH first, of AVRxt SPL first (whose write holds interrupts off):
 * what stands there in between is no address.
 */
export class StackWatch {
  /** The lowest that it was. */
  lowest: number;
  #isHalfWritten = false;
  readonly #first: number;
  readonly #second: number;

  constructor(
    private readonly data: Uint8Array,
    /** Where the stack begins. */
    private readonly top: number,
    { cyclesOf }: AvrCore,
  ) {
    this.lowest = top;
    [this.#first, this.#second] = cyclesOf === 'xt' ? [OUT_SPL, OUT_SPH] : [OUT_SPH, OUT_SPL];
  }

  get bytes(): number {
    return this.top - this.lowest;
  }

  /** @param opcode of the instruction that was executed; gives whether the stack is deeper than ever */
  after(opcode: number): boolean {
    const out = opcode & OUT_MASK;
    if (out === this.#first) this.#isHalfWritten = true;
    else if (out === this.#second) this.#isHalfWritten = false;
    if (this.#isHalfWritten) return false;
    const sp = this.data[SPL]! | (this.data[SPH]! << 8);
    if (sp >= this.lowest) return false;
    this.lowest = sp;
    return true;
  }
}

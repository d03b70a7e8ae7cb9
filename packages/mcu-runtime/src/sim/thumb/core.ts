// An Armv7-M core, instruction by instruction, with cycles by a table of costs: no pipeline is modelled but what the table says.
// Not modelled: interrupts, exclusive accesses, floating point, parallel additions of the DSP extension. What is missing faults.
import type { CortexMTiming } from '../../targets/part.js';
import type { InstructionKind } from '../profile.js';
import { decode16 } from './decode16.js';
import { decode32 } from './decode32.js';
import { type Cost, type Decoded, system } from './decoded.js';
import { hex, ThumbFault, type ThumbMemory, ThumbState } from './state.js';

const ALWAYS = 14;

interface Cached extends Decoded {
  /** Condition of the IT block that it is in. */
  readonly condition: number;
  readonly cycles: number;
}

export interface ThumbCoreOptions {
  /** Of the DSP extension, multiplications, packing and extension. */
  readonly dsp: boolean;
  readonly timing: CortexMTiming;
}

function costOf(cost: Cost, registers: number, timing: CortexMTiming): number {
  switch (cost) {
    case 'one':
      return 1;
    case 'multiply':
      return timing.multiply;
    case 'multiply-long':
      return timing.multiplyLong;
    case 'divide':
      return timing.divide;
    case 'load':
      return timing.load;
    case 'store':
      return timing.store;
    case 'store-indexed':
      return timing.storeIndexed;
    case 'multiple':
      return 1 + registers;
    default:
      throw new Error(`cost ${cost satisfies never} found`);
  }
}

export class ThumbCore {
  readonly state: ThumbState;
  pc = 0;
  readonly #options: ThumbCoreOptions;
  #decoded = new Map<number, Cached>();
  /** The register that the instruction before filled from memory, or −1. */
  #loaded = -1;

  constructor(memory: ThumbMemory, options: ThumbCoreOptions) {
    this.state = new ThumbState(memory);
    this.#options = options;
  }

  /** After code was written. */
  forget(): void {
    this.#decoded = new Map();
  }

  /** Executes one instruction and gives its cycles. @throws ThumbFault */
  step(): number {
    const { state, pc } = this;
    const { timing } = this.#options;
    const one = this.#decoded.get(pc) ?? this.#decode(pc, undefined);
    const behind = pc + 2 * one.halves;
    state.next = behind;
    const loadedBefore = this.#loaded;
    this.#loaded = -1;
    if (one.condition !== ALWAYS && !state.holds(one.condition)) {
      this.pc = behind;
      return 1;
    }
    one.run(state);
    this.pc = state.next;
    if (state.next !== behind) return one.cycles + timing.refill;
    const cycles = one.cycles + this.#furtherCycles(one);
    if (one.cost !== 'load') return cycles;
    this.#loaded = one.target!;
    // A load right behind another starts while that ends, unless it needs its result for the address.
    return loadedBefore !== -1 && loadedBefore !== one.base ? Math.max(1, cycles - 1) : cycles;
  }

  /** What an unaligned access takes besides. @throws ThumbFault where several registers are moved: these are aligned, or the core faults */
  #furtherCycles({ cost }: Decoded): number {
    const { memory } = this.state;
    if (memory.further === 0) return 0;
    const cycles = memory.further * this.#options.timing.furtherAccess;
    memory.further = 0;
    if (cost === 'multiple') throw new ThumbFault(`an unaligned access of several registers at ${hex(this.pc)}`);
    return cycles;
  }

  kindAt(address: number): InstructionKind {
    return (this.#decoded.get(address) ?? system(1, () => {})).kind;
  }

  #decode(address: number, condition: number | undefined): Cached {
    const { memory } = this.state;
    const h1 = memory.load16(address);
    const isLong = h1 >> 11 > 0b11100;
    const one = isLong
      ? decode32(h1, memory.load16(address + 2), address, this.#options.dsp)
      : decode16(h1, address, condition === undefined);
    if (one === undefined) {
      const word = isLong ? `${h1.toString(16)} ${memory.load16(address + 2).toString(16)}` : h1.toString(16);
      throw new ThumbFault(`the instruction ${word} at ${hex(address)}, which this core does not have`);
    }
    const cycles = costOf(one.cost, one.registers ?? 0, this.#options.timing);
    const cached: Cached = { ...one, cycles, condition: condition ?? ALWAYS };
    this.#decoded.set(address, cached);
    // Nothing jumps into an IT block, so that its instructions are known by it.
    let at = address + 2;
    for (const next of one.block ?? []) at += 2 * this.#decode(at, next).halves;
    return cached;
  }
}

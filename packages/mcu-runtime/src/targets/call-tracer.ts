// Profiles for simulators that execute one instruction after another in JavaScript: the same measurements as those of sim/profile.ts.
import type {
  CallNode,
  FunctionProfile,
  InstructionKind,
  InstructionMix,
  Profile,
  TimelineCall,
} from '../sim/profile.js';
import { INSTRUCTION_KINDS } from '../sim/profile.js';
import type { ProgramSymbol } from '../sim/program.js';

/** Depths below this are put on the time line, as in the RISC-V simulator. */
const TIMELINE_DEPTHS = 3;

interface Frame {
  readonly function: number;
  readonly node: MutableNode;
  readonly event: MutableEvent | undefined;
}

interface MutableNode {
  readonly name: string;
  readonly function: number;
  calls: number;
  selfCycles: number;
  totalCycles: number;
  readonly children: MutableNode[];
}

interface MutableEvent {
  readonly name: string;
  readonly depth: number;
  readonly beginCycle: number;
  cycles: number;
}

/** Counts by halfword of the program and follows calls by the functions that the program counter is in. */
export class CallTracer {
  /** Function of each halfword, as an index into `names`; 0 outside of all. */
  readonly functionOf: Uint16Array;
  readonly executions: Float64Array;
  readonly cycles: Float64Array;
  readonly #names: string[] = ['?'];
  readonly #isEntry: Uint8Array;
  #root = newNode('', 0);
  #frames: Frame[] = [];
  #timeline: MutableEvent[] = [];
  #since = 0;

  /**
   * @param base address of the first halfword
   * @param bytes that the program spans
   */
  constructor(
    symbols: readonly ProgramSymbol[],
    private readonly base: number,
    bytes: number,
  ) {
    const halfwords = Math.ceil(bytes / 2);
    this.functionOf = new Uint16Array(halfwords);
    this.executions = new Float64Array(halfwords);
    this.cycles = new Float64Array(halfwords);
    this.#isEntry = new Uint8Array(halfwords);
    for (const { name, address, size, kind } of symbols) {
      const begin = (address - base) >> 1;
      if (kind !== 'function' || begin < 0 || begin >= halfwords) continue;
      this.functionOf.fill(this.#names.length, begin, begin + Math.ceil(size / 2));
      this.#isEntry[begin] = 1;
      this.#names.push(name);
    }
  }

  /** Forgets all measurements; the run starts in the function at `slot` (halfwords from the base). */
  start(slot: number): void {
    this.executions.fill(0);
    this.cycles.fill(0);
    this.#root = newNode('', 0);
    this.#frames = [];
    this.#timeline = [];
    this.#since = 0;
    this.#enter(this.functionOf[slot]!, 0);
  }

  /** The program counter went to another function, or to the start of one, at cycle `now`. */
  move(slot: number, now: number): void {
    const next = this.functionOf[slot]!;
    const isCall = this.#isEntry[slot] === 1 || !this.#frames.some((frame) => frame.function === next);
    if (isCall) this.#enter(next, now);
    else while (this.#frames.at(-1)!.function !== next) this.#leave(now);
  }

  /** Ends the run and gives what was measured. @param kindOf kind of the instruction at a slot */
  finish(now: number, kindOf: (slot: number) => InstructionKind): Profile {
    while (this.#frames.length > 0) this.#leave(now);
    addTotals(this.#root);
    const mix = Object.fromEntries(INSTRUCTION_KINDS.map((kind) => [kind, { count: 0, cycles: 0 }])) as Record<
      InstructionKind,
      { count: number; cycles: number }
    >;
    const instructions = new Float64Array(this.#names.length);
    const self = new Float64Array(this.#names.length);
    const addresses: Profile['addresses'][number][] = [];
    this.executions.forEach((executions, slot) => {
      if (executions === 0) return;
      const cycles = this.cycles[slot]!;
      const kind = mix[kindOf(slot)];
      kind.count += executions;
      kind.cycles += cycles;
      instructions[this.functionOf[slot]!]! += executions;
      self[this.functionOf[slot]!]! += cycles;
      addresses.push({ pc: this.base + 2 * slot, cycles, executions });
    });
    const calls = new Float64Array(this.#names.length);
    const totals = new Float64Array(this.#names.length);
    countCalls(this.#root, calls, totals);
    const functions = this.#names
      .map(
        (name, i): FunctionProfile => ({
          name,
          selfCycles: self[i]!,
          totalCycles: totals[i]!,
          instructions: instructions[i]!,
          calls: calls[i]!,
        }),
      )
      .filter((one) => one.instructions > 0)
      .sort((a, b) => b.selfCycles - a.selfCycles);
    const timeline: TimelineCall[] = this.#timeline;
    return {
      functions,
      callTree: this.#root as CallNode,
      timeline,
      mix: mix as InstructionMix,
      addresses,
      truncated: false,
    };
  }

  #enter(index: number, now: number): void {
    this.#settle(now);
    const parent = this.#frames.at(-1)?.node ?? this.#root;
    const name = this.#names[index]!;
    let node = parent.children.find((child) => child.function === index);
    if (node === undefined) {
      node = newNode(name, index);
      parent.children.push(node);
    }
    node.calls++;
    const depth = this.#frames.length;
    const event = depth < TIMELINE_DEPTHS ? { name, depth, beginCycle: now, cycles: 0 } : undefined;
    if (event !== undefined) this.#timeline.push(event);
    this.#frames.push({ function: index, node, event });
  }

  #leave(now: number): void {
    this.#settle(now);
    const { event } = this.#frames.pop()!;
    if (event !== undefined) event.cycles = now - event.beginCycle;
  }

  #settle(now: number): void {
    const node = this.#frames.at(-1)?.node;
    if (node !== undefined) node.selfCycles += now - this.#since;
    this.#since = now;
  }
}

function newNode(name: string, index: number): MutableNode {
  return { name, function: index, calls: 0, selfCycles: 0, totalCycles: 0, children: [] };
}

function addTotals(node: MutableNode): void {
  node.totalCycles = node.selfCycles;
  for (const child of node.children) {
    addTotals(child);
    node.totalCycles += child.totalCycles;
  }
}

/** The runtime has no recursion: a function is on a path at most once. */
function countCalls(node: MutableNode, calls: Float64Array, totals: Float64Array): void {
  for (const child of node.children) {
    calls[child.function]! += child.calls;
    totals[child.function]! += child.totalCycles;
    countCalls(child, calls, totals);
  }
}

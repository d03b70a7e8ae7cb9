// Profiles of many runs added up.
import {
  type CallNode,
  type FunctionProfile,
  INSTRUCTION_KINDS,
  type InstructionKind,
  type InstructionMix,
  type Profile,
} from '../sim/profile.js';

interface SummedNode {
  readonly name: string;
  calls: number;
  selfCycles: number;
  totalCycles: number;
  readonly children: SummedNode[];
}

/** Where the cycles of all runs together went. */
export interface ProfileSummary {
  readonly functions: readonly FunctionProfile[];
  readonly callTree: CallNode;
  readonly mix: InstructionMix;
}

export class ProfileSum {
  readonly #functions = new Map<string, FunctionProfile>();
  readonly #root: SummedNode = { name: '', calls: 0, selfCycles: 0, totalCycles: 0, children: [] };
  readonly #mix = Object.fromEntries(INSTRUCTION_KINDS.map((kind) => [kind, { count: 0, cycles: 0 }])) as Record<
    InstructionKind,
    { count: number; cycles: number }
  >;

  add({ functions, callTree, mix }: Profile): void {
    for (const one of functions) {
      const sum = this.#functions.get(one.name);
      this.#functions.set(one.name, {
        name: one.name,
        selfCycles: one.selfCycles + (sum?.selfCycles ?? 0),
        totalCycles: one.totalCycles + (sum?.totalCycles ?? 0),
        instructions: one.instructions + (sum?.instructions ?? 0),
        calls: one.calls + (sum?.calls ?? 0),
      });
    }
    addNode(this.#root, callTree);
    for (const kind of INSTRUCTION_KINDS) {
      this.#mix[kind].count += mix[kind].count;
      this.#mix[kind].cycles += mix[kind].cycles;
    }
  }

  /** Names of all functions that ran. */
  get executed(): Iterable<string> {
    return this.#functions.keys();
  }

  summary(): ProfileSummary {
    const functions = [...this.#functions.values()].sort((a, b) => b.selfCycles - a.selfCycles);
    return { functions, callTree: this.#root, mix: this.#mix };
  }
}

function addNode(sum: SummedNode, { calls, selfCycles, totalCycles, children }: CallNode): void {
  sum.calls += calls;
  sum.selfCycles += selfCycles;
  sum.totalCycles += totalCycles;
  for (const child of children) {
    let own = sum.children.find(({ name }) => name === child.name);
    if (own === undefined) {
      own = { name: child.name, calls: 0, selfCycles: 0, totalCycles: 0, children: [] };
      sum.children.push(own);
    }
    addNode(own, child);
  }
}

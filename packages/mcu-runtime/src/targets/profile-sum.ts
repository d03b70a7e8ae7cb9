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

  /** @param times how often such runs occur; of a mean of runs it need not be whole, counts stay so */
  add({ functions, callTree, mix }: Pick<Profile, keyof ProfileSummary>, times = 1): void {
    const scaled = (count: number) => Math.round(times * count);
    for (const one of functions) {
      const sum = this.#functions.get(one.name);
      this.#functions.set(one.name, {
        name: one.name,
        selfCycles: scaled(one.selfCycles) + (sum?.selfCycles ?? 0),
        totalCycles: scaled(one.totalCycles) + (sum?.totalCycles ?? 0),
        instructions: scaled(one.instructions) + (sum?.instructions ?? 0),
        calls: scaled(one.calls) + (sum?.calls ?? 0),
      });
    }
    addNode(this.#root, callTree, scaled);
    for (const kind of INSTRUCTION_KINDS) {
      this.#mix[kind].count += scaled(mix[kind].count);
      this.#mix[kind].cycles += scaled(mix[kind].cycles);
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

function addNode(
  sum: SummedNode,
  { calls, selfCycles, totalCycles, children }: CallNode,
  scaled: (count: number) => number,
): void {
  sum.calls += scaled(calls);
  sum.selfCycles += scaled(selfCycles);
  sum.totalCycles += scaled(totalCycles);
  for (const child of children) {
    let own = sum.children.find(({ name }) => name === child.name);
    if (own === undefined) {
      own = { name: child.name, calls: 0, selfCycles: 0, totalCycles: 0, children: [] };
      sum.children.push(own);
    }
    addNode(own, child, scaled);
  }
}

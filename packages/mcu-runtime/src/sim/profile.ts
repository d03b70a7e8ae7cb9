// Where the cycles of a run went: by function, by call path, along the time line, and by kind of instruction.
import type { SimulatorCore } from './core.js';

export interface FunctionProfile {
  readonly name: string;
  /** Cycles in the function itself. */
  readonly selfCycles: number;
  /** Cycles with those of everything it called; of a recursive function the outermost calls. */
  readonly totalCycles: number;
  readonly instructions: number;
  readonly calls: number;
}

/** A function below the chain of its callers; the unit of a flame graph. */
export interface CallNode {
  readonly name: string;
  readonly calls: number;
  readonly selfCycles: number;
  readonly totalCycles: number;
  readonly children: readonly CallNode[];
}

/** One call, in the order of the run. Depth 0 is the entry, 1 what it calls: the layers of a network. */
export interface TimelineCall {
  readonly name: string;
  readonly depth: number;
  readonly beginCycle: number;
  readonly cycles: number;
}

/** In the order of slot_kind() of simulator/src/wasm_api.c. */
export const INSTRUCTION_KINDS = ['alu', 'multiply', 'load', 'store', 'branch', 'jump', 'system'] as const;
export type InstructionKind = (typeof INSTRUCTION_KINDS)[number];
export type InstructionMix = Readonly<Record<InstructionKind, { readonly count: number; readonly cycles: number }>>;

export interface Profile {
  /** Most cycles first. */
  readonly functions: readonly FunctionProfile[];
  readonly callTree: CallNode;
  readonly timeline: readonly TimelineCall[];
  readonly mix: InstructionMix;
  /** Cycles and executions of every executed address, ascending: for annotated listings and regions. */
  readonly addresses: readonly { readonly pc: number; readonly cycles: number; readonly executions: number }[];
  /** Whether the call tree was cut short (too deep or too many paths): total cycles are then too small. */
  readonly truncated: boolean;
}

interface MutableNode {
  name: string;
  calls: number;
  selfCycles: number;
  totalCycles: number;
  children: MutableNode[];
}

/** Reads the call tree; children stand after their parents in the core's table. */
function readCallTree(core: SimulatorCore, names: readonly string[]): MutableNode {
  const view = new DataView(core.memory.buffer, core.call_nodes());
  const nodes: MutableNode[] = [];
  const parents: number[] = [];
  for (let i = 0; i < core.call_node_count(); i++) {
    const at = 32 * i;
    const name = i === 0 ? '' : (names[view.getUint32(at + 12, true)] ?? '?');
    const cycles = Number(view.getBigUint64(at + 24, true));
    nodes.push({
      name,
      calls: Number(view.getBigUint64(at + 16, true)),
      selfCycles: cycles,
      totalCycles: cycles,
      children: [],
    });
    parents.push(view.getUint32(at, true));
  }
  for (let i = nodes.length - 1; i > 0; i--) {
    const parent = nodes[parents[i]!]!;
    parent.totalCycles += nodes[i]!.totalCycles;
    parent.children.unshift(nodes[i]!);
  }
  return nodes[0]!;
}

/** Adds each path's inclusive cycles to its function, once where a function is on the path twice. */
function addTotals(
  node: CallNode,
  onPath: ReadonlySet<string>,
  totals: Map<string, { cycles: number; calls: number }>,
): void {
  const entry = totals.get(node.name) ?? { cycles: 0, calls: 0 };
  if (!onPath.has(node.name)) entry.cycles += node.totalCycles;
  entry.calls += node.calls;
  totals.set(node.name, entry);
  const path = new Set(onPath).add(node.name);
  for (const child of node.children) addTotals(child, path, totals);
}

/** Reads the measurements of the last run out of the core. `names[i]` is the name of function i. */
export function readProfile(core: SimulatorCore, names: readonly string[]): Profile {
  const count = core.slot_count();
  const counters = new BigUint64Array(core.memory.buffer, core.counters(), 2 * count);
  const mix = Object.fromEntries(INSTRUCTION_KINDS.map((kind) => [kind, { count: 0, cycles: 0 }])) as Record<
    InstructionKind,
    { count: number; cycles: number }
  >;
  const self = new Map<string, { cycles: number; instructions: number }>();
  const addresses: Profile['addresses'][number][] = [];
  for (let slot = 0; slot < count; slot++) {
    const executions = Number(counters[2 * slot + 1]!);
    if (executions === 0) continue;
    const cycles = Number(counters[2 * slot]!);
    const kind = mix[INSTRUCTION_KINDS[core.slot_kind(slot)]!];
    kind.count += executions;
    kind.cycles += cycles;
    const name = names[core.slot_function(slot)] ?? '?';
    const entry = self.get(name) ?? { cycles: 0, instructions: 0 };
    entry.cycles += cycles;
    entry.instructions += executions;
    self.set(name, entry);
    addresses.push({ pc: core.slot_pc(slot) >>> 0, cycles, executions });
  }

  const root = readCallTree(core, names);
  const totals = new Map<string, { cycles: number; calls: number }>();
  for (const child of root.children) addTotals(child, new Set(), totals);
  const functions = [...self].map(([name, { cycles, instructions }]) => ({
    name,
    selfCycles: cycles,
    totalCycles: totals.get(name)?.cycles ?? cycles,
    instructions,
    calls: totals.get(name)?.calls ?? 0,
  }));
  functions.sort((a, b) => b.selfCycles - a.selfCycles);
  return {
    functions,
    callTree: root,
    timeline: readTimeline(core, names),
    mix,
    addresses,
    truncated: core.call_tree_overflow() !== 0,
  };
}

function readTimeline(core: SimulatorCore, names: readonly string[]): TimelineCall[] {
  const view = new DataView(core.memory.buffer, core.call_events());
  return Array.from({ length: core.call_event_count() }, (_, i) => {
    const begin = Number(view.getBigUint64(24 * i, true));
    return {
      name: names[view.getUint32(24 * i + 16, true)] ?? '?',
      depth: view.getUint32(24 * i + 20, true),
      beginCycle: begin,
      cycles: Number(view.getBigUint64(24 * i + 8, true)) - begin,
    };
  });
}

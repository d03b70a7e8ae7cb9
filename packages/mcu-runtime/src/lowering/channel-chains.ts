// Groups a model's nodes into chains that run channel by channel, so that RAM holds one channel's maps instead of all of them.
import type { QuantizedNode, ResolvedNode } from '@bitnetmcu/models';
import type { TopGroupsNode } from '@bitnetmcu/models/internal';
import { loweringOf } from './lowerings.js';

/** Nodes that run together: one node, or a chain in which each node reads only the one before it, channel by channel. */
export type NodeGroup = readonly [ResolvedNode, ...ResolvedNode[]];

/**
 * The nodes in order, grouped into the longest possible chains.
 * A chain starts at any node that gives whole channels one after another (a convolution over all input channels too)
 * and goes on while each tensor has exactly one reader that works on single channels.
 */
export function channelChains(nodes: readonly ResolvedNode[]): NodeGroup[] {
  const readers = readersOf(nodes);
  const soleReader = ({ node }: ResolvedNode) => {
    const all = readers.get(node.name) ?? [];
    return all.length === 1 ? all[0] : undefined;
  };
  const grouped = new Set<ResolvedNode>();
  const groups: NodeGroup[] = [];
  for (const first of nodes) {
    if (grouped.has(first)) continue;
    const chain: [ResolvedNode, ...ResolvedNode[]] = [first];
    if (startsChain(first.node)) {
      for (let next = soleReader(first); next && worksPerChannel(next.node); next = soleReader(next)) chain.push(next);
    }
    for (const resolved of chain) grouped.add(resolved);
    groups.push(chain);
  }
  return groups;
}

/**
 * The nodes behind a chain of more than one channel that make its int32 maps activations: `flatten` nodes and a ShiftNorm, each the only
 * reader of the one before. Undefined where the chain does not end so.
 */
export function shiftNormBehind(
  group: NodeGroup,
  readers: ReadonlyMap<string, readonly ResolvedNode[]>,
): readonly ResolvedNode[] | undefined {
  const last = group.at(-1)!;
  const isChain = startsChain(group[0].node) && last.outputShape.length === 3 && last.outputShape[0] > 1;
  if (!isChain || last.outputType !== 'int32') return undefined;
  const behind: ResolvedNode[] = [];
  for (;;) {
    const all = readers.get((behind.at(-1) ?? last).node.name) ?? [];
    const next = all.length === 1 ? all[0]! : undefined;
    if (next === undefined || (next.node.op !== 'flatten' && next.node.op !== 'shiftNorm')) return undefined;
    behind.push(next);
    if (next.node.op === 'shiftNorm') return behind;
  }
}

/** A node that chooses. */
export type Choice = ResolvedNode & { readonly node: TopGroupsNode };

/**
 * The node behind a chain of maps that chooses among its channels, so that the others need not run. Undefined where something else reads the maps.
 */
export function choiceBehind(
  group: NodeGroup,
  readers: ReadonlyMap<string, readonly ResolvedNode[]>,
): Choice | undefined {
  const last = group.at(-1)!;
  const isChain = startsChain(group[0].node) && last.outputShape.length === 3 && last.outputShape[0] > 1;
  const all = readers.get(last.node.name) ?? [];
  return isChain && all.length === 1 && choosesAmong(all[0]!, last) ? all[0] : undefined;
}

/** Whether a node chooses among the channels of maps. */
export function choosesAmong(choice: ResolvedNode, { node, outputShape }: ResolvedNode): choice is Choice {
  return choice.node.op === 'topGroups' && choice.node.inputs[0] === node.name && outputShape.length === 3;
}

/** The nodes that read each tensor. */
export function readersOf(nodes: readonly ResolvedNode[]): ReadonlyMap<string, readonly ResolvedNode[]> {
  const readers = new Map<string, ResolvedNode[]>();
  for (const resolved of nodes) {
    for (const name of resolved.node.inputs) readers.set(name, [...(readers.get(name) ?? []), resolved]);
  }
  return readers;
}

/** Whether output channel c depends on input channel c alone. */
function worksPerChannel(node: QuantizedNode): boolean {
  return loweringOf(node).perChannel(node);
}

function startsChain(node: QuantizedNode): boolean {
  return worksPerChannel(node) || node.op === 'conv2d';
}

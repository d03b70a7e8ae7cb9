// Where tensors come from: those that only move or pool the sample, and the node that gives the logits.
import type { ResolvedNode } from '@bitnetmcu/models';
import { INPUT } from '@bitnetmcu/models/internal';
import { loweringOf } from './lowerings.js';

/** The name of the node whose tensor `node` gives: its own, or through `flatten` nodes that of the node flattened. */
export function flattenedSource(nodes: readonly ResolvedNode[], { node }: ResolvedNode): string {
  if (node.op !== 'flatten' || node.inputs[0] === INPUT) return node.name;
  return flattenedSource(nodes, nodes.find((other) => other.node.name === node.inputs[0])!);
}

/** The sample itself and what only moves or pools it. */
export function tensorsOfSample(nodes: readonly ResolvedNode[]): Set<string> {
  const names = new Set<string>([INPUT]);
  for (const { node } of nodes) {
    if (loweringOf(node).keepsMode && names.has(node.inputs[0]!)) names.add(node.name);
  }
  return names;
}

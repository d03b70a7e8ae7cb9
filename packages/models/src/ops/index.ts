// The registry of operations. To add one, write its file and its line in `ops`: the union of nodes, the schemas of models and files,
// shapes, bounds, the reference, the summary and the random networks are built from it, and the compiler shows who else must know it.
import { unknownName } from '@bitnetmcu/quant/internal';
import { ModelError } from '../errors.js';
import type { QuantizedWeights } from '../quantized-weights.js';
import { add } from './add.js';
import { avgPool2d } from './avg-pool2d.js';
import { concat } from './concat.js';
import { conv2d } from './conv2d.js';
import { crop } from './crop.js';
import { flatten } from './flatten.js';
import { linear } from './linear.js';
import { lookup } from './lookup.js';
import { maxAbsNorm } from './max-abs-norm.js';
import { maxPool2d } from './max-pool2d.js';
import type { AnyNode, OpDefinition } from './op-definition.js';
import { reluShift } from './relu-shift.js';
import { requantize } from './requantize.js';
import { rmsNorm } from './rms-norm.js';
import { shiftNorm } from './shift-norm.js';
import { topGroups } from './top-groups.js';
import { topRelu } from './top-relu.js';

/** Every operation by its name, in the order of the documentation. */
export const ops = {
  linear,
  conv2d,
  shiftNorm,
  maxAbsNorm,
  rmsNorm,
  reluShift,
  topRelu,
  requantize,
  lookup,
  maxPool2d,
  avgPool2d,
  crop,
  flatten,
  add,
  concat,
  topGroups,
};

/** The name of an operation. */
export type NodeOp = keyof typeof ops;

/** The node of one operation. */
export type NodeOf<O extends NodeOp> = (typeof ops)[O] extends OpDefinition<infer N, infer _> ? N : never;

/** A node of a QuantizedModel. */
export type QuantizedNode = { [O in NodeOp]: NodeOf<O> }[NodeOp];

/** A node that has weights. */
export type WeightedNode = Extract<QuantizedNode, { readonly weights: QuantizedWeights }>;

/** The names of all operations, in the order of the documentation. */
export const NODE_OPS = Object.keys(ops) as readonly NodeOp[];

/** What each operation computes, in a line of Markdown. */
export const OP_MEANINGS = Object.fromEntries(Object.values(ops).map(({ op, meaning }) => [op, meaning])) as Readonly<
  Record<NodeOp, string>
>;

/**
 * The definition of a node's operation.
 * @throws ModelError `unknown-operation`
 */
export function opOf<N extends AnyNode>(node: N): OpDefinition<N> {
  const found = Object.hasOwn(ops, node.op) ? ops[node.op as NodeOp] : undefined;
  if (found !== undefined) return found as unknown as OpDefinition<N>;
  throw new ModelError('unknown-operation', `Node '${node.name}': ${unknownName('operation', node.op, NODE_OPS)}`);
}

/** Whether a node has weights. */
export function isWeightedNode(node: QuantizedNode): node is WeightedNode {
  return opOf(node).matrix !== undefined;
}

// The registry of lowerings: how each operation of the model becomes steps. An operation of @bitnetmcu/models that is missing here does
// not compile.
import type { NodeOf, NodeOp, QuantizedNode } from '@bitnetmcu/models';
import { RuntimeError } from '../errors.js';
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
import type { NodeLowering } from './node-lowering.js';
import { reluShift } from './relu-shift.js';
import { requantize } from './requantize.js';
import { rmsNorm } from './rms-norm.js';
import { shiftNorm } from './shift-norm.js';
import { topGroups } from './top-groups.js';
import { topRelu } from './top-relu.js';

export const LOWERINGS: { readonly [O in NodeOp]: NodeLowering<NodeOf<O>> } = {
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

/**
 * The lowering of a node.
 * @throws RuntimeError `unknown-op` where the C runtime has no operation for it
 */
export function loweringOf<N extends QuantizedNode>(node: N): NodeLowering<N> {
  const found = Object.hasOwn(LOWERINGS, node.op) ? LOWERINGS[node.op] : undefined;
  if (found !== undefined) return found as unknown as NodeLowering<N>;
  throw new RuntimeError(
    'unknown-op',
    `Node "${node.name}" (${node.op}) has no form in the C runtime, which knows ${Object.keys(LOWERINGS).join(', ')}: run the model with the TypeScript reference.`,
  );
}

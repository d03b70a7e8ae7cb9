// The registry of operations as ONNX. An operation of @bitnetmcu/models that is missing here does not compile.
import type { NodeOf, NodeOp, QuantizedNode } from '@bitnetmcu/models';
import { ExporterError } from '../../../errors.js';
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
import type { OnnxOp } from './onnx-op.js';
import { reluShift } from './relu-shift.js';
import { requantize } from './requantize.js';
import { rmsNorm } from './rms-norm.js';
import { shiftNorm } from './shift-norm.js';
import { topGroups } from './top-groups.js';
import { topRelu } from './top-relu.js';

export const ONNX_OPS: { readonly [O in NodeOp]: OnnxOp<NodeOf<O>> } = {
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
 * How a node is written as ONNX.
 * @throws ExporterError `unsupported-node` where its operation has no file here
 */
export function onnxOpOf<N extends QuantizedNode>(node: N): OnnxOp<N> {
  const found = Object.hasOwn(ONNX_OPS, node.op) ? ONNX_OPS[node.op] : undefined;
  if (found !== undefined) return found as unknown as OnnxOp<N>;
  throw new ExporterError(
    'unsupported-node',
    `Node "${node.name}" (${node.op}) has no form in exported ONNX, which knows ${Object.keys(ONNX_OPS).join(', ')}: write it in packages/exporter/src/onnx/export/ops, or export C.`,
    { layer: node.name },
  );
}

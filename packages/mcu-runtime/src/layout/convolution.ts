// Lowers a convolution.
import type { Conv2dNode } from '@bitnetmcu/models';
import { checkCount } from './limits.js';
import type { Plane } from './lower-chain.js';
import type { Buffer, Conv2dStep } from './program.js';
import { layerTables, type WeightLayout } from './weight-layout.js';

const TAP_BYTES = 2;

/**
 * @param buffers what the step reads and writes; `taps` grows to hold one kernel
 * @throws RuntimeError `model-too-large`
 */
export function convolutionStep(
  layout: WeightLayout,
  node: Conv2dNode,
  input: Plane,
  output: Plane,
  buffers: { readonly x: Buffer; readonly y: Buffer; readonly taps: Buffer },
): Conv2dStep {
  const kernelSize = node.kernel[0] * node.kernel[1];
  const groupInputs = node.inChannels / node.groups;
  const columns = groupInputs * kernelSize;
  checkCount(node.name, 'weights an output channel', columns);
  const tables = layerTables(layout.convolution, node.weights, node.outChannels, columns, 'activations');
  buffers.taps.bytes = Math.max(buffers.taps.bytes, kernelSize * TAP_BYTES);
  return {
    op: 'conv2d',
    node: node.name,
    element: input.element,
    ...buffers,
    groups: node.groups,
    groupInputs,
    groupOutputs: node.outChannels / node.groups,
    height: input.height,
    width: input.width,
    outHeight: output.height,
    outWidth: output.width,
    kernel: node.kernel,
    stride: node.stride,
    padding: node.padding,
    rowBytes: tables.weights.length / node.outChannels,
    tables,
  };
}

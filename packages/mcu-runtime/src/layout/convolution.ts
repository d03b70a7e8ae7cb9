// Lowers a convolution, and the linear layers that run as one.
import type { Conv2dNode, LinearNode } from '@bitnetmcu/models';
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
  const tables = layerTables(layout.convolution, node.weights, node.outChannels, columns);
  buffers.taps.bytes = Math.max(buffers.taps.bytes, kernelSize * TAP_BYTES);
  return {
    op: 'conv2d',
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

/** A linear layer over int32 activations: a 1×1 convolution whose channels are the features. */
export function linearAsConvolution(node: LinearNode): Conv2dNode {
  return {
    op: 'conv2d',
    name: node.name,
    inputs: node.inputs,
    inChannels: node.inFeatures,
    outChannels: node.outFeatures,
    kernel: [1, 1],
    stride: [1, 1],
    padding: 0,
    groups: 1,
    weights: node.weights,
  };
}

// conv2d: all channels at once, or inside a channel loop the current one.
import type { Conv2dNode, Pair, TensorType } from '@bitnetmcu/models/internal';
import { layerTables, type WeightLayout } from '../layout/weight-layout.js';
import { checkCount } from './limits.js';
import { isPadded, type NodeLowering, type Plane, planeOf } from './node-lowering.js';
import {
  type Buffer,
  type FieldValues,
  type LayerTables,
  type OnBuffers,
  type StepDefinition,
  TABLE_FIELDS,
  tableValues,
} from './step.js';

export interface Conv2dStep extends OnBuffers {
  readonly op: 'conv2d';
  readonly element: TensorType;
  readonly groups: number;
  readonly groupInputs: number;
  readonly groupOutputs: number;
  readonly height: number;
  readonly width: number;
  readonly outHeight: number;
  readonly outWidth: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly rowBytes: number;
  readonly taps: Buffer;
  readonly tables: LayerTables;
}

const NUMBERS = { CONV2D_I8: 2, CONV2D_I32: 3 } as const;

/** What the records of all convolutions begin with. */
export const CONVOLUTION_FIELDS = {
  groups: 'u16',
  groupInputs: 'u16',
  groupOutputs: 'u16',
  height: 'u16',
  width: 'u16',
  outHeight: 'u16',
  outWidth: 'u16',
  kernelHeight: 'u8',
  kernelWidth: 'u8',
  strideY: 'u8',
  strideX: 'u8',
  paddingY: 'u8',
  paddingX: 'u8',
  rowBytes: 'u16',
  kernel: 'u8',
  scratch: 'buffer',
  ...TABLE_FIELDS,
} as const;

/** @param scratch for the weights of one kernel as int16, or all that a fast kernel wants */
export function convolutionValues(
  step: Omit<Conv2dStep, 'op' | 'taps'>,
  scratch: Buffer,
): FieldValues<typeof CONVOLUTION_FIELDS> {
  const { groups, groupInputs, groupOutputs, height, width, outHeight, outWidth, rowBytes, tables } = step;
  return {
    ...{ groups, groupInputs, groupOutputs, height, width, outHeight, outWidth, rowBytes, scratch },
    kernelHeight: step.kernel[0],
    kernelWidth: step.kernel[1],
    strideY: step.stride[0],
    strideX: step.stride[1],
    paddingY: step.padding[0],
    paddingX: step.padding[1],
    kernel: tables.kernel,
    ...tableValues(tables),
  };
}

export const conv2dStep: StepDefinition<Conv2dStep, typeof CONVOLUTION_FIELDS> = {
  record: 'conv2d',
  numbers: NUMBERS,
  comment: 'all channels, or inside BNM_OP_CHANNELS the current one',
  fields: CONVOLUTION_FIELDS,
  number: ({ element }) => (element === 'int8' ? NUMBERS.CONV2D_I8 : NUMBERS.CONV2D_I32),
  n: () => 0,
  values: (step) => convolutionValues(step, step.taps),
  elements: ({ element }) => ({ x: element, y: 'int32' }),
};

export const conv2d: NodeLowering<Conv2dNode> = {
  perChannel: isDepthwise,
  planes: ({ node, layout, plane, result, taps }) => [
    {
      result,
      inPlace: plane.element === 'int32' && !isPadded(node.padding),
      build: (x, y) => convolutionStep(layout, node, plane, result, { x, y, taps }),
    },
  ],
  whole({ node, resolved, layout, input, output, push }) {
    const x = input();
    const plane = planeOf(resolved.inputShapes[0]!, x.element);
    const result = planeOf(resolved.outputShape, 'int32');
    const y = output('int32', resolved.outputShape);
    const taps: Buffer = { place: 'ram', bytes: 0 };
    push(convolutionStep(layout, node, plane, result, { x: x.buffer, y, taps }));
  },
};

/** One input channel for each output channel. */
export function isDepthwise(node: Conv2dNode): boolean {
  return node.groups === node.inChannels && node.groups === node.outChannels;
}

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

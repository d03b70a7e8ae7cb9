// Convolutions of one group with many output channels, which the kernels of linear layers run window by window (bnm_patch_layer of
// c/fast/bnm_fast.h), up to their ShiftNorm or requantization.
import type { ResolvedNode } from '@bitnetmcu/models';
import { type Conv2dNode, elementCount, type Pair } from '@bitnetmcu/models/internal';
import { layerTables, type PatchesLayout } from '../layout/weight-layout.js';
import { CONVOLUTION_FIELDS, type Conv2dStep, convolutionValues } from './conv2d.js';
import { planeOf } from './node-lowering.js';
import { type Buffer, ELEMENT_BYTES, type StepDefinition } from './step.js';

/** A convolution over int8 with its pooling and what makes int8 of it. */
export interface ConvPatchesStep extends Omit<Conv2dStep, 'op' | 'taps' | 'element'> {
  readonly op: 'convPatches';
  /** The name of its convolution. */
  readonly layers: readonly [string];
  /** By a ShiftNorm over all channels; else it is requantized. */
  readonly norm: boolean;
  readonly rows: number;
  readonly columns: number;
  readonly pool: Pair;
  readonly shift: number;
  readonly min: number;
  readonly max: number;
  readonly macs: number;
  readonly scratch: Buffer;
}

const FIELDS = {
  ...CONVOLUTION_FIELDS,
  rows: 'u16',
  columns: 'u16',
  poolHeight: 'u8',
  poolWidth: 'u8',
  shift: 'u8',
  min: 'i32',
  max: 'i32',
} as const;

const NUMBERS = { PATCHES_NORM: 31, PATCHES_REQUANTIZE: 32 } as const;

export const convPatchesStep: StepDefinition<ConvPatchesStep, typeof FIELDS> = {
  record: 'conv_patches',
  numbers: NUMBERS,
  comment:
    'all channels, n is 0; only where BNM_FAST_KERNELS is defined; begins as the record of BNM_OP_CONV2D_I8, with the kernel of a linear layer',
  fields: FIELDS,
  number: ({ norm }) => (norm ? NUMBERS.PATCHES_NORM : NUMBERS.PATCHES_REQUANTIZE),
  n: () => 0,
  values: (step) => ({
    ...convolutionValues({ ...step, element: 'int8' }, step.scratch),
    ...{ rows: step.rows, columns: step.columns, poolHeight: step.pool[0], poolWidth: step.pool[1] },
    ...{ shift: step.shift, min: step.min, max: step.max },
  }),
  elements: () => ({ x: 'int8', y: 'int8' }),
};

/** From where on a list of a window's elements pays. */
const FEWEST_ELEMENTS = 32;
/** An element's word is found by a 16-bit offset in bytes. */
const MOST_ELEMENTS = 16_383;

/** Whether linear kernels run a convolution faster than others. */
export function paysAsPatches({ fewestChannels }: PatchesLayout, conv: Conv2dNode): boolean {
  const elements = conv.inChannels * conv.kernel[0] * conv.kernel[1];
  const isWide = conv.outChannels >= fewestChannels(conv.weights.format) && elements >= FEWEST_ELEMENTS;
  return conv.groups === 1 && isWide && elements <= MOST_ELEMENTS;
}

/** How a convolution ends. */
export interface PatchesEnd {
  /** The node whose tensor it gives. */
  readonly node: string;
  readonly norm: boolean;
  readonly pool: Pair;
  readonly shift: number;
  readonly min: number;
  readonly max: number;
}

/**
 * @throws RuntimeError `model-too-large`
 */
export function buildConvPatches(
  { pack }: PatchesLayout,
  conv: Conv2dNode,
  { inputShapes, outputShape }: ResolvedNode,
  end: PatchesEnd,
  buffers: { readonly x: Buffer; readonly y: Buffer },
): ConvPatchesStep {
  const input = planeOf(inputShapes[0]!, 'int8');
  const { height, width } = planeOf(outputShape, 'int32');
  const elements = conv.inChannels * conv.kernel[0] * conv.kernel[1];
  const rows = Math.floor(height / end.pool[0]);
  const columns = Math.floor(width / end.pool[1]);
  const accumulators = conv.outChannels * (end.pool[0] * end.pool[1] > 1 ? 2 : 1);
  const bytes = ELEMENT_BYTES.int32 * accumulators + elements + (end.norm ? rows * columns : 0);
  return {
    op: 'convPatches',
    layers: [conv.name],
    ...buffers,
    ...end,
    ...{ rows, columns },
    groups: 1,
    groupInputs: conv.inChannels,
    groupOutputs: conv.outChannels,
    height: input.height,
    width: input.width,
    outHeight: height,
    outWidth: width,
    kernel: conv.kernel,
    stride: conv.stride,
    padding: conv.padding,
    rowBytes: 0,
    tables: layerTables(pack, conv.weights, conv.outChannels, elements, 'activations'),
    macs: elementCount(outputShape) * elements,
    scratch: { place: 'ram', bytes },
  };
}

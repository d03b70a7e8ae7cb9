// A convolution with its ReLU, pooling and ShiftNorm, which the fast kernel bnm_conv_norm runs as one step (c/fast/bnm_fast.h).
import type { ResolvedNode } from '@bitnetmcu/models';
import { type Conv2dNode, elementCount, type ShiftNormNode } from '@bitnetmcu/models/internal';
import { getFormat } from '@bitnetmcu/quant';
import type { WeightLayout } from '../layout/weight-layout.js';
import { CONVOLUTION_FIELDS, type Conv2dStep, convolutionStep, convolutionValues } from './conv2d.js';
import { isHalving } from './geometry.js';
import { MAX_COUNT } from './limits.js';
import { isPadded, type Plane, planeOf } from './node-lowering.js';
import { type Buffer, ELEMENT_BYTES, type StepDefinition } from './step.js';

/** A convolution over int8 with its ReLU, pooling and ShiftNorm. */
export interface ConvNormStep extends Omit<Conv2dStep, 'op' | 'taps'> {
  readonly op: 'convNorm';
  /** The name of its convolution. */
  readonly layers: readonly [string];
  /** After ReLU. */
  readonly shift: number;
  /** Whether there is 2×2 max pooling. */
  readonly pools: boolean;
  /** Of the scratch, for weights as integers; 0 where the kernel lists packed codes. */
  readonly weightBytes: number;
  /** Whether the kernel reads weights through a function that lists elements. */
  readonly lists: boolean;
  readonly macs: number;
  readonly scratch: Buffer;
}

const FIELDS = { ...CONVOLUTION_FIELDS, shift: 'u8', pools: 'u8', weightBytes: 'u16' } as const;

export const convNormStep: StepDefinition<ConvNormStep, typeof FIELDS> = {
  record: 'conv_norm',
  numbers: { CONV_NORM: 18 },
  comment:
    'all channels, n is 0; only where BNM_FAST_KERNELS or BNM_AVR_KERNELS is defined; begins as the record of BNM_OP_CONV2D_I8',
  fields: FIELDS,
  number: () => 18,
  n: () => 0,
  values: (step) => ({
    ...convolutionValues(step, step.scratch),
    shift: step.shift,
    pools: Number(step.pools),
    weightBytes: step.weightBytes,
  }),
  elements: () => ({ x: 'int8', y: 'int8' }),
};

/** Nodes that the kernel can run as one. */
export interface ConvNorm {
  /** From the convolution to the ShiftNorm, in order. */
  readonly nodes: readonly ResolvedNode[];
  readonly conv: Conv2dNode;
  readonly norm: ShiftNormNode;
  /** Of the ReLU; 0 where there is none besides the ShiftNorm's own. */
  readonly shift: number;
  readonly pools: boolean;
}

/** BNM_CONV_NORM_WEIGHTS of c/fast/bnm_fast.h. */
const MAX_TAPS = 130;
/** A weight in the list of elements, and the same as an integer. */
const TAP_BYTES = 2;
/** The offset of an element from the first one under a row of weights is 16 bits, and so is the number of results of a channel. */
const MAX_ELEMENTS = MAX_COUNT;

/**
 * The convolution that starts at a node and goes up to a ShiftNorm, or undefined where the kernel does not know what stands between
 * them: it knows one ReLU with its shift, one 2×2 maximum and `flatten`, each read by the next one alone. The input must be int8.
 * @param readers every tensor's readers
 */
export function convNormAt(
  first: ResolvedNode,
  readers: ReadonlyMap<string, readonly ResolvedNode[]>,
  inputType: 'int8' | 'int32',
): ConvNorm | undefined {
  const { node: conv } = first;
  if (conv.op !== 'conv2d' || inputType !== 'int8') return undefined;
  const [, height, width] = first.inputShapes[0] as readonly [number, number, number];
  const padded = (height + 2 * conv.padding[0]) * (width + 2 * conv.padding[1]);
  if ((conv.inChannels / conv.groups) * padded > MAX_ELEMENTS) return undefined;
  const nodes = [first];
  let shift: number | undefined;
  let pools = false;
  let isFlat = false;
  for (;;) {
    const all: readonly ResolvedNode[] = readers.get(nodes.at(-1)!.node.name) ?? [];
    const next = all.length === 1 ? all[0]! : undefined;
    if (next === undefined) return undefined;
    nodes.push(next);
    const { node } = next;
    if (node.op === 'shiftNorm') return { nodes, conv, norm: node, shift: shift ?? 0, pools };
    if (node.op === 'flatten') isFlat = true;
    else if (node.op === 'reluShift' && shift === undefined) shift = node.shift;
    else if (isHalving(node) && !pools && !isFlat) pools = true;
    else return undefined;
  }
}

/** @throws RuntimeError `model-too-large` */
export function buildConvNorm(
  layout: WeightLayout,
  { nodes, conv, norm, shift, pools }: ConvNorm,
  buffers: { readonly x: Buffer; readonly y: Buffer },
): ConvNormStep {
  const [first] = nodes as readonly [ResolvedNode];
  const input = planeOf(first.inputShapes[0]!, 'int8');
  const output = planeOf(first.outputShape, 'int32');
  const scratch: Buffer = { place: 'ram', bytes: 0 };
  const { taps: _, ...step } = convolutionStep(layout, conv, input, output, { ...buffers, taps: scratch });
  const weights = step.groupInputs * conv.kernel[0] * conv.kernel[1];
  const { lists, bytes, weightBytes } = scratchOf(layout, conv, weights, pools, output);
  scratch.bytes = bytes + conv.outChannels + (lists ? paddedBytes(conv, input) : 0);
  const macs = elementCount(first.outputShape) * weights;
  return {
    ...step,
    op: 'convNorm',
    node: norm.name,
    layers: [conv.name],
    scratch,
    shift,
    pools,
    weightBytes,
    macs,
    lists,
  };
}

/** Sums of one channel and its weights. */
function scratchOf(
  { convNorm }: WeightLayout,
  { weights: { format }, kernel }: Conv2dNode,
  weights: number,
  pools: boolean,
  { height, width }: Plane,
): Pick<ConvNormStep, 'lists' | 'weightBytes'> & { readonly bytes: number } {
  if (convNorm === 'integers') {
    // Of pooled channels two rows, and what is left of all.
    const sums = pools ? 2 * width + Math.floor(height / 2) * Math.floor(width / 2) : height * width;
    const weightBytes = TAP_BYTES * kernel[0] * kernel[1];
    return { lists: false, weightBytes, bytes: ELEMENT_BYTES.int32 * sums + weightBytes };
  }
  const listBytes = TAP_BYTES * Math.min(weights, MAX_TAPS);
  // A list function of the format's own reads the packed codes.
  const weightBytes = getFormat(format).fast?.list === undefined ? listBytes : 0;
  return { lists: true, weightBytes, bytes: ELEMENT_BYTES.int32 * height * width + listBytes + weightBytes };
}

/** The planes with their padding, where there is any. */
function paddedBytes({ inChannels, padding }: Conv2dNode, { height, width }: Plane): number {
  return isPadded(padding) ? inChannels * (height + 2 * padding[0]) * (width + 2 * padding[1]) : 0;
}

// The chain of convolutions that the fast kernels bnm_conv_chain_* run as one step (c/fast/bnm_fast.h): when a model has it, and how
// its weights are laid out.
import type { ResolvedNode, Shape } from '@bitnetmcu/models';
import {
  type Conv2dNode,
  elementCount,
  nodeIntegers,
  type ReluShiftNode,
  type ShiftNormNode,
} from '@bitnetmcu/models/internal';
import type { ConvChainKernel } from '../layout/weight-layout.js';
import { choosesAmong } from './channel-chains.js';
import { isDepthwise } from './conv2d.js';
import { hasPairs, isHalving } from './geometry.js';
import type { Buffer, LayerTables, OnBuffers, StepDefinition } from './step.js';

/** A chain of convolutions from the sample to the activations behind the ShiftNorm. */
export interface ConvChainStep extends OnBuffers {
  readonly op: 'convChain';
  /** The names of its convolutions, at most three. */
  readonly layers: readonly string[];
  readonly channels: number;
  readonly shifts: readonly [number, number, number];
  /** Multiply-accumulates of them, where nothing is skipped. */
  readonly macs: number;
  readonly scratch: Buffer;
  /** Marks of the channels that run; absent: all of them. */
  readonly chosen: Buffer | undefined;
  readonly tables: Pick<LayerTables, 'kernel' | 'weights'>;
}

const FIELDS = {
  shift1: 'u8',
  shift2: 'u8',
  shift3: 'u8',
  kernel: 'u8',
  scratch: 'buffer',
  chosen: 'optionalBuffer',
  weights: 'table',
  convolutions: 'u8',
} as const;

export const convChainStep: StepDefinition<ConvChainStep, typeof FIELDS> = {
  record: 'conv_chain',
  numbers: { CONV_CHAIN: 17 },
  comment: 'n channels; only where BNM_FAST_KERNELS or BNM_AVR_KERNELS is defined',
  fields: FIELDS,
  number: () => 17,
  n: ({ channels }) => channels,
  values: ({ shifts: [shift1, shift2, shift3], scratch, chosen, layers, tables: { kernel, weights } }) => ({
    ...{ shift1, shift2, shift3, kernel, scratch, chosen, weights },
    convolutions: layers.length,
  }),
  elements: () => ({ x: 'int8', y: 'int8' }),
};

/** A chain that the fast kernels can run. */
export interface ConvChain {
  /** From the first convolution to the ShiftNorm, in order. */
  readonly nodes: readonly ResolvedNode[];
  /** One or two up to the first pooling, or three. */
  readonly convolutions:
    | readonly [Conv2dNode]
    | readonly [Conv2dNode, Conv2dNode]
    | readonly [Conv2dNode, Conv2dNode, Conv2dNode];
  /** Behind each convolution; 0 where there is none. */
  readonly shifts: readonly [number, number, number];
  readonly channels: number;
  /** Channels of which a group is chosen or not stand together; 1 where all run. */
  readonly groups: number;
  /** The tensor that it reads, and the node whose activations it gives. */
  readonly input: string;
  readonly norm: ShiftNormNode;
}

const SAMPLE: Shape = [1, 16, 16];
const MAX_CHANNELS = 256;
const TAPS = 9;
/** Tables are whole words. */
const WORD_BYTES = 4;
const INT16_MAX = 32_767;
/** Of the first convolution: its halves of words hold 16 bits. */
const MAX_FIRST_SHIFT = 15;

/**
 * The chain that starts at a node, or undefined where the kernels do not give the reference's bits for every input: another
 * order of nodes (but for a choice among the channels behind the last pooling) or shape, kernels other than 3×3 with stride 1 and no padding, biases, output shifts, weights beyond int8, a
 * first map beyond int16, or a tensor inside that something else reads too.
 * @param readers every tensor's readers
 */
export function convChainAt(
  first: ResolvedNode,
  readers: ReadonlyMap<string, readonly ResolvedNode[]>,
): ConvChain | undefined {
  const nodes: ResolvedNode[] = [];
  let choice: ResolvedNode | undefined;
  let next: ResolvedNode | undefined = first;
  while (next !== undefined && next.node.op !== 'linear') {
    if (next.node.op === 'topGroups') {
      const before = nodes.at(-1);
      if (choice !== undefined || before === undefined || !choosesAmong(next, before)) return undefined;
      choice = next;
    } else if (choice !== undefined && next.node.op !== 'flatten' && next.node.op !== 'shiftNorm') {
      return undefined;
    }
    nodes.push(next);
    if (next.node.op === 'shiftNorm') break;
    const all: readonly ResolvedNode[] = readers.get(next.node.name) ?? [];
    next = all.length === 1 ? all[0] : undefined;
  }
  const [conv1, relu1, conv2, relu2, pool2, ...behind] = nodes
    .filter((resolved) => resolved !== choice)
    .map(({ node }) => node);
  const norm = nodes.at(-1)?.node;
  if (!isPlainConv(conv1) || !isRelu(relu1) || norm?.op !== 'shiftNorm' || conv1.groups !== 1) return undefined;
  const isSample = first.inputShapes[0]!.join() === SAMPLE.join();
  if (!isSample || conv1.outChannels > MAX_CHANNELS || relu1.shift > MAX_FIRST_SHIFT) return undefined;
  if (largestSum(conv1) >> relu1.shift > INT16_MAX) return undefined;
  const groups = choice === undefined ? 1 : choice.inputShapes[1]![0];
  const chain = { nodes, channels: conv1.outChannels, groups, input: conv1.inputs[0]!, norm };
  if (isHalving(conv2) && isFlatNorm([relu2, pool2, ...behind].filter((node) => node !== undefined))) {
    return { ...chain, convolutions: [conv1], shifts: [relu1.shift, 0, 0] };
  }
  if (!isPlainConv(conv2) || !isDepthwise(conv2) || !isRelu(relu2) || !isHalving(pool2)) return undefined;
  if (isFlatNorm(behind)) {
    return { ...chain, convolutions: [conv1, conv2], shifts: [relu1.shift, relu2.shift, 0] };
  }
  const [conv3, relu3, pool3, ...rest] = behind;
  if (!isPlainConv(conv3) || !isDepthwise(conv3) || !isRelu(relu3) || !isHalving(pool3) || !isFlatNorm(rest)) {
    return undefined;
  }
  return { ...chain, convolutions: [conv1, conv2, conv3], shifts: [relu1.shift, relu2.shift, relu3.shift] };
}

/** A ShiftNorm, with or without `flatten` before it. */
function isFlatNorm(nodes: readonly MaybeNode[]): boolean {
  return nodes.length === 1 || (nodes.length === 2 && nodes[0]!.op === 'flatten');
}

type MaybeNode = ResolvedNode['node'] | undefined;

function isPlainConv(node: MaybeNode): node is Conv2dNode {
  return (
    node?.op === 'conv2d' &&
    hasPairs([node.kernel, 3], [node.stride, 1], [node.padding, 0]) &&
    node.weights.outputShifts === undefined &&
    node.weights.bias === undefined &&
    nodeIntegers(node).every((weight) => weight >= -128 && weight <= 127)
  );
}

function isRelu(node: MaybeNode): node is ReluShiftNode {
  return node?.op === 'reluShift';
}

/** The largest sum that int8 inputs can give in any channel of a convolution over one plane. */
function largestSum(conv: Conv2dNode): number {
  const weights = nodeIntegers(conv);
  const sums = Array.from({ length: conv.outChannels }, (_, channel) =>
    taps(weights, channel).reduce((sum, weight) => sum + Math.max(127 * weight, -128 * weight), 0),
  );
  return Math.max(...sums);
}

function taps(weights: Int16Array, channel: number): Int16Array {
  return weights.subarray(TAPS * channel, TAPS * (channel + 1));
}

/**
 * The weights as bnm_conv_chain describes them. Channels are sorted by the sum of their absolute first weights: pairs of neighbours
 * run fastest where both sums are small, so that this spares the most. Groups that run or not as a whole stay together.
 */
export function packConvChain({ convolutions, channels, groups }: ConvChain): Uint8Array {
  const weights = [...convolutions].map(nodeIntegers);
  const sizes = Array.from({ length: channels }, (_, channel) =>
    taps(weights[0]!, channel).reduce((sum, weight) => sum + Math.abs(weight), 0),
  );
  const groupOf = (channel: number) => Math.floor((channel * groups) / channels);
  const order = [...sizes.keys()].sort((a, b) => groupOf(a) - groupOf(b) || sizes[a]! - sizes[b]! || a - b);
  const channelBytes = TAPS * convolutions.length + 1;
  const packed = new Uint8Array(WORD_BYTES * Math.ceil((channels * channelBytes) / WORD_BYTES));
  order.forEach((channel, position) => {
    const at = position * channelBytes;
    weights.forEach((all, layer) => {
      packed.set(taps(all, channel), at + TAPS * layer);
    });
    packed[at + channelBytes - 1] = channel;
  });
  return packed;
}

/** Working memory of the kernels for a chain, in bytes. */
export function convChainScratch(kernel: ConvChainKernel, chain: ConvChain): number {
  const { channels, convolutions } = chain;
  const scratchBytes = kernel.scratchBytes + (convolutions.length > 1 ? (kernel.windowBytes ?? 0) : 0);
  if (!kernel.writesCode) return scratchBytes + channels;
  const codes = [...convolutions].flatMap((conv) => {
    const weights = nodeIntegers(conv);
    return Array.from({ length: channels }, (_, channel) => codeBytes(taps(weights, channel)));
  });
  return scratchBytes + WORD_BYTES * Math.ceil(channels / WORD_BYTES) + Math.max(...codes);
}

/** Loads, the store between the sums and the return; each sum begins with 0. */
const CODE_BYTES = 12 * 4 + 2 + 2 + 2 * 2;

/** The code that bnm_write_conv_code of c/fast writes for two sums. */
function codeBytes(weights: Int16Array): number {
  const digits = [...weights].map(signedDigits);
  const all = digits.reduce((positions, { plus, minus }) => positions | plus | minus, 1);
  const shifts = bitCount(all & 127);
  const instructions = digits.reduce((sum, { plus, minus }) => sum + bitCount(plus) + 2 * bitCount(minus), shifts);
  return CODE_BYTES + 2 * 2 * instructions;
}

/** The canonical signed digits of a weight: bits of the digits 1 and of the digits −1. */
function signedDigits(weight: number): { readonly plus: number; readonly minus: number } {
  const half = weight >> 1;
  const sum = weight + half;
  const either = half ^ sum;
  return { plus: sum & either & 255, minus: half & either & 255 };
}

function bitCount(bits: number): number {
  return bits === 0 ? 0 : (bits & 1) + bitCount(bits >> 1);
}

/** Multiply-accumulates of the convolutions. */
export function convChainMacs({ nodes }: ConvChain): number {
  return nodes.reduce(
    (sum, { node, outputShape }) => (node.op === 'conv2d' ? sum + TAPS * elementCount(outputShape) : sum),
    0,
  );
}

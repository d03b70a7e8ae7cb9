// A convolution with its ReLU, pooling and ShiftNorm, which the fast kernel bnm_conv_norm runs as one step (c/fast/bnm_fast.h).
import type { ResolvedNode } from '@bitnetmcu/models';
import type { Conv2dNode, Pair, ShiftNormNode } from '@bitnetmcu/models/internal';
import type { WeightLayout } from '../layout/weight-layout.js';
import {
  CONV_LAYER_COMMENT,
  CONV_LAYER_FIELDS,
  type ConvLayerStep,
  type ConvTechnique,
  convLayer,
  convLayerValues,
  fitsConvLayer,
} from './conv-layer.js';
import { isTiling } from './geometry.js';
import type { Buffer, StepDefinition } from './step.js';

/** A convolution over int8 with its ReLU, pooling and ShiftNorm. */
export interface ConvNormStep extends ConvLayerStep {
  readonly op: 'convNorm';
}

export const convNormStep: StepDefinition<ConvNormStep, typeof CONV_LAYER_FIELDS> = {
  record: 'conv_layer',
  numbers: { CONV_NORM: 18 },
  comment: CONV_LAYER_COMMENT,
  fields: CONV_LAYER_FIELDS,
  number: () => 18,
  n: () => 0,
  values: convLayerValues,
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
  /** Windows of the maxima; 1×1 where there are none. */
  readonly pool: Pair;
}

/**
 * The convolution that starts at a node and goes up to a ShiftNorm, or undefined where the kernel does not know what stands between
 * them: it knows one ReLU with its shift, maxima of windows side by side and `flatten`, each read by the next one alone. The input must be int8.
 * @param readers every tensor's readers
 */
export function convNormAt(
  first: ResolvedNode,
  readers: ReadonlyMap<string, readonly ResolvedNode[]>,
  inputType: 'int8' | 'int32',
): ConvNorm | undefined {
  const { node: conv } = first;
  if (conv.op !== 'conv2d' || inputType !== 'int8' || !fitsConvLayer(conv, first)) return undefined;
  const nodes = [first];
  let shift: number | undefined;
  let pool: Pair | undefined;
  let isFlat = false;
  for (;;) {
    const all: readonly ResolvedNode[] = readers.get(nodes.at(-1)!.node.name) ?? [];
    const next = all.length === 1 ? all[0]! : undefined;
    if (next === undefined) return undefined;
    nodes.push(next);
    const { node } = next;
    if (node.op === 'shiftNorm') return { nodes, conv, norm: node, shift: shift ?? 0, pool: pool ?? [1, 1] };
    if (node.op === 'flatten') isFlat = true;
    else if (node.op === 'reluShift' && shift === undefined) shift = node.shift;
    else if (isTiling(node) && pool === undefined && !isFlat) pool = node.size;
    else return undefined;
  }
}

/** @throws RuntimeError `model-too-large` */
export function buildConvNorm(
  layout: WeightLayout,
  technique: ConvTechnique,
  { nodes, conv, norm, shift, pool }: ConvNorm,
  buffers: { readonly x: Buffer; readonly y: Buffer },
): ConvNormStep {
  const memory = { planes: conv.inChannels, shifts: conv.outChannels, pool };
  const layer = convLayer(
    layout,
    technique,
    conv,
    nodes[0]!,
    { ...buffers, scratch: { place: 'ram', bytes: 0 } },
    memory,
  );
  return { ...layer, op: 'convNorm', node: norm.name, shift, pool, min: 0, max: 0 };
}

// A convolution over int8 that is requantized to int8, with its maxima: one channel by the fast kernel bnm_conv_requantize (c/fast/bnm_fast.h).
import type { ResolvedNode } from '@bitnetmcu/models';
import type { Conv2dNode, Pair, RequantizeNode } from '@bitnetmcu/models/internal';
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
import { type Plane, type PlaneStep, planeOf } from './node-lowering.js';
import type { Buffer, StepDefinition } from './step.js';

/** A convolution over int8, requantized, with its pooling; inside a channel loop the current channel. */
export interface ConvRequantizeStep extends ConvLayerStep {
  readonly op: 'convRequantize';
}

export const convRequantizeStep: StepDefinition<ConvRequantizeStep, typeof CONV_LAYER_FIELDS> = {
  record: 'conv_layer',
  numbers: { CONV_REQUANTIZE: 30 },
  comment: CONV_LAYER_COMMENT,
  fields: CONV_LAYER_FIELDS,
  number: () => 30,
  n: () => 0,
  values: convLayerValues,
  elements: () => ({ x: 'int8', y: 'int8' }),
};

/** Nodes of a chain that the kernel runs as one. */
export interface ConvRequantize {
  readonly nodes: readonly ResolvedNode[];
  readonly conv: Conv2dNode;
  readonly requantize: RequantizeNode;
  /** Windows of the maxima; 1×1 where there are none. */
  readonly pool: Pair;
}

/**
 * What begins a chain and can run as one: a convolution over int8, its requantization to int8 and maxima of windows side by side, before or
 * behind it: a requantization keeps the order of numbers. Undefined where it is anything else.
 */
export function convRequantizeOf(nodes: readonly ResolvedNode[], plane: Plane): ConvRequantize | undefined {
  const [first, ...behind] = nodes;
  const conv = first?.node;
  if (conv?.op !== 'conv2d' || plane.element !== 'int8' || !fitsConvLayer(conv, first!)) return undefined;
  const [next, afterNext] = behind.map(({ node }) => node);
  const [pool, requantize] = isTiling(next) ? [next, afterNext] : [isTiling(afterNext) ? afterNext : undefined, next];
  if (requantize?.op !== 'requantize' || requantize.min < -128 || requantize.max > 127) return undefined;
  return { nodes: nodes.slice(0, pool ? 3 : 2), conv, requantize, pool: pool?.size ?? [1, 1] };
}

/** The step on the planes of one channel. @param scratch of all such steps of a chain @throws RuntimeError `model-too-large` */
export function convRequantizePlanes(
  layout: WeightLayout,
  technique: ConvTechnique,
  { nodes, conv, requantize, pool }: ConvRequantize,
  scratch: Buffer,
): PlaneStep {
  const { outputShape, node } = nodes.at(-1)!;
  const { shift, min, max } = requantize;
  const planes = conv.inChannels / conv.groups;
  return {
    result: planeOf(outputShape, 'int8'),
    inPlace: false,
    build: (x, y) => ({
      ...convLayer(layout, technique, conv, nodes[0]!, { x, y, scratch }, { planes, shifts: 0, pool }),
      ...{ op: 'convRequantize', node: node.name, shift, pool, min, max },
    }),
  };
}

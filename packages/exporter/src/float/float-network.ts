// What an ONNX graph means, in the layers that the runtime has: a directed graph of float layers, sample by sample.
import type { Shape } from '@bitnetmcu/models';
import type { ActivationName, Pair } from '@bitnetmcu/models/internal';

interface Base {
  /** Unique; follows the rules for names of layers and nodes. */
  readonly name: string;
  /** Layers read, or `input`. */
  readonly inputs: readonly string[];
  /** Of one sample. */
  readonly shape: Shape;
  /** Names of the ONNX nodes that became this layer. */
  readonly nodes: readonly string[];
}

export interface FloatLinear extends Base {
  readonly op: 'linear';
  readonly inFeatures: number;
  readonly outFeatures: number;
  /** Output-major. */
  readonly weight: Float32Array;
  readonly bias: Float32Array | undefined;
}

export interface FloatConv2d extends Base {
  readonly op: 'conv2d';
  readonly inShape: readonly [number, number, number];
  readonly outChannels: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  /** Zeros above and below, left and right. */
  readonly padding: Pair;
  readonly groups: number;
  /** Output-major: out, in/groups, row, column. */
  readonly weight: Float32Array;
  readonly bias: Float32Array | undefined;
}

/** y = min(max(x, 0), limit). */
export interface FloatRelu extends Base {
  readonly op: 'relu';
  readonly limit: number;
}

/** y = 2·max(x − m/2, 0), m the largest x of the sample, at least 0. */
export interface FloatTopRelu extends Base {
  readonly op: 'topRelu';
}

/** y = x in the `keep` groups of channels with the largest scores (the second input, one a group), of equal ones the first, else 0. */
export interface FloatTopGroups extends Base {
  readonly op: 'topGroups';
  readonly keep: number;
}

/** y = f(x) of each number: an activation function that integer inference looks up in a table. */
export interface FloatActivation extends Base {
  readonly op: 'activation';
  /** Its name in the registry of activations; undefined of a function that is not in there. */
  readonly function: ActivationName | undefined;
  readonly apply: (values: Float64Array) => Float64Array;
}

export interface FloatPool2d extends Base {
  readonly op: 'maxPool2d' | 'avgPool2d';
  readonly inShape: readonly [number, number, number];
  readonly size: Pair;
  readonly stride: Pair;
  /** Above and below, left and right. */
  readonly padding: Pair;
  /** Whether a mean counts the zeros of the padding. */
  readonly countIncludePad: boolean;
}

/** A window cut out of every channel. */
export interface FloatCrop extends Base {
  readonly op: 'crop';
  readonly inShape: readonly [number, number, number];
  readonly top: number;
  readonly left: number;
}

export interface FloatFlatten extends Base {
  readonly op: 'flatten';
}

export interface FloatAdd extends Base {
  readonly op: 'add';
  /** The first summand is multiplied by it; undefined: 1. */
  readonly scale?: number | undefined;
}

/** y = x·factor[c] + offset[c] for each channel (feature of a vector). Folded into weighted layers before quantization. */
export interface FloatAffine extends Base {
  readonly op: 'affine';
  readonly factor: Float64Array;
  readonly offset: Float64Array;
}

/** Static fake quantization: y = clip(round(x/step)·step, low, high). */
export interface FloatStaticQuantization extends Base {
  readonly op: 'staticQuantization';
  readonly step: number;
  readonly low: number;
  readonly high: number;
}

/** Multiplication of a whole sample by one positive number: RMS norm, L1 norm, max-abs norm; and dynamic max-abs quantization to int8. */
export interface FloatDynamicNorm extends Base {
  readonly op: 'dynamicNorm';
  readonly norm: 'rms' | 'l1' | 'none' | 'other';
  /** y = factor·round-half-even(x·127/max|x|); else y = factor·x. */
  readonly quantized: boolean;
}

export type FloatLayer =
  | FloatLinear
  | FloatConv2d
  | FloatRelu
  | FloatActivation
  | FloatTopRelu
  | FloatTopGroups
  | FloatPool2d
  | FloatCrop
  | FloatFlatten
  | FloatAdd
  | FloatAffine
  | FloatStaticQuantization
  | FloatDynamicNorm;

export type FloatWeighted = FloatLinear | FloatConv2d;

/** In topological order; the last layer gives the logits. */
export interface FloatNetwork {
  readonly name: string;
  readonly inputShape: Shape;
  /** The graph's input is factor·x + offset of the network's: what a network did to its input before the first layer. */
  readonly inputFactor: number;
  readonly inputOffset: number;
  readonly layers: readonly FloatLayer[];
  readonly producer: string;
  /** What an import left out or assumed that its user should know. */
  readonly notes?: readonly string[];
}

export function isFloatWeighted(layer: FloatLayer): layer is FloatWeighted {
  return layer.op === 'linear' || layer.op === 'conv2d';
}

/** Weights of one output. */
export function weightsPerOutput(layer: FloatWeighted): number {
  return layer.weight.length / outputsOf(layer);
}

export function outputsOf(layer: FloatWeighted): number {
  return layer.op === 'linear' ? layer.outFeatures : layer.outChannels;
}

/** How many layers read each layer (and `input`). */
export function consumersOf(layers: readonly FloatLayer[]): Map<string, FloatLayer[]> {
  const consumers = new Map<string, FloatLayer[]>();
  for (const layer of layers) {
    for (const name of layer.inputs) consumers.set(name, [...(consumers.get(name) ?? []), layer]);
  }
  return consumers;
}

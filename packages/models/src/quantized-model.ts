// QuantizedModel: the network reduced to integers. Plain data; the meaning of every operation is in reference-inference.ts.
import type { FormatName } from '@bitnetmcu/quant';
import type { Preprocessing } from './network-spec.js';

/** Shape of one activation tensor: [features] or [channels, height, width]. */
export type Shape = readonly [number] | readonly [number, number, number];

/** A value for the vertical and one for the horizontal direction. */
export type Pair = readonly [vertical: number, horizontal: number];

interface Node {
  /** Unique; the reserved name `input` is the int8 sample. */
  readonly name: string;
  /** Names of the nodes (or `input`) that this node reads, in order. */
  readonly inputs: readonly string[];
}

/** Weights of one layer: codes in canonical order (output-major: out, in/groups, kernel row, kernel column). */
export interface QuantizedWeights {
  readonly format: FormatName;
  readonly codes: Uint8Array;
  /** Per-output scaling: the accumulator of output o is shifted left by outputShifts[o] (0…15). Absent: none. */
  readonly outputShifts?: Uint8Array;
  /** int32 bias added after the output shift. Absent: none. */
  readonly bias?: Int32Array;
}

/** acc[o] = (Σ_i integer[codes[o,i]]·x[i]) << outputShifts[o] + bias[o], int32. x is int8 activations (the input, shiftNorm, maxAbsNorm, requantize to int8, lookup or what only moves those), flattened channel-major. */
export interface LinearNode extends Node {
  readonly op: 'linear';
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weights: QuantizedWeights;
}

/** Cross-correlation like LinearNode over int8 or int32 activations, int32 accumulators, zero padding above and below, left and right; groups = channels is depthwise. */
export interface Conv2dNode extends Node {
  readonly op: 'conv2d';
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernel: Pair;
  readonly stride: Pair;
  readonly padding: Pair;
  readonly groups: number;
  readonly weights: QuantizedWeights;
}

/**
 * ReLU and dynamic normalization to 7 bits: shift = bit length of (max >> 7) with max over the whole tensor (at least 0);
 * y = min(127, (acc + (1 << shift >> 1)) >> shift) for acc ≥ 0, else 0.
 */
export interface ShiftNormNode extends Node {
  readonly op: 'shiftNorm';
  readonly activation: 'relu';
}

/**
 * ReLU and dynamic normalization to 7 bits by division, as max-abs quantization in training does it: m = max over the whole tensor
 * (at least 0), t = bit length of (m >> 23), a = max(acc, 0) >> t, d = m >> t; y = ⌊(254·a + d)/(2·d)⌋, 0 where m = 0:
 * 127·acc/m rounded, halves up, exact below 2^23. ShiftNorm is faster and rounds the scale to a power of two.
 */
export interface MaxAbsNormNode extends Node {
  readonly op: 'maxAbsNorm';
  readonly activation: 'relu';
}

/** y = max(acc, 0) >> shift (no rounding, no clipping: int32 stays int32). */
export interface ReluShiftNode extends Node {
  readonly op: 'reluShift';
  readonly shift: number;
}

/**
 * Fixed requantization of static-scale networks: y = clip((acc + (1 << shift >> 1)) >> shift, min, max); min = 0 is a ReLU.
 * The output is int8 where min ≥ −128 and max ≤ 127, else int32.
 */
export interface RequantizeNode extends Node {
  readonly op: 'requantize';
  readonly shift: number;
  readonly min: number;
  readonly max: number;
}

/** y = table[x + 128]: any function of one int8. x is int8, and so is y. */
export interface LookupNode extends Node {
  readonly op: 'lookup';
  /** 256 integers of −128 … 127, for x = −128, −127 … 127. */
  readonly table: readonly number[];
}

/** The windows of a pool over each channel; the first starts `padding` before the map. */
interface PoolNode extends Node {
  readonly size: Pair;
  readonly stride: Pair;
  /** Above and below, left and right; smaller than the window, so that each window meets the map. */
  readonly padding: Pair;
}

/** Maximum of what each window has of the map. */
export interface MaxPool2dNode extends PoolNode {
  readonly op: 'maxPool2d';
}

/**
 * Mean over n elements, Σ the sum of what the window has of the map: Σ >> log2(n) where n is a power of two, else
 * (Σ·⌊2^16/n⌉ + 2^15) >> 16. n is the whole window where `countIncludePad`, else what the window has of the map.
 */
export interface AvgPool2dNode extends PoolNode {
  readonly op: 'avgPool2d';
  readonly countIncludePad: boolean;
}

export interface CropNode extends Node {
  readonly op: 'crop';
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

/** [channels, height, width] → [channels·height·width], channel-major. No operation at run time. */
export interface FlattenNode extends Node {
  readonly op: 'flatten';
}

/** y = (a << leftShift[0]) + (b << leftShift[1]), int32. */
export interface AddNode extends Node {
  readonly op: 'add';
  readonly leftShift: readonly [number, number];
}

export type QuantizedNode =
  | LinearNode
  | Conv2dNode
  | ShiftNormNode
  | MaxAbsNormNode
  | ReluShiftNode
  | RequantizeNode
  | LookupNode
  | MaxPool2dNode
  | AvgPool2dNode
  | CropNode
  | FlattenNode
  | AddNode;

/** What an import noted of the graph. */
export interface OnnxOrigin {
  /** What stood in front of the graph: comparisons with the graph need it. */
  readonly preprocessing?: Preprocessing;
  /** What scales were found on. */
  readonly calibration?: { readonly dataset: string; readonly samples: number; readonly of: number };
}

/** Where a model comes from; free-form JSON besides the named fields. */
export interface Provenance {
  /** What the network was called where it comes from, if that is no name: the file `model (1).onnx` has the title `model (1)`. */
  readonly title?: string;
  readonly tool?: string;
  readonly created?: string;
  readonly seed?: number;
  readonly dataset?: string;
  readonly datasetSha256?: string;
  /** How that data set is loaded, as the trainer's configurations say it: what `verify` and `infer` take where no other is named. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** Of networks that came from an ONNX graph. */
  readonly onnx?: OnnxOrigin;
  readonly metrics?: Readonly<Record<string, number>>;
  readonly config?: unknown;
}

/**
 * The integer network. `nodes` is in topological order; the last node's output (int32) is the logits.
 * Input: `dynamic` int8 = round-half-even(x·127/max|x|) of the preprocessed sample, or `static`: round-half-even(x·scale), both clipped to [−128, 127].
 */
export interface QuantizedModel {
  readonly name: string;
  readonly input: {
    readonly shape: Shape;
    readonly preprocessing: Preprocessing;
    readonly quantization: { readonly kind: 'dynamic' } | { readonly kind: 'static'; readonly scale: number };
  };
  readonly nodes: readonly QuantizedNode[];
  readonly labels: readonly string[];
  readonly provenance: Provenance;
}

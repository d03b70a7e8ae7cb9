// What an operation of the integer network is: everything that this package knows of it, as one record in a file of its own.
import type { FormatName } from '@bitnetmcu/quant';
import { z } from 'zod';
import type { Accumulator } from '../accumulator.js';
import type { Intervals, Range } from '../intervals.js';
import type { QuantizedWeights } from '../quantized-weights.js';
import type { SeededRandom } from '../random/seeded-random.js';
import { MAX_PADDING, MAX_WINDOW } from '../schema-parts.js';
import type { Pair, Shape, TensorType } from '../tensor-shape.js';
import type { WeightMatrix } from './weights.js';

/** What every node has. */
export interface Node {
  /** Unique; the reserved name `input` is the int8 sample. */
  readonly name: string;
  /** Names of the nodes (or `input`) that this node reads, in order. */
  readonly inputs: readonly string[];
}

/** A node whose parameters only its own operation knows. */
export interface AnyNode extends Node {
  readonly op: string;
  readonly weights?: QuantizedWeights;
}

/** The keys of a node that are its operation's own parameters. */
export type ParameterKey<N> = Exclude<keyof N, keyof AnyNode>;

/** A node without its place in the graph. */
export type Unplaced<N> = N extends Node ? Omit<N, keyof Node> : never;

/** A node with the shapes and types around it. */
export interface NodeSite<N> {
  readonly node: N;
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  readonly outputType: TensorType;
}

/** How an operation takes part in the plan of RAM; see `MemoryStep` of summary/peak-memory.ts. */
export interface MemoryRole {
  /** Whether the output may take the place of the first input, where nobody else needs that any more. */
  readonly inPlace: boolean;
  /**
   * In a chain that runs channel by channel: `start` gathers from all channels, `continue` stays in its own channel, `end` makes
   * activations of what the chain gathers.
   */
  readonly channelwise: 'start' | 'continue' | 'end' | 'no';
}

/** Where a random network goes on: the tensor that the next node will read. */
export interface RandomSite {
  readonly random: SeededRandom;
  readonly shape: Shape;
  readonly type: TensorType;
  readonly bounds: Range;
  readonly formats: readonly FormatName[];
  /** Of any tensor. */
  readonly maxElements: number;
}

/** An operation. N is its node; W what a caller of `random` may wish for, where it does not leave that to chance. */
export interface OpDefinition<N extends AnyNode, W = undefined> {
  /** Its name: its key in the registry. */
  readonly op: N['op'];
  /** What it computes, in a line of Markdown: its row of docs/integer-inference.md. */
  readonly meaning: string;
  /** A schema for each parameter of the node besides its weights. */
  readonly schema: { readonly [K in ParameterKey<N>]: z.ZodType<N[K]> };
  /** How many tensors it reads. */
  readonly inputs: 1 | 2;
  /** Set where it reads int8 activations only: what its refusal of others says behind `int8 wanted`. */
  readonly readsInt8?: string;
  /** Bytes of its constants besides weights. Default 0. */
  readonly constantBytes?: number;
  /** The size of its weights; set where the node has `weights`. It may look at the parameters only. */
  readonly matrix?: (node: Omit<N, 'weights'>) => WeightMatrix;
  /**
   * @param who the node, for messages
   * @throws ModelError `shape-mismatch`, or `invalid-model` where parameters contradict each other
   */
  shape(node: N, inputs: readonly Shape[], who: string): Shape;
  /** The type of the output. @param input of the first tensor read */
  type(node: N, input: TensorType): TensorType;
  /** The specification: a function that computes `out` from `inputs`, compiled once. Values are channel-major. */
  reference(site: NodeSite<N>, inputs: readonly Int32Array[], out: Int32Array): () => void;
  /** Set where the output is the input's memory under another shape: the reference then does nothing. */
  readonly sharesMemory?: true;
  /** The bounds of the output; every intermediate value goes to the accumulator. */
  bounds(site: NodeSite<N>, inputs: readonly Intervals[], accumulator: Accumulator): Intervals;
  /** What to do where the accumulator overflows. Default: to shift more to the right before it. */
  readonly remedy?: string;
  memory(node: N): MemoryRole;
  /** One line with the sizes of a node. */
  describe(node: N): string;
  /** Random nodes for a place, each to be tried where the one before overflows; none where it does not fit there. */
  random(site: RandomSite, wish?: W): Iterable<Unplaced<N>>;
}

/** [vertical, horizontal]. */
export function pair<T extends z.ZodType>(entry: T) {
  return z.tuple([entry, entry]);
}
/** Kernels, windows and strides, as in NetworkSpec. */
export const windowPair = pair(z.int().min(1).max(MAX_WINDOW));
export const paddingPair = pair(z.int().min(0).max(MAX_PADDING));
/** `1 << shift >> 1` and the shifts themselves stay within int32. */
export const rightShift = z.int().min(0).max(30);
export const int32 = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1);

/** Whether a window over a map starts outside of it. A padded window reads values that an earlier output would have overwritten. */
export function isPadded([vertical, horizontal]: Pair): boolean {
  return vertical + horizontal > 0;
}

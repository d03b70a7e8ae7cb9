// QuantizedModel: the network reduced to integers. Plain data; what its nodes are and mean is in ops/, one file an operation.
import type { FrontEnd } from './front-end/front-end.js';
import type { Preprocessing } from './network-spec.js';
import type { QuantizedNode } from './ops/index.js';
import type { ModelOutput } from './output/output.js';
import type { RawInput } from './raw-input/raw-input.js';
import type { Shape } from './tensor-shape.js';

export type { AvgPool2dNode } from './ops/avg-pool2d.js';
export type { Conv2dNode } from './ops/conv2d.js';
export type { QuantizedNode } from './ops/index.js';
export type { LinearNode } from './ops/linear.js';
export type { MaxPool2dNode } from './ops/max-pool2d.js';
export type { QuantizedWeights } from './quantized-weights.js';
export type { Pair, Shape } from './tensor-shape.js';

/** What an import noted of the graph. */
export interface OnnxOrigin {
  /** What stood in front of the graph: comparisons with the graph need it. */
  readonly preprocessing?: Preprocessing;
  /** Of raw values: the graph reads (value − mean)/deviation, of these numbers of each column or channel, not the values. */
  readonly standardized?: { readonly mean: readonly number[]; readonly deviation: readonly number[] } | undefined;
  /** Of a regression: whether the graph answers (value − mean)/deviation of the training targets, not values. */
  readonly standardizedTargets?: boolean | undefined;
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
  /** What trained it: `arithmetic` says which engines give the same weights from the same seed. */
  readonly engine?: Readonly<Record<string, unknown>>;
  readonly dataset?: string;
  readonly datasetSha256?: string;
  /** How that data set is loaded, as the trainer's configurations say it: what `verify` and `infer` take where no other is named. */
  readonly data?: Readonly<Record<string, unknown>>;
  /** What missing values of that data set count as: the mean of each feature in training, or of each channel of a front end. */
  readonly means?: readonly number[];
  /** What the tables it was trained on said of themselves: their decimal mark, and the name or 0-based number of the column with the class or value. */
  readonly tables?: { readonly decimal?: 'point' | 'comma'; readonly labelColumn?: string | number };
  /** Of networks that came from an ONNX graph. */
  readonly onnx?: OnnxOrigin;
  readonly metrics?: Readonly<Record<string, number>>;
  /** What logits are divided by for a softmax that gives probabilities, fitted on so many samples of this part of the data. */
  readonly probabilityScale?: { readonly divisor: number; readonly samples: number; readonly part: string };
  readonly config?: unknown;
}

/** At most `MAX_KEPT_SAMPLES` samples and `MAX_KEPT_BYTES` of inputs, at least one sample. */
export interface KeptSamples {
  /** int8 as the network takes them, one after another. */
  readonly inputs: Int8Array;
  /** The class of each; absent where there are none. */
  readonly labels?: Uint16Array | undefined;
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
    /** What a raw sample is and how its values become these int8. */
    readonly raw?: RawInput | undefined;
    /** Features of signals, whose values `raw` describes. */
    readonly frontEnd?: FrontEnd | undefined;
  };
  readonly nodes: readonly QuantizedNode[];
  /** What the logits mean; absent is classification. */
  readonly output?: ModelOutput | undefined;
  readonly labels: readonly string[];
  readonly provenance: Provenance;
  /** A few test samples, for trials where the data set is not at hand. */
  readonly samples?: KeptSamples | undefined;
}

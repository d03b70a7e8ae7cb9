// What a user chooses of quantization.
import type { Preprocessing, Provenance } from '@bitnetmcu/models';
import type { OutputSpec, RawInput } from '@bitnetmcu/models/internal';
import type { FormatChoice } from '../float/layer-codes.js';
import type { StandardizedColumns } from '../float/raw-values.js';

export interface Calibration {
  /** Raw samples one after another, in the units that the preprocessing takes (uint8 pixels, say). */
  readonly samples: ArrayLike<number>;
}

/** What holds for networks and graphs. */
export interface QuantizeOptions {
  /** Name of the model. Default: the network's, `onnx` for a graph. */
  readonly name?: string;
  /** Class names, one an output. Default: the network's, none for a graph. */
  readonly labels?: readonly string[];
  /** Where the model comes from; added to what is known of it, entry by entry. */
  readonly provenance?: Provenance;
  /**
   * Typical samples; a few hundred of the training set are enough, of every class its share: scales are chosen for these and no others
   * (`drawSamples` of @bitnetmcu/trainer draws them). Their order does not matter, 2048 at most are used, spread evenly. Needed where
   * activations get static scales; may be left out where weights are on low-bit grids and ranges are in the file (QDQ).
   */
  readonly calibration?: Calibration;
  /**
   * `scale-free`: every sample's activations are scaled by itself, no calibration. `static`: scales that calibration finds. Default: what fits:
   * biases, sums and layers whose input nothing normalizes take static scales.
   */
  readonly activations?: 'scale-free' | 'static';
  /**
   * How scale-free layers make int8 activations: `shiftNorm` by a power of two, `maxAbsNorm` by division, as max-abs training does: slower,
   * closer. Default: `shiftNorm` for networks, `maxAbsNorm` for graphs and networks imported from one.
   */
  readonly normalization?: 'maxAbsNorm' | 'shiftNorm';
  /** Static scales: what the integer 1 of the input stands for, after the preprocessing. Default: from calibration. */
  readonly inputScale?: number;
  /**
   * Static scales: how the largest activation worth representing is found. `mse` (default) minimizes the squared error of what each layer gives,
   * `percentile` leaves out the largest 0.01 %, `max` nothing.
   */
  readonly ranges?: 'mse' | 'percentile' | 'max';
  /** Static scales: `compensated` (default) spreads each weight's rounding error over the weights behind it (GPTQ), `nearest` does not. */
  readonly rounding?: 'compensated' | 'nearest';
  /** Static scales: cross-layer equalization; `auto` (default) keeps it where the logits come nearer to the float network's. */
  readonly equalization?: 'auto' | 'on' | 'off';
  /** Static scales: shifts biases by the mean error of each output. Default true. */
  readonly biasCorrection?: boolean;
}

/** What a user chooses for a trained network; its weights keep the codes of training. */
export interface QuantizeNetworkOptions extends QuantizeOptions {
  /** Networks for anomalies: normal samples that were not trained with; the threshold is a quantile of their scores. Default: those of the calibration. */
  readonly normal?: Calibration | undefined;
  /**
   * Scale-free: right shift after convolutions whose layer does not fix one; raised where an accumulator could overflow.
   * Default: `defaultConvolutionShift` of the layer's weight format.
   */
  readonly convolutionShift?: number;
  /**
   * The network was imported from an ONNX graph (`toTrainedNetwork`), and perhaps fine-tuned: its activations become integers as the graph's
   * would. `preprocessing` is what stood in front of the graph; it is noted in the model for comparisons with the graph.
   */
  readonly imported?: { readonly preprocessing?: Preprocessing };
}

/** What a user chooses for a float network. */
export interface QuantizeFloatOptions extends QuantizeOptions, FormatChoice {
  /** What turns a raw sample into the network's input. Default: nothing. */
  readonly preprocessing?: Preprocessing;
}

/** What a user chooses for an ONNX graph. */
export interface QuantizeGraphOptions extends QuantizeFloatOptions {
  /**
   * What a raw sample is, where samples are rows of a table or signals (`Dataset.raw` of @bitnetmcu/trainer, read with `curve: 'linear'`):
   * their bytes are int8 + 128 made of it. The graph then reads the values in their units, after `preprocessing`, and the model takes raw values.
   */
  readonly raw?: RawInput;
  /** With `raw`: the graph reads (value − mean)/deviation, with these of each column or channel. Default: the values. */
  readonly standardized?: StandardizedColumns | undefined;
  /** What the outputs mean, where they are no classes. Default: classes. */
  readonly output?: OutputSpec;
  /** Shape of one sample, where the file leaves dimensions besides the batch symbolic. */
  readonly inputShape?: readonly number[];
}

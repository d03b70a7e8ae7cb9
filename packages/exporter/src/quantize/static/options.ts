// What a user chooses of post-training quantization.
import type { Preprocessing, Provenance } from '@bitnetmcu/models';
import type { FormatName } from '@bitnetmcu/quant';

export interface Calibration {
  /** Raw samples one after another, in the units that the preprocessing takes (uint8 pixels, say). */
  readonly samples: ArrayLike<number>;
}

export interface StaticOptions {
  readonly name?: string;
  readonly labels?: readonly string[];
  readonly provenance?: Provenance;
  /** What turns a raw sample into the network's input. Default: nothing. */
  readonly preprocessing?: Preprocessing;
  /**
   * Typical samples; a few hundred are enough, of every class its share: scales are chosen for these and no others (`drawSamples` of
   * @bitnetmcu/trainer draws them). Their order does not matter, 2048 at most are used, spread evenly. May be left out where weights are on low-bit grids and ranges are in the file (QDQ).
   */
  readonly calibration?: Calibration;
  /** Format of layers whose weights lie on no grid of as many bits or fewer. Default `8bit`. */
  readonly quantizer?: FormatName;
  /** Formats of single layers by name, whatever their weights lie on. */
  readonly mixed?: Readonly<Record<string, FormatName>>;
  /** int8 value of an input of 1. Default: from calibration. */
  readonly inputScale?: number;
  /**
   * How the largest activation worth representing is found: `mse` (default) minimizes the squared error of what each layer gives,
   * `percentile` leaves out the largest 0.01 %, `max` nothing.
   */
  readonly ranges?: 'mse' | 'percentile' | 'max';
  /** `compensated` (default) spreads each weight's rounding error over the weights behind it (GPTQ), `nearest` does not. */
  readonly rounding?: 'compensated' | 'nearest';
  /** Cross-layer equalization: `auto` (default) keeps it where the logits come nearer to the float network's. */
  readonly equalization?: 'auto' | 'on' | 'off';
  /** How layers behind a norm that depends on the sample make int8 activations: `maxAbsNorm` (default) or `shiftNorm`. */
  readonly normalization?: 'maxAbsNorm' | 'shiftNorm';
  /** Shifts biases by the mean error of each output. Default true. */
  readonly biasCorrection?: boolean;
}

/** How one layer was quantized. */
export interface StaticLayerReport {
  readonly layer: string;
  readonly op: 'linear' | 'conv2d';
  readonly format: FormatName;
  /** Whether the weights lay on this format's levels and kept their codes. */
  readonly gridDetected: boolean;
  /** What the level 1 of an output without shift stands for. */
  readonly step: number;
  /** What the integer 1 of the layer's input stands for. */
  readonly inputScale: number;
  /** What the integer 1 of the layer's accumulators stands for. */
  readonly accumulatorScale: number;
  readonly warnings: readonly string[];
}

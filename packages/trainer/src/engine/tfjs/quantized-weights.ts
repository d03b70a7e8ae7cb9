// One weight tensor and its quantizer: what the graph sees of it, its clipping scalars and their gradient. All of it is
// @bitnetmcu/quant's arithmetic on the host, so the codes are those of every other implementation.
import type { Quantizer } from '@bitnetmcu/models';
import {
  clippingPolicy,
  getFormat,
  inverseScalesFromClips,
  quantizeWeights,
  updateClips,
  type WeightFormat,
} from '@bitnetmcu/quant';
import {
  clipGradient,
  clipGradientFactor,
  codeEntropy,
  learnsClip,
  limitClip,
  MIN_CLIP,
  meanMagnitude,
} from '@bitnetmcu/quant/internal';
import { TrainerError } from '../../errors.js';
import type { Parameter } from './parameters.js';

export class QuantizedWeights {
  readonly format: WeightFormat | null;
  readonly outputs: number;
  /** One, or one an output; empty in float. */
  clips: Float32Array;
  /** Numbers of outputs of the layer seen in evaluation: positive ones and all. */
  readonly outputsSeen = { positive: 0, total: 0 };
  #learned: Parameter | null = null;
  #codes: Uint8Array | null = null;
  #dequantized: Float32Array | null = null;

  constructor(
    readonly layer: string,
    readonly parameter: Parameter,
    private readonly quantizer: Quantizer,
  ) {
    if (quantizer.learnedBits) {
      throw new TrainerError(
        'unsupported-layer',
        `Layer '${layer}' learns its bits, which the TensorFlow.js engine cannot: train it with createEngine, or leave learnedBits out.`,
      );
    }
    this.outputs = parameter.shape[0]!;
    this.format = quantizer.format === 'None' ? null : getFormat(quantizer.format);
    this.clips =
      this.format === null
        ? new Float32Array()
        : updateClips(this.format, parameter.values, clippingPolicy(quantizer.clipping), {
            outputs: this.outputs,
            scaling: quantizer.scaling,
          });
  }

  /** The clipping scalars are a parameter of their own, moved by the optimizer. */
  learnClips(parameter: Parameter): void {
    this.#learned = parameter;
    this.clips = parameter.values;
  }

  /** Clipping scalars by the layer's policy for an epoch (0-based). */
  updateClips(epoch: number): void {
    if (this.format === null) return;
    const { scaling, clipping } = this.quantizer;
    const { outputs, clips, parameter } = this;
    this.clips.set(
      updateClips(this.format, parameter.values, clippingPolicy(clipping), {
        ...{ outputs, scaling, epoch, current: clips },
        learned: this.#learned !== null,
      }),
    );
    if (this.#learned?.gate) this.#learned.gate[0] = Number(learnsClip(clipping, epoch));
  }

  /** Scalars that are mean|w| by definition follow the weights in every step. */
  followMeans(): void {
    if (!this.format?.meanScaled || this.#learned) return;
    const { values } = this.parameter;
    const each = values.length / this.clips.length;
    // The scalars of the outputs are powers of two apart: any of them is the base of all, but the smallest, which all-zero outputs have.
    const base = this.clips.find((clip) => clip > MIN_CLIP) ?? MIN_CLIP;
    for (let k = 0; k < this.clips.length; k++) {
      const mean = limitClip(meanMagnitude(values.subarray(k * each, (k + 1) * each)));
      this.clips[k] =
        this.clips.length === 1 || mean === MIN_CLIP ? mean : base * 2 ** Math.round(Math.log2(mean / base));
    }
  }

  /** What the network sees: level·step for every weight. Diverged weights pass as they are, so that the loss shows it. */
  dequantized(): Float32Array {
    const { format, outputs, clips } = this;
    const { values } = this.parameter;
    this.#codes = null;
    this.#dequantized = null;
    if (format === null || !values.every(Number.isFinite) || !clips.every(Number.isFinite)) return values;
    this.followMeans();
    const { codes, dequantized } = quantizeWeights(format, values, {
      outputs,
      inverseScales: inverseScalesFromClips(format, clips),
    });
    this.#codes = codes;
    this.#dequantized = dequantized;
    return dequantized;
  }

  /** Moves the weights a share of the way to the values of their codes in the last pass. */
  damp(share: number): void {
    const { values } = this.parameter;
    if (this.#dequantized === null || share === 0) return;
    for (let i = 0; i < values.length; i++) values[i] = values[i]! + share * (this.#dequantized[i]! - values[i]!);
  }

  /** dL/d(clipping scalar) of the last batch, where it is learned; call once the gradient of the weights is there. */
  computeClipGradient(): void {
    const { format, outputs, clips, parameter } = this;
    if (this.#learned === null || format === null || this.#codes === null) return;
    const factor = clipGradientFactor(format, parameter.values.length / clips.length);
    const gradient = clipGradient(format, parameter.values, this.#codes, parameter.gradient, { outputs, clips });
    for (let k = 0; k < clips.length; k++) this.#learned.gradient[k] = gradient[k]! * factor;
  }

  /** Value of one unit of the integer accumulator for an input of 1: the smallest of the outputs'. */
  get integerUnit(): number | undefined {
    const { format, clips } = this;
    if (format === null) return undefined;
    return clips.reduce((a, b) => Math.min(a, b)) / (format.scaleNumerator * format.integerScale);
  }

  get meanClip(): number {
    return this.clips.length === 0 ? 0 : this.clips.reduce((a, b) => a + b) / this.clips.length;
  }

  /** Bits a weight. */
  get codeEntropy(): number {
    const { format, outputs, clips } = this;
    if (format === null) return 0;
    const inverseScales = inverseScalesFromClips(format, clips);
    return codeEntropy(format, quantizeWeights(format, this.parameter.values, { outputs, inverseScales }).codes);
  }
}

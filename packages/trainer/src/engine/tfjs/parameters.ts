// The parameters of a network on the TensorFlow.js engine. They live in host memory, so that views of them are always current;
// every step uploads what the graph reads (weights already fake-quantized) and downloads gradients.
import type { Quantizer } from '@bitnetmcu/models';
import { hasLearnedClip, MIN_CLIP } from '@bitnetmcu/quant/internal';
import { QuantizedWeights } from './quantized-weights.js';

/** A tensor that the optimizer moves. */
export interface Parameter {
  /** As in TrainedNetwork.parameters. */
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** dL/d(values) of the last batch. */
  readonly gradient: Float32Array;
  /** Whether weight decay applies: to weights, not to biases, norms and clipping scalars. */
  readonly decays: boolean;
  readonly rateFactor: number;
  readonly minimum?: number;
  /** One float that freezes the parameter while it is 0; part of the network's state. */
  readonly gate?: Float32Array;
}

export interface WeightsDefinition {
  /** Layer shown in statistics. */
  readonly layer: string;
  readonly name: string;
  /** Name of the clipping scalar. */
  readonly clipName: string;
  /** Output-major: [outputs, …]. */
  readonly shape: readonly number[];
  readonly initial: Float32Array;
  readonly quantizer: Quantizer;
}

export class ParameterStore {
  /** In the order of their definition. */
  readonly trained: Parameter[] = [];
  /** Entries of TrainedNetwork.parameters that the optimizer does not move: clipping scalars, running statistics. */
  readonly buffers = new Map<string, Float32Array>();
  /** Parameters that the graph sees fake-quantized, by name. */
  readonly weights = new Map<string, QuantizedWeights>();

  add(
    name: string,
    shape: readonly number[],
    initial: ArrayLike<number>,
    options: Partial<Pick<Parameter, 'decays' | 'rateFactor' | 'minimum' | 'gate'>> = {},
  ): Parameter {
    const values = Float32Array.from(initial);
    const gradient = new Float32Array(values.length);
    const parameter = { name, shape, values, gradient, decays: false, rateFactor: 1, ...options };
    this.trained.push(parameter);
    return parameter;
  }

  /** A weight tensor with its quantizer and clipping scalar. */
  addWeights({ layer, name, clipName, shape, initial, quantizer }: WeightsDefinition): QuantizedWeights {
    const parameter = this.add(name, shape, initial, { decays: true });
    const weights = new QuantizedWeights(layer, parameter, quantizer);
    this.weights.set(name, weights);
    const { format, clips } = weights;
    if (format === null) return weights;
    if (quantizer.clipping.method === 'learned' && hasLearnedClip(quantizer.clipping, format)) {
      const { learningRateFactor } = quantizer.clipping;
      weights.learnClips(
        this.add(clipName, [clips.length], clips, {
          rateFactor: learningRateFactor,
          minimum: MIN_CLIP,
          gate: Float32Array.of(1),
        }),
      );
    } else this.buffers.set(clipName, clips);
    return weights;
  }

  buffer(name: string, initial: Float32Array): Float32Array {
    this.buffers.set(name, initial);
    return initial;
  }
}

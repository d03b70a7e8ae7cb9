// Norms of a linear layer's input: RMS and L1 (scale-free), layer and batch norm (with gain and shift).

import type { Norm } from '@bitnetmcu/models/internal';
import { unknownValue } from '../../../arguments.js';
import type { ForwardPass } from '../forward-pass.js';
import type { ParameterStore } from '../parameters.js';
import type { Tensor, Tensor2D, Tf } from '../tensors.js';

/** As the compiled engine: keeps the scale-free norms of an all-zero sample finite. */
const SCALE_FREE_EPSILON = 1e-6;
/** As torch.nn.BatchNorm1d and LayerNorm. */
const EPSILON = 1e-5;
/** Share of the newest batch in the running statistics, as torch.nn.BatchNorm1d. */
const MOMENTUM = 0.1;

export interface Normalized {
  readonly normalized: Tensor2D;
  /** [batch, 1] with normalized = x·factor, for scale-free norms only. */
  readonly factor?: Tensor2D;
}

export type NormForward = (x: Tensor2D, pass: ForwardPass) => Normalized;

export function buildNorm(store: ParameterStore, layer: string, norm: Norm, features: number): NormForward {
  switch (norm) {
    case 'none':
      return (x) => ({ normalized: x });
    case 'rms':
      return (x, { runtime: { tf } }) =>
        scaled(x, tf.div(1, tf.sqrt(tf.mean(tf.square(x), 1, true).add(SCALE_FREE_EPSILON))));
    case 'l1':
      return (x, { runtime: { tf } }) =>
        scaled(x, tf.div(1, tf.mean(magnitude(tf, x), 1, true).add(SCALE_FREE_EPSILON)));
    case 'layer': {
      const affine = buildAffine(store, layer, features);
      return (x, pass) => {
        const { tf } = pass.runtime;
        const centred = x.sub(tf.mean(x, 1, true));
        const deviation = tf.sqrt(tf.mean(tf.square(centred), 1, true).add(EPSILON));
        return { normalized: affine(centred.div(deviation), pass) };
      };
    }
    case 'batch':
      return buildBatchNorm(store, layer, features);
    default:
      throw unknownValue('norm', norm);
  }
}

function scaled(x: Tensor2D, factor: Tensor2D): Normalized {
  return { normalized: x.mul(factor), factor };
}

/** |x| with gradient 0 at 0, where that of tf.abs is −1. */
function magnitude(tf: Tf, x: Tensor2D): Tensor2D {
  const absolute = tf.customGrad((...parts) => {
    const [value, save] = parts as [Tensor2D, (saved: Tensor[]) => void];
    save([value]);
    return { value: tf.abs(value), gradFunc: (dy: Tensor, saved: Tensor[]) => [dy.mul(tf.sign(saved[0]!))] };
  });
  return absolute(x) as Tensor2D;
}

function buildAffine(
  store: ParameterStore,
  layer: string,
  features: number,
): (x: Tensor2D, pass: ForwardPass) => Tensor2D {
  const gain = store.add(`${layer}.norm.gain`, [features], new Float32Array(features).fill(1)).name;
  const shift = store.add(`${layer}.norm.shift`, [features], new Float32Array(features)).name;
  return (x, pass) => x.mul(pass.parameter(gain)).add(pass.parameter(shift));
}

/** Training takes the batch's statistics and moves the running ones (variance unbiased); evaluation takes the running ones. */
function buildBatchNorm(store: ParameterStore, layer: string, features: number): NormForward {
  const affine = buildAffine(store, layer, features);
  const runningMean = store.buffer(`${layer}.norm.mean`, new Float32Array(features));
  const runningVariance = store.buffer(`${layer}.norm.variance`, new Float32Array(features).fill(1));
  return (x, pass) => {
    const { tf } = pass.runtime;
    const normalize = (centred: Tensor2D, variance: Tensor2D): Normalized => ({
      normalized: affine(centred.div(tf.sqrt(variance.add(EPSILON))), pass),
    });
    if (!pass.training) {
      return normalize(x.sub(tf.tensor1d(runningMean)), tf.tensor2d(runningVariance, [1, features]));
    }
    const mean = tf.mean(x, 0, true);
    const centred: Tensor2D = x.sub(mean);
    const variance = tf.mean(tf.square(centred), 0, true) as Tensor2D;
    const unbiased = pass.batch > 1 ? pass.batch / (pass.batch - 1) : 1;
    move(runningMean, mean.dataSync(), 1);
    move(runningVariance, variance.dataSync(), unbiased);
    return normalize(centred, variance);
  };
}

function move(running: Float32Array, batch: ArrayLike<number>, factor: number): void {
  for (let i = 0; i < running.length; i++) running[i]! += MOMENTUM * (batch[i]! * factor - running[i]!);
}

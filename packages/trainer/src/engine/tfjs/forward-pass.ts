// What flows through a network on this engine, and what a layer may ask for on the way.
import type { Shape } from '@bitnetmcu/models';
import type { TfjsRuntime } from './runtime.js';
import type { Tensor, Tensor2D } from './tensors.js';

/** [batch, features], or [batch, height, width, channels] for a shape of three dimensions (its order in a spec is channels first). */
export interface Activations {
  readonly tensor: Tensor;
  /** As in the spec: [features] or [channels, height, width]. */
  readonly shape: Shape;
  /** [batch, 1]: per sample the value of integer accumulator 1, where the integer inference has such an accumulator. */
  readonly unit?: Tensor2D | undefined;
  /** Whether layers with weights lie before it, so that the integer inference has an accumulator here. */
  readonly computed: boolean;
}

export interface ForwardPass {
  readonly runtime: TfjsRuntime;
  readonly batch: number;
  /** Whether batch norm takes the batch's statistics and dropout drops. */
  readonly training: boolean;
  readonly fakeQuantization: boolean;
  /** Number of the optimizer step, from 1. */
  readonly step: number;
  /** A trained parameter by its name, weights fake-quantized. */
  parameter(name: string): Tensor;
}

/** A layer of a compiled network; `others` is what it reads besides its first input. */
export type LayerForward = (input: Activations, pass: ForwardPass, ...others: readonly Activations[]) => Activations;

/** [batch, features], channel-major as everywhere in this project. */
export function flattened({ tensor, shape }: Activations, { runtime, batch }: ForwardPass): Tensor2D {
  if (shape.length === 1) return tensor as Tensor2D;
  const channelsFirst = shape[0] === 1 ? tensor : runtime.tf.transpose(tensor, [0, 3, 1, 2]);
  return channelsFirst.reshape([batch, -1]);
}

/** The tensor of channel-major rows in the layout that TensorFlow.js computes in. */
export function inLayout(rows: Tensor, shape: Shape, { runtime, batch }: ForwardPass): Tensor {
  if (shape.length === 1) return rows.reshape([batch, shape[0]]);
  const [channels, height, width] = shape;
  if (channels === 1) return rows.reshape([batch, height, width, 1]);
  return runtime.tf.transpose(rows.reshape([batch, channels, height, width]), [0, 2, 3, 1]);
}

// Two summands on one scale: shifts bring scales together that are a power of two apart; where they are not, one summand is
// multiplied by an integer first, which is a depthwise 1×1 convolution of that one weight.
import type { Shape } from '@bitnetmcu/models';
import { getFormat } from '@bitnetmcu/quant';
import type { IntegerTensor } from './integer-tensor.js';
import { exactExponent } from './range-search.js';
import { type Append, shiftedRight } from './shifted-right.js';

export interface AlignedSummands {
  readonly summands: readonly [IntegerTensor, IntegerTensor];
  readonly leftShift: readonly [number, number];
  /** What the integer 1 of the sum stands for. */
  readonly scale: number;
  readonly bound: number;
}

/** What AddNode has. */
const LARGEST_LEFT_SHIFT = 15;
/** Sums and products stay below this: int32 with a bit to spare for roundings behind them. */
const LARGEST_MAGNITUDE = 2 ** 30;
const LARGEST_FACTOR = 127;

/**
 * @param name of the addition; nodes put before it are called `<name>.<what>`.
 * @param append takes those nodes.
 * @returns undefined where no shift aligns the scales and the tensors are no maps, which alone can be multiplied.
 */
export function alignSummands(
  [first, second]: readonly [IntegerTensor, IntegerTensor],
  name: string,
  shape: Shape,
  append: Append,
): AlignedSummands | undefined {
  let [a, b] = [first, second];
  if (exactExponent(a.scale / b.scale) === undefined) {
    if (shape.length !== 3) return undefined;
    // int8 activations have the most room for a factor.
    if (b.type === 'int32' && a.type === 'int8') a = multiplied(a, b.scale, name, shape, append);
    else b = multiplied(b, a.scale, name, shape, append);
  }
  const exponent = exactExponent(a.scale / b.scale)!;
  let [coarse, fine] = exponent > 0 ? [a, b] : [b, a];
  const distance = Math.abs(exponent);
  // The finer summand loses the bits for which there is no room.
  const room = Math.ceil(Math.log2((coarse.bound * 2 ** distance + fine.bound) / LARGEST_MAGNITUDE));
  const lost = Math.max(0, distance - LARGEST_LEFT_SHIFT, room);
  if (lost > 0) fine = shiftedRight(fine, lost, `${name}.fine`, append);
  if (lost > distance) coarse = shiftedRight(coarse, lost - distance, `${name}.coarse`, append);
  const shift = Math.max(0, distance - lost);
  return {
    summands: exponent > 0 ? [coarse, fine] : [fine, coarse],
    leftShift: exponent > 0 ? [shift, 0] : [0, shift],
    scale: fine.scale,
    bound: coarse.bound * 2 ** shift + fine.bound,
  };
}

/** x·m with the integer m of 64 … 127 that brings its scale nearest to a power of two of `scale`: off by 0.8 % at most. */
function multiplied(x: IntegerTensor, scale: number, name: string, [channels]: Shape, append: Append): IntegerTensor {
  const excess = Math.max(0, Math.ceil(Math.log2((x.bound * LARGEST_FACTOR) / LARGEST_MAGNITUDE)));
  const source = excess > 0 ? shiftedRight(x, excess, `${name}.room`, append) : x;
  const ratio = source.scale / scale;
  const exponent = Math.ceil(Math.log2(ratio / (LARGEST_FACTOR + 0.49)));
  const factor = Math.round(ratio / 2 ** exponent);
  const code = getFormat('8bit').integers.indexOf(factor);
  append({
    name: `${name}.scaled`,
    inputs: [source.node],
    op: 'conv2d',
    inChannels: channels,
    outChannels: channels,
    kernel: [1, 1],
    stride: [1, 1],
    padding: [0, 0],
    groups: channels,
    weights: { format: '8bit', codes: new Uint8Array(channels).fill(code) },
  });
  return {
    ...source,
    node: `${name}.scaled`,
    type: 'int32',
    scale: scale * 2 ** exponent,
    bound: source.bound * factor,
    values: source.values.map((value) => value * factor),
  };
}

// Two summands on one scale: shifts bring scales together that are a power of two apart; where they are not, one summand is multiplied by
// an integer of 64 … 127 first, which the addition does itself.
import type { IntegerTensor } from './integer-tensor.js';
import { exactExponent } from './range-search.js';
import { type Append, shiftedRight } from './shifted-right.js';

export interface AlignedSummands {
  /** In the order in which the addition reads them: the first is the multiplied one. */
  readonly summands: readonly [IntegerTensor, IntegerTensor];
  /** −127 … 127, of the first summand. */
  readonly multiplier: number;
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

/** A tensor, and the number that the addition multiplies it by. `scale` and `bound` are those of the product. */
interface Summand {
  readonly source: IntegerTensor;
  readonly factor: number;
  readonly scale: number;
  readonly bound: number;
}

/**
 * Brings factor·first + second to one scale.
 * @param factor any number; a learned scale of the first summand
 * @param name of the addition; nodes put before it are called `<name>.<what>`.
 * @param append takes those nodes.
 */
export function alignSummands(
  [first, second]: readonly [IntegerTensor, IntegerTensor],
  factor: number,
  name: string,
  append: Append,
): AlignedSummands {
  if (factor === 0) {
    const { scale, bound } = second;
    return { summands: [first, second], multiplier: 0, leftShift: [0, 0], scale, bound };
  }
  const a = plain({ ...first, scale: Math.abs(factor) * first.scale });
  const b = plain(second);
  if (factor < 0 || exactExponent(a.scale / b.scale) !== undefined) {
    const alone = exactExponent(a.scale / b.scale) !== undefined ? a : multiplied(a.source, b.scale, name, append);
    return shifted(factor < 0 ? { ...alone, factor: -alone.factor } : alone, b, name, append);
  }
  // int8 activations have the most room for a factor; but the finer summand may have to lose bits, which a product cannot.
  const multipliesFirst =
    (second.type === 'int32' && first.type === 'int8') || (second.type === first.type && a.scale > b.scale);
  const [changed, kept] = multipliesFirst ? [a, b] : [b, a];
  const product = productOf(changed.source, kept.scale);
  return lostBits(product, kept) > 0 && product.scale < kept.scale
    ? shifted(multiplied(kept.source, changed.scale, name, append), changed, name, append)
    : shifted(multiplied(changed.source, kept.scale, name, append), kept, name, append);
}

function plain(source: IntegerTensor): Summand {
  return { source, factor: 1, scale: source.scale, bound: source.bound };
}

/** x·m with the integer m of 64 … 127 that brings its scale nearest to a power of two of `scale`: off by 0.8 % at most. */
function productOf(source: IntegerTensor, scale: number): Summand {
  const ratio = source.scale / scale;
  const exponent = Math.ceil(Math.log2(ratio / (LARGEST_FACTOR + 0.49)));
  const factor = Math.round(ratio / 2 ** exponent);
  return { source, factor, scale: scale * 2 ** exponent, bound: source.bound * factor };
}

/** The product, of a coarser tensor where int32 has no room for it. */
function multiplied(x: IntegerTensor, scale: number, name: string, append: Append): Summand {
  const excess = Math.max(0, Math.ceil(Math.log2((x.bound * LARGEST_FACTOR) / LARGEST_MAGNITUDE)));
  return productOf(excess > 0 ? shiftedRight(x, excess, `${name}.room`, append) : x, scale);
}

/** How many bits the finer of two summands loses, because int32 or the shifts have no room for them. */
function lostBits(a: Summand, b: Summand): number {
  const exponent = exactExponent(a.scale / b.scale)!;
  const [coarse, fine] = exponent > 0 ? [a, b] : [b, a];
  const distance = Math.abs(exponent);
  const room = Math.ceil(Math.log2((coarse.bound * 2 ** distance + fine.bound) / LARGEST_MAGNITUDE));
  return Math.max(0, distance - LARGEST_LEFT_SHIFT, room);
}

/** Left shifts that align two summands, whose scales are a power of two apart. */
function shifted(a: Summand, b: Summand, name: string, append: Append): AlignedSummands {
  const exponent = exactExponent(a.scale / b.scale)!;
  const distance = Math.abs(exponent);
  const lost = lostBits(a, b);
  let [coarse, fine] = exponent > 0 ? [a, b] : [b, a];
  if (lost > 0) fine = coarser(fine, lost, `${name}.fine`, append);
  if (lost > distance) coarse = coarser(coarse, lost - distance, `${name}.coarse`, append);
  const shift = Math.max(0, distance - lost);
  const [left, right] = exponent > 0 ? [coarse, fine] : [fine, coarse];
  return {
    summands: [left.source, right.source],
    multiplier: left.factor,
    leftShift: exponent > 0 ? [shift, 0] : [0, shift],
    scale: fine.scale,
    bound: coarse.bound * 2 ** shift + fine.bound,
  };
}

/** A summand with `bits` bits less: of int8 those of its factor, since activations have none to spare. */
function coarser({ source, factor, scale }: Summand, bits: number, name: string, append: Append): Summand {
  const rounded = Math.round(factor / 2 ** bits);
  const fewer = source.type === 'int8' && Math.abs(factor) > 1;
  const kept = fewer ? { source, factor: rounded } : { source: shiftedRight(source, bits, name, append), factor };
  return { ...kept, scale: scale * 2 ** bits, bound: kept.source.bound * Math.abs(kept.factor) };
}

// Other assumptions than an import's, as people's training scripts have them: preprocessings, orders of a sample's values, class numbers.
import type { Preprocessing, Shape } from '@bitnetmcu/models';
import { visibleText } from '@bitnetmcu/models/internal';

/** What training scripts do to uint8 values: nothing, to 0 … 1, to −1 … 1, MNIST's constants, ImageNet's (mean of the channels). */
const COMMON: readonly Preprocessing[] = [
  { divisor: 1, mean: 0, deviation: 1 },
  { divisor: 255, mean: 0, deviation: 1 },
  { divisor: 127.5, mean: 1, deviation: 1 },
  { divisor: 255, mean: 0.1307, deviation: 0.3081 },
  { divisor: 255, mean: 0.449, deviation: 0.226 },
];

interface PlausiblePreprocessing {
  readonly kind: 'common' | 'standardized';
  readonly preprocessing: Preprocessing;
}

/** The common ones and standardization by the samples' own mean and deviation, without the one that is assumed. */
export function plausiblePreprocessings(
  raw: Float32Array | Uint8Array,
  assumed: Preprocessing,
): PlausiblePreprocessing[] {
  let [sum, squares] = [0, 0];
  for (const value of raw) {
    sum += value / 255;
    squares += (value / 255) ** 2;
  }
  const mean = sum / raw.length;
  const variance = Math.max(0, squares / raw.length - mean ** 2);
  const rounded = (value: number) => Number(value.toPrecision(4));
  const own = { divisor: 255, mean: rounded(mean), deviation: rounded(Math.sqrt(variance)) };
  return [
    ...COMMON.map((preprocessing) => ({ kind: 'common', preprocessing }) as const),
    ...(own.deviation > 0 ? [{ kind: 'standardized', preprocessing: own } as const] : []),
  ].filter(({ preprocessing }) => !isSameFunction(preprocessing, assumed));
}

/** Whether two preprocessings agree on 0 and 255, up to rounding. */
function isSameFunction(a: Preprocessing, b: Preprocessing): boolean {
  return [0, 255].every((x) => {
    const [u, v] = [a, b].map(({ divisor, mean, deviation }) => (x / divisor - mean) / deviation) as [number, number];
    return Math.abs(u - v) <= 1e-3 * Math.max(1, Math.abs(u), Math.abs(v));
  });
}

interface Layout {
  readonly name: string;
  /** Where each value of a sample is taken from. */
  readonly order: Uint32Array;
}

/** Other orders of the values of a sample [channels, height, width]; none for features, whose order means nothing known. */
export function plausibleLayouts(shape: Shape): Layout[] {
  if (shape.length !== 3) return [];
  const [channels, height, width] = shape;
  const at = (c: number, y: number, x: number) => (c * height + y) * width + x;
  const layouts: Layout[] = [];
  if (height === width && height > 1) {
    const order = indices(channels, height, width, (c, y, x) => at(c, x, y));
    layouts.push({ name: 'rows and columns exchanged', order });
  }
  if (channels > 1 && height * width > 1) {
    const last = new Uint32Array(channels * height * width);
    let i = 0;
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++) for (let c = 0; c < channels; c++) last[i++] = at(c, y, x);
    layouts.push({ name: 'channels last', order: last });
    const first = new Uint32Array(last.length);
    last.forEach((from, to) => {
      first[from] = to;
    });
    layouts.push({ name: 'channels first', order: first });
  }
  return layouts;
}

function indices(
  channels: number,
  height: number,
  width: number,
  source: (c: number, y: number, x: number) => number,
): Uint32Array {
  const order = new Uint32Array(channels * height * width);
  let i = 0;
  for (let c = 0; c < channels; c++)
    for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) order[i++] = source(c, y, x);
  return order;
}

/** Samples one after another, the values of each in another order. */
export function permutedSamples(raw: Float32Array, order: Uint32Array): Float32Array {
  const features = order.length;
  const moved = new Float32Array(raw.length);
  for (let start = 0; start < raw.length; start += features) {
    for (let i = 0; i < features; i++) moved[start + i] = raw[start + order[i]!]!;
  }
  return moved;
}

/** Samples that each class needs before its numbers are questioned. */
const ENOUGH = 3;

/**
 * The accuracy with classes renumbered: each predicted number stands for the label that most of its samples have. Undefined unless that is
 * one number for each class and changes some of them.
 * @param names of the labels, to say what the graph's outputs are called
 */
export function sameClasses(
  predicted: readonly number[],
  labels: ArrayLike<number>,
  classes: number,
  names?: readonly string[],
): { readonly assumption: string; readonly accuracy: number } | undefined {
  const counts = Array.from({ length: classes }, () => new Map<number, number>());
  predicted.forEach((number, i) => {
    const of = counts[number]!;
    of.set(labels[i]!, (of.get(labels[i]!) ?? 0) + 1);
  });
  const best = counts.map((of) => [...of].reduce((a, b) => (b[1] > a[1] ? b : a), [-1, 0]));
  const used = best.filter(([, samples]) => samples >= ENOUGH);
  const renamed = used.map(([label]) => label);
  if (used.length < 2 || new Set(renamed).size < renamed.length) return undefined;
  const moves = best.flatMap(([label, samples], number) =>
    samples >= ENOUGH && label !== number ? [`${number} as ${label}`] : [],
  );
  if (moves.length === 0) return undefined;
  const right = best.reduce((sum, [, samples]) => sum + samples, 0);
  const listed = moves.slice(0, 6).join(', ') + (moves.length > 6 ? ', …' : '');
  // All of them seen: what the graph's outputs are called.
  const order =
    names && used.length === classes
      ? ` (in the order ${renamed.map((label) => visibleText(names[label]!)).join(',')})`
      : '';
  return { assumption: `the classes read as ${listed}${order}`, accuracy: right / predicted.length };
}

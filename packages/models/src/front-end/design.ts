// Integers of a front end from what people say: bands in hertz, filters by their corner. Done once, in doubles; the integers are what is kept.
import { exp2, logarithm2, tan } from '@bitnetmcu/quant/internal';
import { ModelError } from '../errors.js';
import { type Band, type Bands, MAX_BAND_WEIGHT, MAX_BANDS } from './features/bands.js';
import { type Biquad, COEFFICIENT_BITS, filterFault } from './filters/index.js';

export interface Spectrum {
  /** Values a second. */
  readonly sampleRate: number;
  /** 64, 128, 256 or 512. */
  readonly points: number;
}

export interface MelRange extends Spectrum {
  /** Bands, 1 … 64. */
  readonly count: number;
  /** Hertz: 0 < low < high ≤ sampleRate/2. */
  readonly low: number;
  readonly high: number;
}

/** So that logarithms to 10 and powers of it are the same bits everywhere. */
const LOG10_2 = 0.3010299956639812;
const mel = (hertz: number) => 2595 * LOG10_2 * logarithm2(1 + hertz / 700);
const hertzOf = (mels: number) => 700 * (exp2(mels / 2595 / LOG10_2) - 1);
const round = (hertz: number) => `${Math.round(hertz)} Hz`;

function requireRange({ sampleRate, low, high }: MelRange | (Spectrum & { low: number; high: number })): void {
  if (low >= 0 && low < high && high <= sampleRate / 2) return;
  throw new ModelError(
    'invalid-input',
    `Bands of ${low} … ${high} Hz were asked for at ${sampleRate} values a second; 0 ≤ low < high ≤ ${sampleRate / 2} is wanted.`,
  );
}

/**
 * Triangles whose corners are as far apart on the mel scale (2595·log₁₀(1 + f/700)); each reaches to the centres of its neighbours.
 * Where a band would lie between two bins, it is the nearest one.
 * @throws ModelError `invalid-input` where the range is none.
 */
export function melBands(range: MelRange): Bands {
  requireRange(range);
  const { sampleRate, points, count, low, high } = range;
  if (!Number.isInteger(count) || count < 1 || count > MAX_BANDS) {
    throw new ModelError('invalid-input', `${count} bands were asked for; 1 … ${MAX_BANDS} are wanted.`);
  }
  const corner = (i: number) => hertzOf(mel(low) + ((mel(high) - mel(low)) * i) / (count + 1));
  const bands = Array.from({ length: count }, (_, i) => {
    const [left, centre, right] = [corner(i), corner(i + 1), corner(i + 2)];
    const weightAt = (bin: number) => {
      const hertz = (bin * sampleRate) / points;
      const height = hertz < centre ? (hertz - left) / (centre - left) : (right - hertz) / (right - centre);
      return Math.round(MAX_BAND_WEIGHT * Math.max(0, height));
    };
    return bandOf(round(centre), points, weightAt, Math.round((centre * points) / sampleRate));
  });
  return { type: 'bands', bands };
}

/**
 * Bands with the same weight for all of their bins.
 * @param edges hertz, rising: band i reaches from edge i to edge i + 1
 * @throws ModelError `invalid-input` where a band is none, or has no bin.
 */
export function powerBands(edges: readonly number[], spectrum: Spectrum): Bands {
  const { sampleRate, points } = spectrum;
  const bands = edges.slice(1).map((high, i) => {
    const low = edges[i]!;
    requireRange({ ...spectrum, low, high });
    const isIn = (bin: number) => (bin * sampleRate) / points >= low && (bin * sampleRate) / points < high;
    return bandOf(`${low}-${high} Hz`, points, (bin) => (isIn(bin) ? MAX_BAND_WEIGHT : 0));
  });
  return { type: 'bands', bands };
}

function bandOf(name: string, points: number, weightAt: (bin: number) => number, nearest?: number): Band {
  const all = Array.from({ length: points / 2 }, (_, bin) => weightAt(bin));
  const first = all.findIndex((weight) => weight > 0);
  if (first !== -1) return { name, first, weights: all.slice(first, all.findLastIndex((weight) => weight > 0) + 1) };
  if (nearest !== undefined) return { name, first: Math.min(nearest, points / 2 - 1), weights: [MAX_BAND_WEIGHT] };
  throw new ModelError(
    'invalid-input',
    `The band ${name} holds no bin of a spectrum of ${points} values; use more of them, or a wider band.`,
  );
}

/**
 * A second-order low-pass or high-pass (Butterworth, by the bilinear transform).
 * @param corner hertz, where the power is half
 * @throws ModelError `invalid-input` where 13 bits behind the point cannot hold it: corners from a fiftieth of the rate to its half
 */
export function designBiquad(kind: 'lowpass' | 'highpass', corner: number, sampleRate: number): Biquad {
  if (!(corner >= sampleRate / 50 && corner < sampleRate / 2)) {
    throw new ModelError(
      'invalid-input',
      `A ${kind} at ${corner} Hz was asked for at ${sampleRate} values a second; ${sampleRate / 50} Hz up to below ${sampleRate / 2} Hz are wanted.`,
    );
  }
  const t = tan((Math.PI * corner) / sampleRate);
  const norm = 1 / (1 + Math.SQRT2 * t + t * t);
  const fixed = (value: number) => Math.round(value * 2 ** COEFFICIENT_BITS);
  const b0 = kind === 'lowpass' ? t * t * norm : norm;
  const b1 = kind === 'lowpass' ? 2 * b0 : -2 * b0;
  const filter: Biquad = {
    type: 'biquad',
    b: [fixed(b0), fixed(b1), fixed(b0)],
    a: [fixed(2 * (t * t - 1) * norm), fixed((1 - Math.SQRT2 * t + t * t) * norm)],
    gain: kind === 'lowpass' ? 2 ** COEFFICIENT_BITS : 0,
  };
  const fault = filterFault(filter);
  if (fault) throw new ModelError('invalid-input', `A ${kind} at ${corner} Hz: ${fault}.`);
  return filter;
}

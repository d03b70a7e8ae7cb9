// Another number of samples a second: a polyphase low-pass filter (sinc in a Kaiser window), so that what lies above half the lower rate is gone.
import { sin } from '@bitnetmcu/quant/internal';
import { TrainerError } from '../../errors.js';

/** Zero crossings of the sinc on each side: the transition takes 16 % of half the lower rate. */
const CROSSINGS = 32;
/** Shape of the window: about 80 dB of attenuation (Kaiser 1974). */
const BETA = 0.1102 * (80 - 8.7);
/** Where the filter lets half through, as a part of the lower rate: the transition ends at half of it. */
const CUTOFF = 0.5 - (80 - 7.95) / (14.36 * 2 * CROSSINGS) / 2;
/** Coefficients are integers with so many bits after the binary point; those of one output add up to 1 exactly. */
const COEFFICIENT_BITS = 22;
/** Coefficients that are kept; of rates with little in common each is computed when it is needed. */
const KEPT_COEFFICIENTS = 2 ** 22;
/** More samples out than in, by this factor at most. */
const MAX_FACTOR = 16;
/** Samples in for one out, at most: the filter has 64 times as many coefficients. */
const MAX_REDUCTION = 1000;
/** Steps of the tabulated window, between which it is taken as linear: exact to 10⁻⁷. */
const WINDOW_STEPS = 4096;

/** Samples that come out: as many as begin within the recording. */
export function resampledLength(length: number, from: number, to: number): number {
  return Math.ceil((length * to) / from);
}

/**
 * Output i stands at the time i/to of the input; beyond its ends the input is 0.
 * @param from, to rates in Hz, whole numbers
 * @throws TrainerError `invalid-data` where the rate grows more than 16-fold or falls more than 1000-fold.
 */
export function resample(samples: Float32Array, from: number, to: number, source: string): Float32Array {
  if (from === to) return samples;
  if (to > MAX_FACTOR * from) {
    throw new TrainerError(
      'invalid-data',
      `${source} has ${from} samples a second; at most ${MAX_FACTOR} times as many are made of them, ${to} are wanted. Give a lower --data-rate (key \`rate\`).`,
    );
  }
  if (from > MAX_REDUCTION * to) {
    throw new TrainerError(
      'invalid-data',
      `${source} has ${from} samples a second; of at most ${MAX_REDUCTION} one is made, ${to} a second are wanted. Give a higher --data-rate (key \`rate\`).`,
    );
  }
  const common = greatestDivisor(from, to);
  const [up, down] = [to / common, from / common];
  if (filter?.up !== up || filter.down !== down) filter = { up, down, phases: new Map(), kept: 0 };
  const { phases } = filter;
  const result = new Float32Array(resampledLength(samples.length, from, to));
  for (let i = 0; i < result.length; i++) {
    const whole = Math.floor((i * down) / up);
    const phase = (i * down) % up;
    const { first, coefficients } = phases.get(phase) ?? addPhase(filter, phase);
    const begin = whole + first;
    const end = Math.min(coefficients.length, samples.length - begin);
    let sum = 0;
    for (let k = Math.max(0, -begin); k < end; k++) sum += coefficients[k]! * samples[begin + k]!;
    result[i] = sum / 2 ** COEFFICIENT_BITS;
  }
  return result;
}

interface Filter {
  readonly up: number;
  readonly down: number;
  readonly phases: Map<number, Phase>;
  /** Coefficients of these. */
  kept: number;
}
/** The one that was used last: the recordings of a folder mostly have one rate. */
let filter: Filter | undefined;

function addPhase(to: Filter, phase: number): Phase {
  const made = makePhase(phase / to.up, Math.min(1, to.up / to.down));
  to.kept += made.coefficients.length;
  if (to.kept <= KEPT_COEFFICIENTS) to.phases.set(phase, made);
  return made;
}

interface Phase {
  /** Input that the first coefficient belongs to, counted from the one at or before the output. */
  readonly first: number;
  readonly coefficients: Int32Array;
}

/** @param offset of the output behind an input, 0 ≤ offset < 1; @param scale lower rate by input rate */
function makePhase(offset: number, scale: number): Phase {
  const reach = CROSSINGS / scale;
  const first = Math.ceil(offset - reach);
  const last = Math.floor(offset + reach);
  const exact = Float64Array.from({ length: last - first + 1 }, (_, k) => {
    const x = (first + k - offset) * scale;
    return sinc(2 * CUTOFF * x) * kaiser(Math.abs(x) / CROSSINGS);
  });
  const sum = exact.reduce((all, value) => all + value, 0);
  const coefficients = Int32Array.from(exact, (value) => Math.round((value / sum) * 2 ** COEFFICIENT_BITS));
  // What rounding left over goes to the largest.
  const largest = coefficients.reduce((best, value, k) => (value > coefficients[best]! ? k : best), 0);
  coefficients[largest]! += 2 ** COEFFICIENT_BITS - coefficients.reduce((all, value) => all + value, 0);
  return { first, coefficients };
}

const sinc = (x: number): number => (x === 0 ? 1 : sin(Math.PI * x) / (Math.PI * x));

/** The Kaiser window from its middle, 0, to its end, 1. */
function kaiser(position: number): number {
  windowTable ??= Float64Array.from({ length: WINDOW_STEPS + 2 }, (_, i) =>
    bessel(BETA * Math.sqrt(Math.max(0, 1 - (i / WINDOW_STEPS) * (i / WINDOW_STEPS)))),
  );
  const at = Math.min(1, position) * WINDOW_STEPS;
  const below = Math.floor(at);
  return windowTable[below]! + (at - below) * (windowTable[below + 1]! - windowTable[below]!);
}
let windowTable: Float64Array | undefined;

/** The modified Bessel function I₀ by its power series. */
function bessel(x: number): number {
  let term = 1;
  let sum = 1;
  for (let k = 1; term > 1e-12 * sum; k++) {
    const ratio = x / (2 * k);
    term *= ratio * ratio;
    sum += term;
  }
  return sum;
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b);
}

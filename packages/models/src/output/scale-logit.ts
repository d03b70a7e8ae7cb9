// From int32 logits to integers of the answer's unit, in 32-bit integers as the C runtime computes it, and how its constants are found.
import { ModelError } from '../errors.js';
import type { LogitScale } from './output.js';

const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;
const UINT32_MAX = 2 ** 32 - 1;

/** The integer that a logit stands for. Exact in doubles: the unsigned sum is checked to fit 32 bits where the model is loaded. */
export function scaleLogit(
  { low, high, preShift, multiplier, bias, shift, offset }: LogitScale,
  logit: number,
): number {
  const position = ((Math.min(Math.max(logit, low), high) - low) >>> 0) >>> preShift;
  return offset + ((position * multiplier + bias) >>> shift);
}

/** The smallest and the largest answer: those of `low` and `high`. */
export function answerRange({ low, high, preShift, multiplier, bias, shift, offset }: LogitScale): [number, number] {
  const sum = ((high - low) >>> preShift) * multiplier + bias;
  return [offset + Math.floor(bias / 2 ** shift), offset + Math.floor(sum / 2 ** shift)];
}

/** @returns what is wrong with a scale, for a message; undefined where every logit comes out within int32 without overflow */
export function logitScaleProblem(scale: LogitScale): string | undefined {
  const { low, high, preShift, multiplier, bias } = scale;
  if (low >= high) return `low ${low} is not below high ${high}`;
  const reach = (high - low) >>> preShift;
  if (reach > 65_535) return `positions reach ${reach}, at most 65535 wanted: a larger preShift`;
  const sum = reach * multiplier + bias;
  if (sum > UINT32_MAX) return `the sum reaches ${sum}, which leaves 32 bits`;
  const [, largest] = answerRange(scale);
  if (largest > INT32_MAX) return `the answer reaches ${largest}, which leaves int32`;
  return undefined;
}

/**
 * The scale of y = slope·logit + intercept, rounded to nearest and held within [least, most].
 * @param line slope > 0, in units of the answer's integer
 * @throws ModelError `invalid-output` where the answer's integers are too coarse or too fine for that: `who` is named
 */
export function makeLogitScale(
  { slope, intercept }: { readonly slope: number; readonly intercept: number },
  [least, most]: readonly [number, number],
  who: string,
): LogitScale {
  const fail = (found: string, remedy: string) =>
    new ModelError('invalid-output', `The answers of ${who} have no integers: ${found}; ${remedy}.`);
  if (!(least < most) || least < INT32_MIN || most > INT32_MAX) {
    throw fail(`answers from ${least} to ${most} found, integers within 32 bits wanted`, 'use fewer decimals');
  }
  const low = Math.max(INT32_MIN, Math.ceil((least - intercept) / slope));
  const high = Math.min(INT32_MAX, Math.floor((most - intercept) / slope));
  if (!(low < high)) {
    throw fail('all answers are one logit', 'give the last layer more room (8-bit weights), or use fewer decimals');
  }
  const width = high - low;
  const preShift = Math.max(0, Math.floor(Math.log2(width)) - 15);
  const reach = width >>> preShift;
  const step = slope * 2 ** preShift;
  const first = slope * low + intercept;
  const offset = Math.max(Math.ceil(least), Math.floor(first));
  for (let shift = 31; shift >= 0; shift--) {
    // The largest sum whose answer is within the last end; of it the bias takes half a step for rounding.
    const largest = (Math.floor(most) - offset + 1) * 2 ** shift - 1;
    const multiplier = Math.min(Math.round(step * 2 ** shift), Math.floor(largest / reach));
    const bias = Math.max(0, Math.min(Math.round((first - offset + 0.5) * 2 ** shift), largest - reach * multiplier));
    if (multiplier > 65_535 || reach * multiplier + bias > UINT32_MAX) continue;
    if (multiplier === 0) throw fail('all answers round to one integer', 'use more decimals');
    return { low, high, preShift, multiplier, bias, shift, offset };
  }
  throw fail('an answer has more than 32 bits', 'use fewer decimals');
}

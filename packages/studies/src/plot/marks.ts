// Where axes have marks, and what stands at them.

const MARKS = 6;
/** What is that near to a mark is at it. */
const ROUNDING = 1e-4;

/** From a round number that is not above the values to one that is not below them, in steps of 1, 2 or 5 times a power of ten. */
export function linearMarks(values: readonly number[]): number[] {
  const [least, most] = values.length === 0 ? [0, 1] : [Math.min(...values), Math.max(...values)];
  const span = Math.max(most - least, Math.abs(most) * 1e-3, 1e-9);
  const power = 10 ** Math.floor(Math.log10(span / MARKS));
  const step = power * ([1, 2, 5, 10].find((factor) => (factor * power * MARKS) / span >= 1) ?? 10);
  const first = Math.floor(least / step);
  const last = Math.max(first + 1, Math.ceil(most / step));
  return Array.from({ length: last - first + 1 }, (_, i) => (first + i) * step);
}

/** With as many digits as the marks want. */
export function markText(value: number, marks: readonly number[]): string {
  const digits = Math.max(0, Math.min(6, -Math.floor(Math.log10(marks[1]! - marks[0]! + 1e-12))));
  return value.toFixed(digits);
}

/** Within a power of ten: the second where the first gives too few marks. */
const LOGARITHMIC_STEPS = [
  [1, 2, 5],
  [1, 1.5, 2, 3, 4, 5, 6, 7, 8, 9],
] as const;
const FEWEST_MARKS = 4;

/** From the largest of 1, 2, 5, 10, … that is not above the values to the smallest that is not below them, with more between where these are few; at least two. */
export function logarithmicMarks(values: readonly number[]): number[] {
  const [least, most] = values.length === 0 ? [1, 10] : [Math.min(...values), Math.max(...values)];
  const [coarse, fine] = LOGARITHMIC_STEPS.map((steps) => marksAround(least, most, steps));
  return coarse!.length >= FEWEST_MARKS ? coarse! : fine!;
}

function marksAround(least: number, most: number, factors: readonly number[]): number[] {
  const steps: number[] = [];
  for (let power = Math.floor(Math.log10(least)); power <= Math.ceil(Math.log10(most)) + 1; power++)
    steps.push(...factors.map((factor) => Number(`${factor}e${power}`)));
  const first = steps.findLastIndex((step) => step <= least * (1 + ROUNDING));
  const last = Math.max(
    first + 1,
    steps.findIndex((step) => step >= most * (1 - ROUNDING)),
  );
  return steps.slice(first, last + 1);
}

// Long work over large arrays as generators that pause now and then: run at once, or in slices between which the event loop turns.

/** Longest stretch without a turn of the event loop, in milliseconds. */
const SLICE_MS = 20;

/** Work that yields wherever it may be interrupted, every few milliseconds. */
export type Steps<Result> = Generator<undefined, Result, undefined>;

/** Runs to the end without a pause. */
export function runSteps<Result>(steps: Steps<Result>): Result {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** As `runSteps`, giving other work a turn whenever 20 ms have passed. */
export async function runInSlices<Result>(steps: Steps<Result>): Promise<Result> {
  let began = performance.now();
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
    if (performance.now() - began < SLICE_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    began = performance.now();
  }
}

/** Lets other work have a turn, between two stages that are short alone. */
export const giveWay = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

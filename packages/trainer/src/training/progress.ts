// How far a run is and how long it will still take.

export interface Progress {
  /** 0-based epoch at work. */
  readonly epoch: number;
  readonly epochs: number;
  readonly step: number;
  /** Steps of one epoch. */
  readonly steps: number;
  /** Mean loss and accuracy over the epoch's steps so far. */
  readonly loss: number;
  readonly accuracy: number;
  /** Share of the whole run that is done, 0 … 1. */
  readonly done: number;
  /** Since this call of `run`. */
  readonly elapsedSeconds: number;
  /** Estimate from the pace since this call of `run`, with validation and waiting. */
  readonly remainingSeconds: number;
}

/** Seconds that are left if the rest goes as fast as what was done since the start. */
export function remainingSeconds(doneAtStart: number, done: number, elapsedSeconds: number): number {
  return done > doneAtStart ? (elapsedSeconds * (1 - done)) / (done - doneAtStart) : Number.POSITIVE_INFINITY;
}

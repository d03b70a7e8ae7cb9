// A runner executes runs: child processes of this machine, or workers behind a queue. The same request gives the same record on either.
import type { Progress } from '@bitnetmcu/trainer';
import type { RunRecord } from '../run/run-record.js';
import type { RunRequest } from '../run/run-request.js';

export interface RunnerHandlers {
  /** Stops the run: what was done is kept where the runner keeps it, and the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** A folder of this machine in which unfinished runs are kept; a runner elsewhere keeps them elsewhere. */
  readonly unfinished?: string | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  /** So many epochs are done and kept. */
  onEpoch?: ((epochs: number) => void) | undefined;
}

/** A run with what it is known by. */
export interface KeyedRequest {
  /** Of `request`, its data and its engine: a machine where it is another one does not run it. */
  readonly key: string;
  readonly request: RunRequest;
}

/** A run that ended. */
export interface RunOutcome {
  readonly record: RunRecord;
  /** The bytes of its `.bnm`; absent where it failed. */
  readonly model?: Uint8Array | undefined;
}

export interface Runner {
  /** How many runs it executes at a time; Infinity where workers come and go. */
  readonly parallel: number;
  /** Executes one run; a run that fails is a record as well. @throws StudyError only where the runner itself cannot go on. */
  run(run: KeyedRequest, handlers?: RunnerHandlers): Promise<RunOutcome>;
  close(): Promise<void>;
}

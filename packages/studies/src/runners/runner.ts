// A runner executes runs: child processes of this machine, or workers behind a queue. The same request gives the same record on either.
import type { Progress } from '@bitnetmcu/trainer';
import type { RunRecord } from '../run/run-record.js';
import type { RunRequest } from '../run/run-request.js';

export interface RunnerHandlers {
  readonly signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Runner {
  /** How many runs it executes at a time; Infinity where workers come and go. */
  readonly parallel: number;
  /** Executes one run; a run that fails is a record as well. @throws StudyError only where the runner itself cannot go on. */
  run(request: RunRequest, handlers?: RunnerHandlers): Promise<RunRecord>;
  close(): Promise<void>;
}

// The jobs that a study waits for, and whom it tells.
import type { RunnerHandlers, RunOutcome } from '../runners/runner.js';
import type { RunJob } from './job.js';

export interface Waiting extends Pick<RunnerHandlers, 'onProgress'> {
  readonly job: RunJob;
}

interface Entry extends Waiting {
  readonly done: Promise<RunOutcome>;
  readonly resolve: (outcome: RunOutcome) => void;
  readonly reject: (reason: unknown) => void;
}

export class WaitingJobs {
  readonly #entries = new Map<string, Entry>();

  /** A job that is waited for already is waited for once. */
  add(id: string, waiting: Waiting): Promise<RunOutcome> {
    const known = this.#entries.get(id);
    if (known) return known.done;
    let [resolve, reject]: [Entry['resolve'], Entry['reject']] = [() => {}, () => {}];
    const done = new Promise<RunOutcome>((yes, no) => {
      [resolve, reject] = [yes, no];
    });
    // Whoever asked hears of it; nobody else has to.
    done.catch(() => {});
    this.#entries.set(id, { ...waiting, done, resolve, reject });
    return done;
  }

  ids(): string[] {
    return [...this.#entries.keys()];
  }

  get(id: string): Waiting | undefined {
    return this.#entries.get(id);
  }

  resolve(id: string, outcome: RunOutcome): void {
    this.#taken(id)?.resolve(outcome);
  }

  reject(id: string, reason: unknown): void {
    this.#taken(id)?.reject(reason);
  }

  rejectAll(reason: unknown): void {
    for (const id of this.ids()) this.reject(id, reason);
  }

  #taken(id: string): Entry | undefined {
    const entry = this.#entries.get(id);
    this.#entries.delete(id);
    return entry;
  }
}

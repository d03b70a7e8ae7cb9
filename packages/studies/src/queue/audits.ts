// A share of the runs is made once more by another worker: the same request must give the same record, to the bit.
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { visibleText } from '@bitnetmcu/models/internal';
import { StudyError } from '../errors.js';
import { comparable } from '../run/comparable-record.js';
import type { FinishedRun, RunRecord } from '../run/run-record.js';
import type { RunnerHandlers, RunOutcome } from '../runners/runner.js';
import { auditId, type RunJob } from './job.js';

interface AuditMeans {
  make(id: string, job: RunJob, handlers: RunnerHandlers): Promise<RunOutcome>;
  /** Takes away what is known of a job. */
  forget(id: string): Promise<void>;
  onNotice(text: string): void;
}

/** Two workers that do not agree about a run. */
interface Difference {
  readonly key: string;
  readonly workers: readonly [string, string];
  readonly parts: readonly string[];
}

/** After the last run of a study, for audits that nothing is heard of. */
const PATIENCE_MILLISECONDS = 120_000;

export class Audits {
  readonly #pending = new Set<Promise<void>>();
  readonly #differences: Difference[] = [];
  readonly #patience = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(
    private readonly share: number,
    private readonly means: AuditMeans,
  ) {}

  /** Has a run repeated if it is one of those. Which these are is decided by their keys: with every start the same. */
  consider(job: RunJob, record: RunRecord): void {
    if (record.status !== 'finished' || !isChosen(job.key, this.share)) return;
    const pending = this.#repeat(job, record).catch((error: unknown) => {
      if (this.#isClosed) return;
      const said = this.#patience.signal.aborted ? 'no other worker did it' : (error as Error).message;
      this.means.onNotice(`The run ${job.key.slice(0, 12)} was not repeated: ${said}`);
    });
    this.#pending.add(pending);
    void pending.finally(() => this.#pending.delete(pending));
  }

  /** Takes those back that have not ended. */
  close(): void {
    this.#isClosed = true;
    this.#patience.abort();
  }

  async settled(): Promise<readonly StudyError[]> {
    this.#timer = setTimeout(() => this.#patience.abort(), PATIENCE_MILLISECONDS);
    while (this.#pending.size > 0) await Promise.all(this.#pending);
    clearTimeout(this.#timer);
    const suspect = commonWorker(this.#differences);
    return this.#differences.map((difference) => differenceError(difference, suspect));
  }

  async #repeat(job: RunJob, record: FinishedRun): Promise<void> {
    const id = auditId(job.key);
    await this.means.forget(id);
    const again = await this.means.make(
      id,
      { ...job, notBy: record.worker },
      { signal: this.#patience.signal, onProgress: () => this.#timer?.refresh() },
    );
    this.#timer?.refresh();
    if (again.record.status === 'failed') throw new Error(`it failed on ${again.record.worker}`);
    const parts = differentParts(record, again.record);
    if (parts.length > 0) {
      this.#differences.push({ key: job.key, workers: [record.worker, again.record.worker], parts });
    }
  }
}

function isChosen(key: string, share: number): boolean {
  const place = createHash('sha256').update(`audit ${key}`).digest().readUInt32BE();
  return place < share * 2 ** 32;
}

function differentParts(one: FinishedRun, other: FinishedRun): string[] {
  const [a, b] = [comparable(one), comparable(other)] as Record<string, unknown>[];
  return Object.keys({ ...a, ...b }).filter((part) => !isDeepStrictEqual(a![part], b![part]));
}

/** The one worker that is part of all differences; undefined where that does not tell one. */
function commonWorker(differences: readonly Difference[]): string | undefined {
  const [first, ...rest] = differences.map(({ workers }) => workers);
  const common = first?.filter((worker) => rest.every((workers) => workers.includes(worker))) ?? [];
  return common.length === 1 ? common[0] : undefined;
}

function differenceError({ key, workers, parts }: Difference, suspect: string | undefined): StudyError {
  const [one, other] = workers.map((worker) => visibleText(worker));
  const advice =
    suspect === undefined
      ? 'Repeat more of the runs, on more workers, to see which of them it is.'
      : `${visibleText(suspect)} is the one that differs from all others: look at it first.`;
  return new StudyError(
    'machines-differ',
    `The run ${key} came out otherwise on ${other} than on ${one} (${parts.join(', ')}): the same bits wanted. ${advice} The study has the first record; the queue keeps the other for three days.`,
  );
}

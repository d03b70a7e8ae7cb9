// The runner of one machine: a pool of child processes that are started once and used for one run after another.
import { availableParallelism, hostname, totalmem } from 'node:os';
import { StudyError } from '../errors.js';
import type { FailedRun } from '../run/run-record.js';
import { type Attempt, PoolProcess, type RunLimits } from './pool-process.js';
import type { KeyedRequest, Runner, RunnerHandlers, RunOutcome } from './runner.js';

export interface LocalPoolOptions {
  /** How many runs at a time, a process each; default: the number of cores. */
  readonly processes?: number | undefined;
  /** What a run may take before it is stopped. Default: 6 hours, and its share of 80 % of the machine's memory. */
  readonly limits?: Partial<RunLimits> | undefined;
  /** How often a run is tried whose process crashes before it gets further than the time before; default 3. */
  readonly attempts?: number | undefined;
}

const DEFAULT_SECONDS = 6 * 3600;
const MEMORY_SHARE = 0.8;
const DEFAULT_ATTEMPTS = 3;
const MOST_PROCESSES = 1024;

/**
 * A runner of child processes of this machine. Each trains on one thread, so that as many runs as there are cores go on side by side; results do not
 * depend on how many. A process that crashes, runs out of memory or takes too long is replaced; the run is tried again from where it was kept,
 * and reported as failed where that does not help.
 * @throws StudyError `invalid-argument` for numbers that are none
 *
 * @example
 * ```ts
 * import { createLocalPool } from '@bitnetmcu/studies';
 *
 * const pool = createLocalPool({ processes: 2, limits: { seconds: 600 } });
 * console.log(pool.parallel); // 2
 * await pool.close();
 * ```
 */
export function createLocalPool(options: LocalPoolOptions = {}): Runner {
  return new LocalPool(options);
}

class LocalPool implements Runner {
  readonly parallel: number;
  readonly #limits: RunLimits;
  readonly #attempts: number;
  readonly #idle: PoolProcess[] = [];
  readonly #all = new Set<PoolProcess>();
  readonly #waiting: (() => void)[] = [];
  #busy = 0;
  #isClosed = false;

  constructor({ processes = availableParallelism(), limits = {}, attempts = DEFAULT_ATTEMPTS }: LocalPoolOptions) {
    const isCount = (value: number, most: number) => Number.isInteger(value) && value >= 1 && value <= most;
    if (!isCount(processes, MOST_PROCESSES)) throw invalid('processes', processes, `1 to ${MOST_PROCESSES}`);
    if (!isCount(attempts, Number.POSITIVE_INFINITY)) throw invalid('attempts', attempts, '1 or more');
    const { seconds = DEFAULT_SECONDS, memory = (MEMORY_SHARE * availableBytes()) / processes } = limits;
    if (!(seconds > 0)) throw invalid('limits.seconds', seconds, 'more than 0');
    if (!(memory > 0)) throw invalid('limits.memory', memory, 'more than 0 bytes');
    this.parallel = processes;
    this.#limits = { seconds, memory };
    this.#attempts = attempts;
  }

  async run(run: KeyedRequest, handlers: RunnerHandlers = {}): Promise<RunOutcome> {
    await this.#turn();
    try {
      return await this.#tried(run, handlers);
    } finally {
      this.#busy--;
      this.#waiting.shift()?.();
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([...this.#all].map((process) => process.close()));
  }

  /** Waits until fewer runs than processes are under way. */
  async #turn(): Promise<void> {
    while (this.#busy >= this.parallel) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#requireOpen();
    this.#busy++;
  }

  #requireOpen(): void {
    if (!this.#isClosed) return;
    throw new StudyError('run-failed', 'The pool is closed: no run is taken any more. Make another one.');
  }

  async #tried(run: KeyedRequest, handlers: RunnerHandlers): Promise<RunOutcome> {
    let furthest = 0;
    for (let [attempts, inVain] = [1, 1]; ; attempts++) {
      handlers.signal?.throwIfAborted();
      const attempt = await this.#attempt(run, handlers);
      switch (attempt.kind) {
        case 'finished':
          return { record: attempt.record, model: attempt.model };
        case 'stopped':
          throw handlers.signal?.reason ?? new StudyError('run-failed', 'The run was stopped: the pool is closed.');
        case 'failed': {
          // Its process ended because the pool was closed: the run is no failure, and is not begun once more.
          if (!attempt.alive) this.#requireOpen();
          const isHopeless = attempt.alive || attempt.reason === 'timeout';
          inVain = attempt.epochs > furthest ? 1 : inVain + 1;
          furthest = Math.max(furthest, attempt.epochs);
          if (isHopeless || inVain > this.#attempts) return { record: failed(run, attempt, attempts) };
        }
      }
    }
  }

  async #attempt(run: KeyedRequest, handlers: RunnerHandlers): Promise<Attempt> {
    const process = this.#process();
    try {
      return await process.attempt(run, this.#limits, handlers);
    } catch (error) {
      // Closed while it was starting.
      this.#requireOpen();
      throw error;
    } finally {
      if (process.isAlive && !process.isLarge) this.#idle.push(process);
      else {
        this.#all.delete(process);
        void process.close();
      }
    }
  }

  #process(): PoolProcess {
    this.#requireOpen();
    for (let process = this.#idle.pop(); process; process = this.#idle.pop()) {
      if (process.isAlive) return process;
      this.#all.delete(process);
    }
    const process = new PoolProcess(this.#limits.memory);
    this.#all.add(process);
    return process;
  }
}

/** Of the machine, or of the container that this runs in. */
function availableBytes(): number {
  const constrained = process.constrainedMemory?.() ?? 0;
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

function failed(
  { key, request }: KeyedRequest,
  { reason, message, code }: Extract<Attempt, { kind: 'failed' }>,
  attempts: number,
): FailedRun {
  const worker = `${hostname()} ${process.pid}`;
  const ended = new Date().toISOString();
  return { status: 'failed', key, request, reason, message, ...(code && { code }), attempts, worker, ended };
}

function invalid(name: string, found: number, wanted: string): StudyError {
  return new StudyError('invalid-argument', `The pool's ${name} is ${found}: ${wanted} wanted.`);
}

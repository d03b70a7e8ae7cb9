// One child process of a pool, as the pool sees it: started, given a run, watched, stopped.
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { StudyError } from '../errors.js';
import { SECRET_VARIABLES } from '../queue/redis-address.js';
import type { ExecutedRun } from '../run/run-executor.js';
import type { FailedRun } from '../run/run-record.js';
import type { FromChild, ToChild } from './messages.js';
import { residentBytes } from './resident-memory.js';
import type { KeyedRequest, RunnerHandlers } from './runner.js';

/** What one run may take. */
export interface RunLimits {
  /** Wall-clock time of one attempt. */
  readonly seconds: number;
  /** Resident memory of its process, in bytes. */
  readonly memory: number;
}

/** How an attempt at a run ended. */
export type Attempt =
  | ({ readonly kind: 'finished' } & ExecutedRun)
  | { readonly kind: 'stopped' }
  /** `alive`: the process told of it itself; a program that fails so fails again. */
  | {
      readonly kind: 'failed';
      readonly reason: FailedRun['reason'];
      readonly message: string;
      readonly code?: string | undefined;
      readonly alive: boolean;
      /** Epochs that were done and kept. */
      readonly epochs: number;
    };

const WATCH_MILLISECONDS = 250;
/** What keeping a run and stopping may take before the process is killed. */
const STOP_MILLISECONDS = 10_000;
const LAST_WORDS_MILLISECONDS = 500;
const MAX_STDERR = 4000;
const MIB = 2 ** 20;

export class PoolProcess {
  readonly #child: ChildProcess;
  readonly #memoryLimit: number;
  #stderr = '';
  #memory = 0;
  #isReady = false;
  /** Why the pool killed it. */
  #killed: Pick<FailedRun, 'reason' | 'message'> | undefined;
  #ended: string | undefined;
  readonly #gone: Promise<void>;
  #onMessage: ((message: FromChild) => void) | undefined;
  #onEnd: (() => void) | undefined;

  constructor(memoryLimit: number) {
    this.#memoryLimit = memoryLimit;
    this.#child = fork(childFile(), [String(memoryLimit)], {
      serialization: 'advanced',
      env: withoutSecrets(process.env),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: [`--max-old-space-size=${Math.max(64, Math.floor(memoryLimit / MIB))}`],
    });
    this.#child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.#stderr = (this.#stderr + text).slice(-MAX_STDERR);
    });
    this.#child.on('message', (message: FromChild) => {
      if (message.type === 'ready') this.#isReady = true;
      else if (message.type === 'memory') this.#memory = message.bytes;
      else this.#onMessage?.(message);
    });
    this.#gone = new Promise((resolve) => {
      const end = (how: string) => {
        this.#ended ??= how;
        this.#onEnd?.();
        resolve();
      };
      // Not 'close': it does not come where this side disconnected.
      this.#child.on('exit', (code, signal) => {
        const how = signal ?? `exit code ${code}`;
        // What it said last is still on its way.
        const timer = setTimeout(() => end(how), LAST_WORDS_MILLISECONDS);
        this.#child.stderr!.once('close', () => {
          clearTimeout(timer);
          end(how);
        });
      });
      // Else a message to a process that has just ended.
      this.#child.on('error', (error) => {
        if (this.#child.pid === undefined) end(error.message);
      });
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isAlive(): boolean {
    return this.#ended === undefined && this.#child.connected;
  }

  /** Whether it holds so much that the next run had better have a process of its own. */
  get isLarge(): boolean {
    return this.#resident() > 0.7 * this.#memoryLimit;
  }

  /** A process that waits for a run keeps nobody else's from ending. */
  #hold(isHeld: boolean): void {
    const { channel, stderr } = this.#child;
    for (const handle of [this.#child, channel, stderr] as readonly { ref?(): void; unref?(): void }[]) {
      if (isHeld) handle?.ref?.();
      else handle?.unref?.();
    }
  }

  /** One attempt at a run. @throws StudyError `run-failed` where the process does not even start */
  attempt(
    run: KeyedRequest,
    limits: RunLimits,
    { signal, unfinished, onProgress, onEpoch }: RunnerHandlers,
  ): Promise<Attempt> {
    return new Promise((resolve, reject) => {
      let epochs = 0;
      const started = performance.now();
      const watch = setInterval(() => this.#watch(started, limits), WATCH_MILLISECONDS);
      const onAbort = () => this.#stop();
      const release = () => {
        clearInterval(watch);
        signal?.removeEventListener('abort', onAbort);
        [this.#onMessage, this.#onEnd] = [undefined, undefined];
        this.#hold(false);
      };
      const settle = (attempt: Attempt) => {
        release();
        resolve(attempt);
      };
      this.#onMessage = (message) => {
        if (message.type === 'progress') onProgress?.(message.progress);
        else if (message.type === 'epoch') {
          epochs = message.epochs;
          onEpoch?.(epochs);
        } else if (message.type === 'finished')
          settle({ kind: 'finished', record: message.record, model: message.model });
        else if (message.type === 'stopped') settle({ kind: 'stopped' });
        else if (message.type === 'failed') {
          const { type: _type, ...told } = message;
          settle({ kind: 'failed', ...told, alive: true, epochs });
        }
      };
      this.#onEnd = () => {
        if (signal?.aborted) settle({ kind: 'stopped' });
        else if (!this.#isReady && !/^SIG/.test(this.#ended ?? '')) {
          // It refuses to start, and so would the next one.
          release();
          reject(new StudyError('run-failed', `No process for runs can be started (${this.#ended}): ${this.#tail()}`));
        } else settle({ kind: 'failed', ...this.#reason(), alive: false, epochs });
      };
      if (this.#ended !== undefined) return this.#onEnd();
      this.#hold(true);
      signal?.addEventListener('abort', onAbort);
      this.#send({ type: 'run', run, unfinished });
      if (signal?.aborted) onAbort();
    });
  }

  /** Ends it; a run that is under way is lost. */
  async close(): Promise<void> {
    if (this.#ended !== undefined) return;
    this.#hold(true);
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MILLISECONDS);
    await this.#gone;
    clearTimeout(timer);
  }

  #send(message: ToChild): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }

  #stop(): void {
    this.#send({ type: 'stop' });
    // What does not answer has kept its last epoch.
    setTimeout(() => {
      if (this.#onEnd) this.#child.kill('SIGKILL');
    }, STOP_MILLISECONDS).unref();
  }

  #watch(started: number, { seconds }: RunLimits): void {
    const taken = (performance.now() - started) / 1000;
    const resident = this.#resident();
    if (taken > seconds) {
      this.#kill(
        'timeout',
        `The run took more than ${seconds} s and was stopped. Give it more time, or train fewer epochs.`,
      );
    } else if (resident > this.#memoryLimit) {
      this.#kill(
        'out-of-memory',
        `The run's process took ${Math.ceil(resident / MIB)} MiB of memory, ${Math.floor(this.#memoryLimit / MIB)} MiB allowed, and was stopped. Allow more, run fewer at a time, or use fewer or smaller samples.`,
      );
    }
  }

  #kill(reason: FailedRun['reason'], message: string): void {
    this.#killed ??= { reason, message };
    this.#child.kill('SIGKILL');
  }

  #resident(): number {
    // On another system the process tells it itself.
    this.#memory = residentBytes(this.#child.pid) ?? this.#memory;
    return this.#memory;
  }

  #reason(): Pick<FailedRun, 'reason' | 'message'> {
    if (this.#killed) return this.#killed;
    if (/heap out of memory|allocation failed|invalid table size/i.test(this.#stderr)) {
      return {
        reason: 'out-of-memory',
        message: `The run's process had no memory left (${Math.floor(this.#memoryLimit / MIB)} MiB allowed). Allow more, run fewer at a time, or use fewer or smaller samples.`,
      };
    }
    const killer = this.#ended === 'SIGKILL' ? ' by somebody, or by the system for want of memory' : '';
    return {
      reason: 'crashed',
      message: `The run's process ended with ${this.#ended}${killer}. ${this.#tail()}`.trim(),
    };
  }

  /** The last lines of what it said. */
  #tail(): string {
    return this.#stderr.trim().split('\n').slice(-6).join('\n');
  }
}

/** Whoever trains needs no login of a queue. */
function withoutSecrets(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isSecret = (name: string) => (SECRET_VARIABLES as readonly string[]).includes(name);
  return Object.fromEntries(Object.entries(environment).filter(([name]) => !isSecret(name)));
}

/** The child is built as a file of its own beside the package's entry; sources (tests) use the built one. */
function childFile(): string {
  const candidates = ['./runners/child.js', '../runners/child.js', './child.js', '../../dist/runners/child.js'];
  const files = candidates.map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)));
  const found = files.find((file) => existsSync(file));
  if (!found) throw new StudyError('run-failed', `The program of runs is missing: ${files[0]}. Build the package.`);
  return found;
}

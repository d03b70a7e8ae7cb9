// Progress of a training run: one line redrawn in place on a terminal, now and then a plain line elsewhere.
import type { Task } from '@bitnetmcu/models/internal';
import type { EpochMetrics, Progress, Score } from '@bitnetmcu/trainer';
import type { Terminal } from '../terminal.js';
import { count, duration } from './quantities.js';
import { bar } from './score-bars.js';
import { scoreText } from './score-words.js';

/** A log gets about this many lines a run. */
const LOG_LINES = 12;
/** Redrawing more often than this costs more than it shows. */
const REDRAW_MILLISECONDS = 100;
const BAR_CELLS = 20;
/** The first steps are slow: what is estimated from them is wrong by orders of magnitude. */
const ESTIMATE_SECONDS = 2;

/** Shows one run; `progress` is called many times an epoch, `epochEnded` once. */
export class TrainingProgress {
  #drawn = 0;
  #remaining = Number.POSITIVE_INFINITY;

  constructor(
    private readonly terminal: Terminal,
    private readonly epochs: number,
    private readonly task: Task = 'classification',
  ) {}

  progress({ epoch, epochs, loss, accuracy, done, elapsedSeconds, remainingSeconds }: Progress): void {
    this.#remaining = elapsedSeconds < ESTIMATE_SECONDS ? Number.POSITIVE_INFINITY : remainingSeconds;
    const now = performance.now();
    if (now - this.#drawn < REDRAW_MILLISECONDS) return;
    this.#drawn = now;
    const left = Number.isFinite(this.#remaining) ? `  ${duration(this.#remaining)} left` : '';
    this.terminal.status(
      `${bar(done, BAR_CELLS).padEnd(BAR_CELLS, '·')} ${counter(epoch + 1, epochs)}  loss ${loss.toFixed(4)}  training ${this.#score({ loss, accuracy })}${left}`,
    );
  }

  epochEnded({ epoch, train, validation, imagesPerSecond }: EpochMetrics): void {
    const number = epoch + 1;
    const stride = Math.ceil(this.epochs / LOG_LINES);
    if (number !== 1 && number !== this.epochs && number % stride !== 0) return;
    const { dim } = this.terminal.colors;
    const left = number < this.epochs && Number.isFinite(this.#remaining) ? `  ${duration(this.#remaining)} left` : '';
    const score = validation === undefined ? `training ${this.#score(train)}` : `validation ${this.#score(validation)}`;
    this.terminal.note(
      `${counter(number, this.epochs)}  loss ${train.loss.toFixed(4)}  ${score}  ${dim(`${rate(imagesPerSecond)} samples/s`)}${left}`,
    );
  }

  /** What the task is judged by while it trains, and nothing besides. */
  #score({ loss, accuracy }: Score): string {
    return scoreText(this.task, { loss, accuracy });
  }
}

/** 12k, or 850. */
function rate(perSecond: number): string {
  return perSecond < 10_000 ? count(perSecond) : `${Math.round(perSecond / 1000)}k`;
}

function counter(epoch: number, epochs: number): string {
  return `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;
}

// Progress of a study: one line redrawn in place on a terminal, a line for each run elsewhere.
import { visibleText } from '@bitnetmcu/models/internal';
import type { EndedStudyRun, StudyRun } from '@bitnetmcu/studies';
import type { Progress } from '@bitnetmcu/trainer';
import type { Terminal } from '../terminal.js';
import { count, duration, percent } from './quantities.js';
import { bar } from './score-bars.js';

const REDRAW_MILLISECONDS = 100;
const BAR_CELLS = 20;
/** From the first seconds nothing can be said of the rest. */
const ESTIMATE_SECONDS = 2;

export class StudyProgress {
  readonly #started = performance.now();
  /** Share done of the runs under way, by index. */
  readonly #underWay = new Map<number, number>();
  #ended = 0;
  #known = 0;
  #failed = 0;
  #best: { readonly label: string; readonly score: number; readonly text: string } | undefined;
  #drawn = 0;

  /** @param runs of the whole study */
  constructor(
    private readonly terminal: Terminal,
    private readonly runs: number,
  ) {}

  started({ index }: StudyRun): void {
    this.#underWay.set(index, 0);
    this.#draw();
  }

  progress({ index }: StudyRun, { done }: Progress): void {
    this.#underWay.set(index, done);
    this.#draw();
  }

  ended({ index, label, request, record, known }: EndedStudyRun): void {
    this.#underWay.delete(index);
    this.#ended++;
    if (known) this.#known++;
    const seed = request.config.seed;
    if (record.status === 'failed') {
      this.#failed++;
      this.terminal.note(
        `${this.terminal.colors.red('✗')} ${visibleText(label)}, seed ${seed} failed${known ? ' before' : ''} (${record.reason}, tried ${record.attempts === 1 ? 'once' : `${record.attempts} times`}): ${visibleText(firstLine(record.message))}`,
      );
    } else {
      const scores = record.validation?.integer ?? record.test;
      const text = scores && (scores.r2 === undefined ? percent(scores.accuracy) : `R² ${scores.accuracy.toFixed(3)}`);
      if (scores && text && !(this.#best && this.#best.score >= scores.accuracy)) {
        this.#best = { label, score: scores.accuracy, text };
      }
      if (!known && !this.terminal.isInteractive) {
        this.terminal.note(
          this.terminal.colors.dim(
            `${count(this.#ended)} of ${count(this.runs)}  ${visibleText(label)}, seed ${seed}${text ? `: ${text}` : ''}, ${duration(record.seconds)}${this.#left()}`,
          ),
        );
      }
    }
    this.#draw(true);
  }

  #draw(isAlways = false): void {
    const now = performance.now();
    if (!isAlways && now - this.#drawn < REDRAW_MILLISECONDS) return;
    this.#drawn = now;
    const done = (this.#ended + this.#partly()) / this.runs;
    const best = this.#best ? `  best ${this.#best.text} (${this.#best.label})` : '';
    const failed = this.#failed > 0 ? `  ${count(this.#failed)} failed` : '';
    this.terminal.status(
      `${bar(done, BAR_CELLS).padEnd(BAR_CELLS, '·')} ${count(this.#ended)} of ${count(this.runs)} runs${failed}${best}${this.#left()}`,
    );
  }

  #partly(): number {
    return [...this.#underWay.values()].reduce((sum, share) => sum + share, 0);
  }

  /** By the pace of what was done since the start; what was there already took no time. */
  #left(): string {
    const seconds = (performance.now() - this.#started) / 1000;
    const made = this.#ended - this.#known + this.#partly();
    const rest = this.runs - this.#ended - this.#partly();
    if (seconds < ESTIMATE_SECONDS || made <= 0 || rest <= 0) return '';
    return `  ${duration((seconds * rest) / made)} left`;
  }
}

function firstLine(text: string): string {
  return text.split('\n')[0]!;
}

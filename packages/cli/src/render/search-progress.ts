// Progress of a search: trainings done, the best so far by each objective, what is left; one line redrawn on a terminal, a line for each new most accurate
// network elsewhere.
import type { SearchedRun } from '@bitnetmcu/studies';
import type { Terminal } from '../terminal.js';
import { bytes, count, duration, percent } from './quantities.js';
import { bar } from './score-bars.js';

const BAR_CELLS = 20;
const REDRAW_MILLISECONDS = 100;

export interface SearchLimits {
  readonly runs?: number | undefined;
  readonly seconds?: number | undefined;
  /** Networks below are no best ones of what they take. */
  readonly minAccuracy?: number | undefined;
}

/** What is small besides the error: the least so far, and how accurate the network is that has it. */
const LEAST = {
  flash: { of: ({ flashBytes }: Costs) => flashBytes, text: (value: number) => `${bytes(value)} flash` },
  ram: { of: ({ ramBytes }: Costs) => ramBytes, text: (value: number) => `${bytes(value)} RAM` },
  time: {
    of: ({ milliseconds = Number.POSITIVE_INFINITY }: Costs) => milliseconds,
    text: (value: number) => `${value.toPrecision(2)} ms`,
  },
} as const;

type Costs = SearchedRun['costs'];

interface Least {
  readonly value: number;
  readonly accuracy: number;
}

export class SearchProgress {
  readonly #started = performance.now();
  #drawn = 0;
  #ended = 0;
  #failed = 0;
  #best: { readonly accuracy: number; readonly text: string } | undefined;
  readonly #least = new Map<keyof typeof LEAST, Least>();

  constructor(
    private readonly terminal: Terminal,
    private readonly limits: SearchLimits,
  ) {}

  ended({ record, costs, known }: SearchedRun): void {
    this.#ended++;
    if (record.status === 'failed') this.#failed++;
    else {
      const accuracy = record.validation?.integer.accuracy ?? 0;
      this.#keepLeast(costs, accuracy);
      if (this.#best === undefined || accuracy > this.#best.accuracy) {
        this.#best = { accuracy, text: `${percent(accuracy)} in ${bytes(costs.flashBytes)} of flash` };
        if (!known && !this.terminal.isInteractive)
          this.terminal.note(this.terminal.colors.dim(`${trainings(this.#ended)}  best ${this.#best.text}`));
      }
    }
    this.draw();
  }

  #keepLeast(costs: Costs, accuracy: number): void {
    if (accuracy < (this.limits.minAccuracy ?? 0)) return;
    for (const name of Object.keys(LEAST) as (keyof typeof LEAST)[]) {
      const value = LEAST[name].of(costs);
      const least = this.#least.get(name);
      if (least && (value > least.value || (value === least.value && accuracy <= least.accuracy))) continue;
      this.#least.set(name, { value, accuracy });
    }
  }

  /** The least of each objective; for the status line, which is cut where the terminal ends. */
  get #leastText(): string {
    const texts = [...this.#least].flatMap(([name, { value, accuracy }]) =>
      Number.isFinite(value) ? [`${LEAST[name].text(value)} (${percent(accuracy)})`] : [],
    );
    return texts.length === 0 ? '' : `  least ${texts.join(', ')}`;
  }

  draw(): void {
    const now = performance.now();
    if (now - this.#drawn < REDRAW_MILLISECONDS) return;
    this.#drawn = now;
    const failed = this.#failed > 0 ? `  ${count(this.#failed)} failed` : '';
    const best = this.#best ? `  best ${this.#best.text}` : '';
    const { done, left } = this.#share();
    this.terminal.status(
      `${bar(done, BAR_CELLS).padEnd(BAR_CELLS, '·')} ${trainings(this.#ended)}${failed}${left}${best}${this.#leastText}`,
    );
  }

  #share(): { readonly done: number; readonly left: string } {
    const spent = (performance.now() - this.#started) / 1000;
    const { runs, seconds } = this.limits;
    const ofRuns = runs === undefined ? 0 : this.#ended / runs;
    const ofTime = seconds === undefined ? 0 : Math.min(1, spent / seconds);
    const done = Math.max(ofRuns, ofTime);
    const rest = ofTime >= ofRuns ? seconds! - spent : (spent * (1 - done)) / done;
    return { done, left: done > 0 && rest > 0 ? `  ${duration(rest)} left` : '' };
  }
}

function trainings(ended: number): string {
  return ended === 1 ? '1 training' : `${count(ended)} trainings`;
}

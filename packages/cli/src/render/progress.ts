// Progress of a training run: one line redrawn in place on a terminal, now and then a plain line elsewhere.
import type { Terminal } from '../terminal.js';
import { duration, percent } from './quantities.js';
import { bar } from './score-bars.js';

export interface EpochProgress {
  /** 1-based number of the epoch. */
  readonly epoch: number;
  readonly epochs: number;
  readonly trainLoss: number;
  /** Share of the validation samples (or, without any, of the training samples) classified correctly. */
  readonly accuracy: number;
  readonly accuracyOf: 'validation' | 'training';
  /** Seconds since training began and the epochs that they took (a resumed run did others before). */
  readonly seconds: number;
  readonly epochsDone: number;
}

/** A log gets about this many lines a run. */
const LOG_LINES = 12;

/** Seconds to the end, if the epochs that are left take as long as those that were. */
export function remainingSeconds({ epoch, epochs, seconds, epochsDone }: EpochProgress): number {
  return (seconds / Math.max(1, epochsDone)) * (epochs - epoch);
}

/** Shows that an epoch has ended. */
export function showEpoch(terminal: Terminal, progress: EpochProgress): void {
  const { epoch, epochs, trainLoss, accuracy, accuracyOf } = progress;
  const counter = `epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`;
  const figures = `loss ${trainLoss.toFixed(4)}  ${accuracyOf} ${percent(accuracy)}`;
  const left = epoch < epochs ? `  ${duration(remainingSeconds(progress))} left` : '';
  if (terminal.isInteractive) {
    terminal.status(`${bar(epoch / epochs, 20).padEnd(20, '·')} ${counter}  ${figures}${left}`);
    return;
  }
  const stride = Math.ceil(epochs / LOG_LINES);
  if (epoch === epochs || epoch === 1 || epoch % stride === 0) terminal.note(`${counter}  ${figures}${left}`);
}

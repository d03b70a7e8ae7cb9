// What came of sending samples to a board.
import { EXIT_CODES, type ExitCode } from '../exit-codes.js';
import type { BoardVerification } from '../serial/verify-board.js';
import type { Terminal } from '../terminal.js';
import { count, duration } from './quantities.js';
import { bar } from './score-bars.js';

/** Redrawing more often than this costs more than it shows. */
const REDRAW_MILLISECONDS = 100;

/** Shows how far it is, and how long it will take. */
export function boardProgress(terminal: Terminal, samples: number, word: string): (done: number, left: number) => void {
  let drawn = 0;
  return (done, secondsLeft) => {
    const now = performance.now();
    if (now - drawn < REDRAW_MILLISECONDS && done !== samples) return;
    drawn = now;
    const cells = bar(done / samples, 20).padEnd(20, '·');
    terminal.status(`${cells} ${done} of ${samples} ${word}  ${duration(secondsLeft)} left`);
  };
}

export function printBoard(terminal: Terminal, result: BoardVerification, word: string): void {
  const { samples, done, differing, differingLogits, differingDecisions, first, cycles, repeated, seconds } = result;
  const { green, red, yellow } = terminal.colors;
  if (done < samples) terminal.print(`${yellow('–')} interrupted behind ${count(done)} of ${count(samples)} ${word}`);
  if (differing > 0) {
    terminal.print(
      `${red('✗')} ${count(differing)} of ${count(done)} ${word} differ from the reference: ${count(differingLogits)} logits, ${count(differingDecisions)} answers`,
    );
    terminal.print(`  the first: ${first.map(({ sample }) => sample).join(', ')}`);
  } else if (done > 0) {
    terminal.print(`${green('✓')} ${count(done)} ${word}: every class and every logit is that of the reference`);
  }
  const { differedOnce } = result;
  if (differedOnce > 0) {
    terminal.print(
      `${yellow('–')} ${count(differedOnce)} ${word} differed at first, and did not when they were sent once more: a noisy line, a late answer to another sample with the same sum, or a part at the limits of its clock or supply`,
    );
  }
  if (cycles !== undefined) {
    terminal.print(
      `  cycles of an inference, counted by the part: mean ${count(cycles.mean)}, least ${count(cycles.least)}, most ${count(cycles.most)}`,
    );
  }
  terminal.print(`  ${duration(seconds)}${repeated === 0 ? '' : `; ${repeated} lines had to be sent again`}`);
}

/** A part of the samples proves nothing of the others. */
export function boardExitCode({ differing, done, samples }: BoardVerification): ExitCode {
  if (differing > 0) return EXIT_CODES.checkFailed;
  return done < samples ? EXIT_CODES.interrupted : EXIT_CODES.ok;
}

// What was assumed and what the independent look found, for people and as JSON.
import type { Assessment, AssessmentWarning } from '@bitnetmcu/exporter';
import type { TrainedLook } from '../inputs/trained-look.js';
import { type Look, remedyFor } from '../onnx/look.js';
import type { Terminal } from '../terminal.js';
import { count, percent } from './quantities.js';

/** The two lines of assumptions. */
export function printAssumed(terminal: Terminal, lines: readonly string[]): void {
  lines.forEach((line, i) => {
    terminal.print(`${terminal.colors.dim(i === 0 ? 'assumed ' : '        ')} ${line}`);
  });
}

/** One line of scores, then a line a warning on standard error. */
export function printLook(terminal: Terminal, { assessment, what }: Look): void {
  const { green, yellow } = terminal.colors;
  const { warnings } = assessment;
  const mark = warnings.length === 0 ? green('✓') : yellow('–');
  terminal.print(`${mark} ${'line' in assessment ? assessment.line : classLine(assessment, what)}`);
  for (const warning of warnings) printWarning(terminal, warning);
}

function classLine({ accuracy, agreement, reference, samples }: Assessment, what: string): string {
  const scores = accuracy ? `${reference} ${percent(accuracy.float)}, integers ${percent(accuracy.integer)}, ` : '';
  return `on ${count(samples)} ${what}: ${scores}the same class for ${percent(agreement)}`;
}

function printWarning(terminal: Terminal, warning: AssessmentWarning): void {
  terminal.note(`${terminal.colors.yellow('warning:')} ${warning.message}\n         ${remedyFor(warning)}.`);
}

/** Where no look was possible. */
export function printNoLook(terminal: Terminal, reason: string): void {
  terminal.note(`${terminal.colors.yellow('warning:')} the result was not looked at beside the float graph: ${reason}`);
}

/** The same for a trained network. */
export function printTrainedLook(terminal: Terminal, { samples, part, accuracy, warnings }: TrainedLook): void {
  const { green, yellow } = terminal.colors;
  const { trained, integer } = accuracy;
  terminal.print(
    `${warnings.length === 0 ? green('✓') : yellow('–')} on ${count(samples)} ${part} samples: as trained ${percent(trained)}, integers ${percent(integer)}`,
  );
  for (const { message } of warnings) terminal.note(`${yellow('warning:')} ${message}`);
}

export function lookJson({ assessment, what }: Look): object {
  return { drawnFrom: what, ...assessment };
}

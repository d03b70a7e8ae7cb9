// "fits ch32v003: 4.1 of 16 kB, 0.9 of 2 kB, 5 ms": what a model takes of each part, a line a part.

import { BOARD_PART_NAMES } from '@bitnetmcu/mcu-runtime/internal/targets';
import { type Fit, missingText } from '../results/fits.js';
import type { Terminal } from '../terminal.js';
import { plainLayerLines } from './plain-layers.js';
import { shellPath } from './shell-word.js';

/**
 * Prints a line a part, each with what it is known from.
 * @param path of the model, for the commands that are named
 */
export function printFits(terminal: Terminal, fits: readonly Fit[], path: string): void {
  if (fits.length === 0) return;
  const { yellow, dim } = terminal.colors;
  const width = Math.max(...fits.map(({ target }) => target.length));
  const isMixed = fits.some(({ samples }) => samples > 1);
  const sim = `bitnetmcu sim ${shellPath(path)}`;
  terminal.print('');
  for (const fit of fits) {
    const name = `${fit.target}:`.padEnd(width + 1);
    terminal.print(fitLine(fit, name, isMixed, sim, terminal.colors));
    for (const line of plainLayerLines(fit.plainLayers)) terminal.print(`  ${yellow('–')} ${line}`);
  }
  const left = BOARD_PART_NAMES.filter((name) => !fits.some(({ target }) => target === name));
  if (left.length > 0)
    terminal.print(dim(`  not looked at, for it takes long: ${left.join(', ')} (\`${sim} --target all\` does)`));
  const estimated = fits.some(({ basis }) => basis === 'estimated');
  terminal.print(
    dim(
      `  (flash, RAM with stack, ${timeOf(fits)}${estimated ? `; estimated sizes may be some hundred bytes off and times some per cent, \`${sim}\` measures` : ''})`,
    ),
  );
}

function fitLine(
  fit: Fit,
  name: string,
  isMixed: boolean,
  sim: string,
  { green, yellow, dim }: Terminal['colors'],
): string {
  const basis = dim(`, ${fit.basis}`);
  if (fit.fits) return `${green('✓')} fits ${name} ${taken(fit, isMixed)}${basis}`;
  if (fit.mayFit)
    return `${yellow('–')} may not fit ${name} about ${missingText(fit)} by estimate; \`${sim} --target ${fit.target}\` measures`;
  return `${yellow('–')} does not fit ${name} ${missingText(fit)}${basis}`;
}

/** Of what the times are: cycles depend on the sample. */
function timeOf(fits: readonly Fit[]): string {
  const counts = [...new Set(fits.filter((fit) => fit.fits).map(({ samples }) => samples))].sort((a, b) => b - a);
  if (counts.length === 0 || (counts.length === 1 && counts[0] === 1)) return 'time of the first test sample';
  const mean = `mean time of the first ${counts[0]} test samples`;
  return counts.length === 1 ? mean : `${mean}, * of the first alone`;
}

function taken({ flash, ram, available, milliseconds, samples }: Fit, isMixed: boolean): string {
  const mark = isMixed && samples === 1 ? '*' : '';
  return `${part(flash, available.flash)}, ${part(ram, available.ram)}, ${time(milliseconds!)}${mark}`;
}

/** 4.1 of 16 kB. */
function part(used: number, available: number): string {
  return `${(used / 1024).toFixed(1)} of ${Number((available / 1024).toFixed(1))} kB`;
}

function time(milliseconds: number): string {
  if (milliseconds >= 100) return `${Math.round(milliseconds)} ms`;
  return milliseconds >= 10 ? `${milliseconds.toFixed(0)} ms` : `${Number(milliseconds.toPrecision(2))} ms`;
}

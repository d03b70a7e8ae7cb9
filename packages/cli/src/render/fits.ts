// "fits ch32v003: 4.1 of 16 kB, 0.9 of 2 kB, 5 ms": what a model takes of each part, a line a part.

import { BOARD_PART_NAMES } from '@bitnetmcu/mcu-runtime/internal/targets';
import { type Fit, missingText } from '../results/fits.js';
import type { Terminal } from '../terminal.js';
import { plainLayerLines } from './plain-layers.js';

/** Prints a line a part, each with what it is known from. */
export function printFits(terminal: Terminal, fits: readonly Fit[]): void {
  if (fits.length === 0) return;
  const { green, yellow, dim } = terminal.colors;
  const width = Math.max(...fits.map(({ target }) => target.length));
  terminal.print('');
  for (const fit of fits) {
    const name = `${fit.target}:`.padEnd(width + 1);
    terminal.print(
      `${fit.fits ? `${green('✓')} fits ${name} ${taken(fit)}` : `${yellow('–')} does not fit ${name} ${missingText(fit)}`}${dim(`, ${fit.basis}`)}`,
    );
    for (const line of plainLayerLines(fit.plainLayers)) terminal.print(`  ${yellow('–')} ${line}`);
  }
  const left = BOARD_PART_NAMES.filter((name) => !fits.some(({ target }) => target === name));
  if (left.length > 0)
    terminal.print(dim(`  not looked at, for it takes long: ${left.join(', ')} (\`bitnetmcu sim --target all\` does)`));
  const estimated = fits.some(({ basis }) => basis === 'estimated');
  terminal.print(
    dim(
      `  (flash, RAM with stack, time of a sample${estimated ? '; estimated sizes may be some hundred bytes off, `bitnetmcu sim` measures' : ''})`,
    ),
  );
}

function taken({ flash, ram, available, milliseconds }: Fit): string {
  return `${part(flash, available.flash)}, ${part(ram, available.ram)}, ${time(milliseconds!)}`;
}

/** 4.1 of 16 kB. */
function part(used: number, available: number): string {
  return `${(used / 1024).toFixed(1)} of ${Number((available / 1024).toFixed(1))} kB`;
}

function time(milliseconds: number): string {
  if (milliseconds >= 100) return `${Math.round(milliseconds)} ms`;
  return milliseconds >= 10 ? `${milliseconds.toFixed(0)} ms` : `${Number(milliseconds.toPrecision(2))} ms`;
}

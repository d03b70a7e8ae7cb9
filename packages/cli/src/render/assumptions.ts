// One screen before training: what was assumed, why, and the flag that changes it.
import { visibleText } from '@bitnetmcu/models/internal';
import type { Assumption } from '@bitnetmcu/trainer/internal';
import type { Terminal } from '../terminal.js';

/** Prints one group of assumptions below a heading; each takes one line, or two where it does not fit into the width. */
export function printAssumptions(terminal: Terminal, heading: string, assumptions: readonly Assumption[]): void {
  if (assumptions.length === 0) return;
  const { bold, dim } = terminal.colors;
  terminal.print(bold(heading));
  for (const { what, because, change } of assumptions) {
    const reason = because === '' ? '' : ` (${visibleText(because)})`;
    const remedy = change === '' ? '' : `change: ${visibleText(change)}`;
    for (const line of wrapped(`${visibleText(what)}${reason}`, terminal.columns - 4)) terminal.print(`  ${line}`);
    for (const line of wrapped(remedy, terminal.columns - 6)) terminal.print(dim(`      ${line}`));
  }
}

/** Lines of at most `width` columns, broken between words; a word that is longer stands alone. Of an empty text none. */
export function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else if (word !== '') lines.push(word);
  }
  // What follows the first line is set in.
  return lines.map((line, i) => (i === 0 ? line : `  ${line}`));
}

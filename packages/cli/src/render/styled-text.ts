// Colours and weights of text in the terminal. Styles travel inside strings as marks that no text from elsewhere can hold, because a key of
// this process is in them; only Terminal turns them into escape sequences, after everything else in the string was made visible.
import { randomBytes } from 'node:crypto';
import { visibleLines } from '@bitnetmcu/models/internal';
import picocolors from 'picocolors';

const KEY = randomBytes(12).toString('hex');
const MARK = new RegExp(`\\{${KEY} ([0-9;]+)\\}`, 'g');

/** The mark of a "select graphic rendition" sequence, such as `38;5;240` or `0`. */
export function styleMark(parameters: string): string {
  return `{${KEY} ${parameters}}`;
}

const NAMES = ['bold', 'dim', 'red', 'green', 'yellow', 'cyan'] as const;

export type Styles = Readonly<Record<(typeof NAMES)[number], (text: string) => string>> & {
  readonly isColorSupported: boolean;
};

const CODES = picocolors.createColors(true);

/** Formatters as picocolors has them; without `enabled` they change nothing. */
export function createStyles(enabled: boolean): Styles {
  const styles = Object.fromEntries(
    NAMES.map((name) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape sequences of picocolors begin with one
      const [open = '', close = ''] = Array.from(CODES[name](' ').matchAll(/\u001b\[([0-9;]+)m/g), ([, code]) =>
        styleMark(code!),
      );
      // What ends an inner style of the same kind begins the outer one again.
      return [name, (text: string) => (enabled ? open + text.replaceAll(close, close + open) + close : text)] as const;
    }),
  ) as Record<(typeof NAMES)[number], (text: string) => string>;
  return { ...styles, isColorSupported: enabled };
}

/** The text alone. */
export function unstyled(text: string): string {
  return text.replace(MARK, '');
}

/** What is written to a terminal: styles as escape sequences, and every other control or unseen character visible; line feeds stay. */
export function terminalText(text: string): string {
  return visibleLines(text).replace(MARK, '\u001b[$1m');
}

// Words of commands that users are told to type: file names are quoted as their shell reads them.
import { visibleText } from '@bitnetmcu/models/internal';

/** Characters that no shell treats in a way of its own, anywhere in a word. */
const PLAIN = /^[A-Za-z0-9_./:@+,\\-]+$/;

/** A path as one word of a command line, quoted as `shellWord` does it; what begins with a hyphen gets a `./` in front. */
export function shellPath(path: string, platform?: NodeJS.Platform): string {
  return shellWord(path.startsWith('-') ? `./${path}` : path, platform);
}

/**
 * A text as one word of a command line: as it is, or quoted for POSIX shells (for cmd and PowerShell on Windows).
 * Characters that one does not see become escapes of `$'…'`, which bash, zsh and ksh read.
 */
export function shellWord(word: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return PLAIN.test(word) ? word : `"${word.replaceAll('"', '')}"`;
  if (PLAIN.test(word) && !word.includes('\\')) return word;
  if (visibleText(word) === word) return `'${word.replaceAll("'", "'\\''")}'`;
  const escaped = Array.from(word, (character) => {
    if (character === "'" || character === '\\') return `\\${character}`;
    return visibleText(character) === character ? character : octalEscapes(character);
  });
  return `$'${escaped.join('')}'`;
}

/** Of the UTF-8 bytes. */
function octalEscapes(character: string): string {
  return Array.from(new TextEncoder().encode(character), (byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('');
}

// All text of a model that enters C source goes through here: one function each for comments, string literals and identifiers.
// What they give is printable ASCII and cannot end the comment, literal or line that it stands in, whatever the text is.
import { reservedWord } from './reserved-words.js';

/** White space and other controls; format characters, which nobody sees, are among what is not ASCII. */
const CONTROLS = /[\p{Cc}\p{Zs}\p{Zl}\p{Zp}]+/gu;

/**
 * `text` for the inside of a comment of either kind, on one line. No backslash is left, so that no line continues; a space parts
 * star from slash and question mark from question mark, so that nothing ends the comment, opens one in it, or makes a trigraph.
 * Characters beyond ASCII are written as `<U+00E4>`.
 */
export function cComment(text: string): string {
  return text
    .replace(CONTROLS, ' ')
    .replace(
      /[^\x20-\x7e]/gu,
      (character) => `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`,
    )
    .replaceAll('\\', '/')
    .replace(/\*(?=\/)|\/(?=\*)|\?(?=\?)/g, '$& ')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/** A string literal of the UTF-8 bytes of `text`; quotes, backslashes, question marks and what is not printable ASCII as octal escapes, which end after three digits. */
export function cString(text: string): string {
  const bytes = Array.from(new TextEncoder().encode(text), (byte) =>
    byte < 0x20 || byte > 0x7e || byte === 0x22 || byte === 0x5c || byte === 0x3f
      ? `\\${byte.toString(8).padStart(3, '0')}`
      : String.fromCharCode(byte),
  );
  return `"${bytes.join('')}"`;
}

/**
 * A string literal of `value` as JSON that a JSON parser reads as well as a C compiler: only \" and \\ occur as escapes.
 * Question marks are \u003f in the JSON, because two of them would be the beginning of a trigraph.
 */
export function cJsonString(value: unknown): string {
  const json = JSON.stringify(value).replace(
    /[^\x20-\x7e]|\?/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `"${json.replace(/["\\]/g, '\\$&')}"`;
}

/**
 * `text` as a C identifier in lower case that means nothing yet in C, C++, their libraries, the runtime or the projects around it:
 * other characters become `_`; what begins with a digit or is taken gets an `m_` in front.
 */
export function cIdentifier(text: string): string {
  const word = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
  if (word === '') return 'm';
  return /^[a-z]/.test(word) && !reservedWord(word) ? word : `m_${word}`;
}

/** Values separated by commas, at most `width` characters a line, indented by two spaces. */
export function wrapValues(values: readonly string[], width = 116): string[] {
  const lines: string[] = [];
  let line = '';
  for (const value of values) {
    const longer = line === '' ? `${value},` : `${line} ${value},`;
    if (longer.length > width && line !== '') {
      lines.push(`  ${line}`);
      line = `${value},`;
    } else line = longer;
  }
  if (line !== '') lines.push(`  ${line}`);
  return lines;
}

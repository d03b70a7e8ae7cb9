// Tokens of the small C subset that BitNetMCU headers are written in: directives, identifiers, integers, strings, punctuation.
// It never evaluates a macro and knows nothing about layers.
import { ExporterError } from '../errors.js';

export interface Token {
  /** `directive` is the word after `#`; `end` closes a directive's line and the text. */
  readonly kind: 'directive' | 'identifier' | 'number' | 'string' | 'punctuation' | 'end';
  readonly text: string;
  /** Numbers only. */
  readonly value: number;
  /** 1-based. */
  readonly line: number;
}

const PUNCTUATION = '{}[](),;=-<>.*+/&|!:?';

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}

function isWordStart(c: number): boolean {
  return (c >= 65 && c <= 90) || (c >= 97 && c <= 122) || c === 95;
}

/**
 * Splits a header's text into tokens; comments and white space are dropped.
 * @throws ExporterError `header-syntax` with the line: unknown characters, unclosed comments or strings, malformed numbers.
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  const length = text.length;
  let position = 0;
  let line = 1;
  let inDirective = false;
  let atLineStart = true;

  const push = (kind: Token['kind'], tokenText: string, value = 0) => {
    tokens.push({ kind, text: tokenText, value, line });
    atLineStart = false;
  };
  const wordEnd = (from: number) => {
    let end = from;
    while (end < length && (isWordStart(text.charCodeAt(end)) || isDigit(text.charCodeAt(end)))) end++;
    return end;
  };

  while (position < length) {
    const c = text.charCodeAt(position);
    if (c === 10) {
      if (inDirective) push('end', '');
      inDirective = false;
      atLineStart = true;
      line++;
      position++;
    } else if (c === 32 || c === 9 || c === 13 || (c === 0xfeff && position === 0)) {
      position++;
    } else if (c === 47 && text.charCodeAt(position + 1) === 47) {
      while (position < length && text.charCodeAt(position) !== 10) position++;
    } else if (c === 47 && text.charCodeAt(position + 1) === 42) {
      const end = text.indexOf('*/', position + 2);
      if (end < 0) throw syntax(line, 'a comment opened by /* is never closed', 'close it with */');
      for (let i = position; i < end; i++) if (text.charCodeAt(i) === 10) line++;
      position = end + 2;
    } else if (c === 92 && /^\r?\n/.test(text.slice(position + 1, position + 3))) {
      position = text.indexOf('\n', position) + 1;
      line++;
    } else if (c === 35 && atLineStart) {
      let start = position + 1;
      while (text.charCodeAt(start) === 32 || text.charCodeAt(start) === 9) start++;
      const end = wordEnd(start);
      if (end === start) throw syntax(line, 'a # without a directive', 'write #define, #ifndef, #endif or #include');
      push('directive', text.slice(start, end));
      inDirective = true;
      position = end;
    } else if (isWordStart(c)) {
      const end = wordEnd(position);
      push('identifier', text.slice(position, end));
      position = end;
    } else if (isDigit(c)) {
      const end = numberEnd(text, position);
      push('number', text.slice(position, end), numberValue(text.slice(position, end), line));
      position = end;
    } else if (c === 34) {
      const end = stringEnd(text, position, line);
      push('string', stringValue(text.slice(position, end), line));
      position = end;
    } else if (PUNCTUATION.includes(text[position]!)) {
      push('punctuation', text[position]!);
      position++;
    } else {
      throw syntax(
        line,
        `the character ${JSON.stringify(text[position])}`,
        'remove it: headers hold #define lines and const tables only',
      );
    }
  }
  push('end', '');
  return tokens;
}

function numberEnd(text: string, from: number): number {
  let end = from;
  while (end < text.length) {
    const c = text.charCodeAt(end);
    if (!isDigit(c) && !isWordStart(c) && c !== 46) break;
    end++;
  }
  return end;
}

function numberValue(text: string, line: number): number {
  const match = /^(0[xX][0-9a-fA-F]+|0|[1-9][0-9]*)[uUlL]{0,3}$/.exec(text);
  const value = match ? Number(match[1]) : Number.NaN;
  if (!Number.isSafeInteger(value)) {
    throw syntax(line, `the number ${text.slice(0, 40)}`, 'write a decimal or 0x… integer');
  }
  return value;
}

function stringEnd(text: string, from: number, line: number): number {
  for (let end = from + 1; end < text.length; end++) {
    const c = text.charCodeAt(end);
    if (c === 34) return end + 1;
    if (c === 92) end++;
    else if (c === 10) break;
  }
  throw syntax(line, 'a string that is not closed on its line', 'close it with "');
}

/** Strings are written with JSON's escapes, of which C reads all but \uXXXX the same way. */
function stringValue(literal: string, line: number): string {
  try {
    return JSON.parse(literal) as string;
  } catch {
    throw syntax(line, `the string ${literal.slice(0, 40)}`, 'use the escapes \\" \\\\ \\n \\t only');
  }
}

function syntax(line: number, found: string, wanted: string): ExporterError {
  return new ExporterError('header-syntax', `Line ${line}: found ${found}; ${wanted}`, { line });
}

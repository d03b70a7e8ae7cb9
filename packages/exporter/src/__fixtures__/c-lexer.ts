// A tiny lexer of C, independent of what it checks: translation phases 1 to 3 of C99 (5.1.1.2), as the standard says and nothing more.

export interface CToken {
  readonly kind: 'comment' | 'string' | 'directive' | 'word' | 'punctuation';
  readonly text: string;
}

const TRIGRAPHS: Readonly<Record<string, string>> = {
  '=': '#',
  '(': '[',
  '/': '\\',
  ')': ']',
  "'": '^',
  '<': '{',
  '!': '|',
  '>': '}',
  '-': '~',
};

/** Tokens of a source; `\n` among them where a line ends. Throws where a comment or literal does not. */
export function lexC(source: string): CToken[] {
  // Phase 1: trigraphs. Phase 2: a backslash at the end of a line, or in GCC with blanks behind it, joins it to the next.
  const text = source.replace(/\?\?([=(/)'<!>-])/g, (_, c: string) => TRIGRAPHS[c]!).replace(/\\[ \t\r\f\v]*\n/g, '');
  const tokens: CToken[] = [];
  for (let at = 0; at < text.length; ) {
    const start = at;
    let kind: CToken['kind'] = 'punctuation';
    if (text.startsWith('/*', at)) {
      at = text.indexOf('*/', at + 2) + 2;
      if (at < start + 4) throw new Error(`a comment that never ends: ${text.slice(start, start + 60)}`);
      kind = 'comment';
    } else if (text.startsWith('//', at)) {
      const end = text.indexOf('\n', at);
      at = end < 0 ? text.length : end;
      kind = 'comment';
    } else if (text[at] === '"' || text[at] === "'") {
      const quote = text[at]!;
      for (at++; text[at] !== quote; at += text[at] === '\\' ? 2 : 1) {
        if (at >= text.length || text[at] === '\n') throw new Error(`a literal that never ends: ${text.slice(start, at)}`);
      }
      at++;
      kind = 'string';
    } else if (/\w/.test(text[at]!)) {
      while (at < text.length && /\w/.test(text[at]!)) at++;
      kind = 'word';
    } else if (text[at] === '#') {
      at = start + /^#[ \t]*\w*/.exec(text.slice(at, at + 80))![0].length;
      kind = 'directive';
    } else {
      at++;
      if (text[start] === ' ' || text[start] === '\t') continue;
    }
    tokens.push({ kind, text: text.slice(start, at) });
  }
  return tokens;
}

/** The bytes that a string literal stands for: the escapes of C99 6.4.4.4 that occur. */
export function literalBytes(literal: string): number[] {
  const bytes: number[] = [];
  const body = literal.slice(1, -1);
  for (let at = 0; at < body.length; ) {
    if (body[at] !== '\\') {
      bytes.push(body.charCodeAt(at++));
      continue;
    }
    const octal = /^\\([0-7]{1,3})/.exec(body.slice(at, at + 4));
    if (octal) {
      bytes.push(Number.parseInt(octal[1]!, 8));
      at += octal[0].length;
    } else {
      if (body[at + 1] !== '"' && body[at + 1] !== '\\') throw new Error(`an escape of another kind in ${literal}`);
      bytes.push(body.charCodeAt(at + 1));
      at += 2;
    }
  }
  return bytes;
}

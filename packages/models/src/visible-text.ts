// Text of files, made safe to show: control characters, direction overrides and invisible format characters become escapes that one sees.

/**
 * What a terminal obeys or a reader does not see: controls (C0, C1), format characters (bidirectional ones among them), separators of
 * lines and paragraphs, lone surrogates, private use, unassigned, and whatever else Unicode says to show nothing for.
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}]/gu;

/** One line of text for people: whatever is unseen as `\n`, `\t`, `\x1b`, `\u202e` or `\u{e0041}`. */
export function visibleText(text: string): string {
  return text.replace(UNSEEN, escaped);
}

/** As `visibleText`, but line feeds stay: for messages of several lines. */
export function visibleLines(text: string): string {
  return text.replace(UNSEEN, (character) => (character === '\n' ? character : escaped(character)));
}

/** JSON in which whatever is unseen is an escape `\uXXXX`; it parses to the same value. */
export function visibleJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, null, indent).replace(UNSEEN, (character) =>
    // The line feeds of the indentation; in strings they are escapes already.
    character === '\n' ? character : Array.from({ length: character.length }, (_, i) => unit(character, i)).join(''),
  );
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function escaped(character: string): string {
  const code = character.codePointAt(0)!;
  const hex = code.toString(16);
  if (code < 0x100) return NAMED[character] ?? `\\x${hex.padStart(2, '0')}`;
  return code < 0x1_0000 ? `\\u${hex.padStart(4, '0')}` : `\\u{${hex}}`;
}

function unit(text: string, index: number): string {
  return `\\u${text.charCodeAt(index).toString(16).padStart(4, '0')}`;
}

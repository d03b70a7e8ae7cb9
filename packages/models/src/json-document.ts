// JSON that somebody else wrote: its size, depth and number of entries are checked on the bytes, before anything is built from them.
import type { DocumentLimits } from './limits.js';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);

/**
 * The document's value.
 * @throws Error with a sentence that says what is wrong: too large, too deep, too many entries, no UTF-8, no JSON.
 */
export function parseJsonDocument(bytes: Uint8Array, limits: DocumentLimits): unknown {
  requireDocumentLimits(bytes, limits);
  return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
}

/**
 * One pass without memory; what is no JSON is left for the parser to say.
 * @throws Error as `parseJsonDocument` for what is over a limit
 */
export function requireDocumentLimits(bytes: Uint8Array, limits: DocumentLimits): void {
  if (bytes.length > limits.bytes) {
    throw new Error(`it has ${bytes.length} bytes, at most ${limits.bytes} are read`);
  }
  let depth = 0;
  let entries = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) {
      for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) if (bytes[i] === BACKSLASH) i++;
    } else if (byte === COMMA) {
      entries++;
    } else if (OPENING.has(byte)) {
      // The first entry has no comma before it.
      entries++;
      depth++;
      if (depth > limits.depth) throw new Error(`its objects and lists nest deeper than ${limits.depth}`);
    } else if (CLOSING.has(byte)) {
      depth--;
    }
    if (entries > limits.entries) throw new Error(`it has more than ${limits.entries} keys and list entries`);
  }
}

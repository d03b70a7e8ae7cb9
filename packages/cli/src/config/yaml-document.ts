// One YAML (or JSON) document as a plain value, within limits that hold before anything is built from it.
//
// Why js-yaml and not `yaml`: on 64 kB of hostile text the latter takes minutes (a list of commas, keys that are keys) or fills the stack
// (nesting), js-yaml 0.1 s at most; yaml-document.test.ts holds both to the same values on the project's own documents.
import { CONFIG_LIMITS } from '@bitnetmcu/models/internal';
import { CORE_SCHEMA, constructFromEvents, EVENT_ID, type Event, parseEvents, YAMLException } from 'js-yaml';
import { unknownValue } from '../unknown-value.js';

/**
 * The value of a document in YAML's core schema; `undefined` where it is empty. Keys are texts, tags of other schemas are refused.
 * @throws Error whose message says line and column, or which limit the document is over
 */
export function parseYamlDocument(text: string): unknown {
  const bytes = Buffer.byteLength(text);
  if (bytes > CONFIG_LIMITS.bytes) throw new Error(`it has ${bytes} bytes, at most ${CONFIG_LIMITS.bytes} are read`);
  try {
    // Its levels are not only lists and mappings, so that this only keeps its stack small.
    const events = parseEvents(text, { maxDepth: 2 * CONFIG_LIMITS.depth });
    checkEntries(events, text);
    const documents = constructFromEvents(events, { source: text, schema: CORE_SCHEMA });
    if (documents.length > 1) throw new Error(`it has ${documents.length} documents, one is wanted`);
    return documents[0];
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const { reason, mark } = error;
    const place =
      mark === undefined
        ? ''
        : ` at line ${mark.line + 1}, column ${mark.column + 1}${lineAround(text, mark.position)}`;
    const problem = reason.includes('maxDepth') ? TOO_DEEP : reason;
    throw new Error(problem + place, { cause: error });
  }
}

/** What stands there, with an arrow below; a line can have any length. */
function lineAround(text: string, position: number): string {
  const begin = text.lastIndexOf('\n', position - 1) + 1;
  const end = text.indexOf('\n', position);
  const from = Math.max(begin, position - 40);
  const line = text.slice(from, Math.min(end < 0 ? text.length : end, position + 40)).trimEnd();
  return line === '' ? '' : `:\n\n  ${line.replaceAll('\t', ' ')}\n  ${' '.repeat(position - from)}^`;
}

const TOO_DEEP = `lists and mappings nest deeper than ${CONFIG_LIMITS.depth}`;

/** Counts keys and values as if every alias were written out: aliases of aliases multiply, and what reads the value follows each of them. */
function checkEntries(events: readonly Event[], text: string): void {
  const sizes = new Map<string, number>();
  const open: { anchor: string | undefined; before: number }[] = [];
  let entries = 0;
  const anchorOf = (event: { anchorStart: number; anchorEnd: number }): string | undefined =>
    event.anchorStart < 0 ? undefined : text.slice(event.anchorStart, event.anchorEnd);
  const close = (anchor: string | undefined, before: number): void => {
    if (anchor !== undefined) sizes.set(anchor, entries - before);
  };
  const sizeOf = (anchor: string): number => {
    const size = sizes.get(anchor);
    if (size === undefined) throw new Error(`the alias *${anchor} stands before or inside what it names`);
    return size;
  };
  for (const event of events) {
    const before = entries;
    switch (event.type) {
      case EVENT_ID.DOCUMENT:
        open.push({ anchor: undefined, before });
        break;
      case EVENT_ID.SEQUENCE:
      case EVENT_ID.MAPPING:
        entries++;
        // The document itself is the first.
        if (open.push({ anchor: anchorOf(event), before }) > CONFIG_LIMITS.depth + 1) throw new Error(TOO_DEEP);
        break;
      case EVENT_ID.SCALAR:
        entries++;
        close(anchorOf(event), before);
        break;
      case EVENT_ID.ALIAS:
        entries += sizeOf(anchorOf(event)!);
        break;
      case EVENT_ID.POP: {
        const { anchor, before: start } = open.pop()!;
        close(anchor, start);
        break;
      }
      default:
        throw unknownValue('YAML event', event);
    }
    // Keys and values of a mapping are two scalars.
    if (entries > 2 * CONFIG_LIMITS.entries) {
      throw new Error(`it has more than ${CONFIG_LIMITS.entries} keys and list entries, aliases written out`);
    }
  }
}

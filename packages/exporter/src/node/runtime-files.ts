// Which of the C runtime's files an exported model needs: those that define what it calls, and what these call and include in turn.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { runtimeSources } from '@bitnetmcu/mcu-runtime/node';
import type { ExportedFile } from '../c/export-c.js';
import type { Assembly } from '../c/export-targets.js';

/**
 * Sources and headers that these C texts need, under their bare file names.
 * @param variant `fast`: the fast kernels of a name in place of the plain ones
 * @param assembly ends of the names of assembly files that belong to a kernel
 */
export function neededRuntimeFiles(
  texts: readonly string[],
  variant: 'plain' | 'fast' = 'plain',
  assembly: readonly Assembly[] = [],
): ExportedFile[] {
  const available = runtimeFiles(variant);
  const definedIn = definitions(available, assembly);
  const needed = new Map<string, string>();
  const pending = [...texts];
  for (let text = pending.pop(); text !== undefined; text = pending.pop()) {
    for (const file of filesNamedIn(text, definedIn)) {
      const content = available.get(file);
      if (content === undefined || needed.has(file)) continue;
      needed.set(file, content);
      pending.push(file.endsWith('.h') ? withoutDeclarations(content) : content);
    }
  }
  return [...needed].map(([path, content]) => ({ path, content })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Headers that a text includes, and files that define what it names. */
function filesNamedIn(text: string, definedIn: ReadonlyMap<string, readonly string[]>): string[] {
  const code = withoutComments(text);
  const included = [...code.matchAll(/#include "([a-z0-9_]+\.h)"/g)].map((match) => match[1]!);
  const named = [...code.matchAll(/\bbnm_[a-z0-9_]+\b/g)].flatMap(([name]) => definedIn.get(name) ?? []);
  return [...included, ...named];
}

/** A definition in C stands at the beginning of a line: a name before `(` or `[`, or the first argument of a macro. */
const C_DEFINITION =
  /^(?!static|typedef|extern|struct \w+ \{)(?:[A-Z0-9_]+\((bnm_\w+)|[a-zA-Z][^\n;=({]*?\b(bnm_\w+) ?[([])/gm;
const ASSEMBLY_DEFINITION = /^\s*(?:\.globl|BNM_(?:HOT_|WARM_)?FUNCTION)\s+(bnm_\w+)/gm;

/** The sources that define a name: its C, and assembly of these kinds. */
function definitions(
  files: ReadonlyMap<string, string>,
  assembly: readonly Assembly[],
): ReadonlyMap<string, readonly string[]> {
  const definedIn = new Map<string, string[]>();
  for (const [file, text] of files) {
    const isWanted = file.endsWith('.c') || assembly.some((kind) => file.endsWith(`_${kind}.S`));
    if (!isWanted) continue;
    const names = [...withoutComments(text).matchAll(file.endsWith('.c') ? C_DEFINITION : ASSEMBLY_DEFINITION)];
    for (const [, first, second] of names) {
      const name = (first ?? second)!;
      definedIn.set(name, [...(definedIn.get(name) ?? []), file]);
    }
  }
  return definedIn;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '');
}

/** A header without its prototypes, which need nothing: they stand at the beginning of a line. What macros and inline functions call stays. */
function withoutDeclarations(header: string): string {
  return withoutComments(header).replace(/^[a-z][^;{}#]*;/gm, '');
}

function runtimeFiles(variant: 'plain' | 'fast'): Map<string, string> {
  const { include, files } = runtimeSources(variant);
  const headers = include.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.h'))
      .map((name) => join(folder, name)),
  );
  return new Map([...headers, ...files].map((path) => [basename(path), flatText(path)]));
}

/** A source that includes another one gets its text: in a flat folder both would have the same name. */
function flatText(path: string): string {
  return readFileSync(path, 'utf8').replace(/^#include "(\.\.\/[a-z0-9_/]+\.c)"$/gm, (_, included: string) =>
    readFileSync(join(dirname(path), included), 'utf8').trimEnd(),
  );
}

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
  const needed = new Map<string, string>();
  const pending = [...texts];
  for (let text = pending.pop(); text !== undefined; text = pending.pop()) {
    for (const file of filesNamedIn(text, assembly)) {
      const content = available.get(file);
      if (content === undefined || needed.has(file)) continue;
      needed.set(file, content);
      pending.push(file.endsWith('.h') ? withoutDeclarations(content) : content);
    }
  }
  return [...needed].map(([path, content]) => ({ path, content })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The runtime has one public function a file, named as the function. */
function filesNamedIn(text: string, assembly: readonly Assembly[]): string[] {
  const code = withoutComments(text);
  const included = [...code.matchAll(/#include "([a-z0-9_]+\.h)"/g)].map((match) => match[1]!);
  const called = [...code.matchAll(/\bbnm_[a-z0-9_]+\b/g)].flatMap(([name]) => [
    `${name}.c`,
    ...assembly.map((kind) => `${name}_${kind}.S`),
  ]);
  return [...included, ...called];
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

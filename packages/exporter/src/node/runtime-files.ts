// Which of the C runtime's files an exported model needs: those that define what it calls, and what these call and include in turn.
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runtimeSources } from '@bitnetmcu/mcu-runtime/node';
import type { ExportedFile } from '../c/export-c.js';

/** Sources and headers that these C texts need, under their bare file names. */
export function neededRuntimeFiles(texts: readonly string[]): ExportedFile[] {
  const available = runtimeFiles();
  const needed = new Map<string, string>();
  const pending = [...texts];
  for (let text = pending.pop(); text !== undefined; text = pending.pop()) {
    for (const file of filesNamedIn(text)) {
      const content = available.get(file);
      if (content === undefined || needed.has(file)) continue;
      needed.set(file, content);
      pending.push(content);
    }
  }
  return [...needed].map(([path, content]) => ({ path, content })).sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The runtime has one public function a file, named as the function; bnm.h declares them all and so needs none. */
function filesNamedIn(text: string): string[] {
  const code = text.replace(/\/\*[\s\S]*?\*\//g, '');
  const included = [...code.matchAll(/#include "([a-z0-9_]+\.h)"/g)].map((match) => match[1]!);
  const declaresAll = /^#ifndef BNM_H$/m.test(code);
  const called = declaresAll ? [] : [...code.matchAll(/\bbnm_[a-z0-9_]+\b/g)].map(([name]) => `${name}.c`);
  return [...included, ...called];
}

function runtimeFiles(): Map<string, string> {
  const { include, files } = runtimeSources();
  const headers = include.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.h'))
      .map((name) => join(folder, name)),
  );
  return new Map([...headers, ...files].map((path) => [basename(path), readFileSync(path, 'utf8')]));
}

import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const here = dirname(fileURLToPath(import.meta.url));

/** Every module specifier that can be reached from an entry file; those in the examples of docstrings are none. */
function importsFrom(entry: string): Set<string> {
  const specifiers = new Set<string>();
  const visited = new Set<string>();
  const visit = (file: string): void => {
    if (visited.has(file)) return;
    visited.add(file);
    const text = readFileSync(file, 'utf8').replace(/^ *\*.*$/gm, '');
    for (const [, specifier] of text.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g)) {
      specifiers.add(specifier!);
      if (specifier!.startsWith('.')) visit(join(dirname(file), specifier!.replace(/\.js$/, '.ts')));
    }
  };
  visit(join(here, entry));
  return specifiers;
}

describe('browser safety', () => {
  it.each(['index.ts', 'conformance.ts', 'zoo.ts', 'internal/index.ts', 'internal/conformance.ts'])(
    '%s reaches nothing of Node',
    (entry) => {
      const external = [...importsFrom(entry)].filter((specifier) => !specifier.startsWith('.'));
      expect(external.sort()).toEqual(
        entry === 'index.ts'
          ? ['@bitnetmcu/quant', '@bitnetmcu/quant/internal', 'zod']
          : expect.not.arrayContaining([expect.stringMatching(/^node:/)]),
      );
      expect(importsFrom('node.ts')).toContain('node:fs');
      expect(importsFrom('internal/node.ts')).toContain('node:fs');
    },
  );
});

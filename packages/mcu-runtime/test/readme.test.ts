// The C examples of the README compile as they stand.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { requireHostCompiler } from '../src/internal/node.js';
import { runtimeSources } from '../src/node.js';
import { missingHostCompiler, skipWhere } from './host-compiler.js';

it.skipIf(skipWhere(missingHostCompiler))('C examples of the README compile', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
  const examples = [...readme.matchAll(/```c\n(.*?)```/gs)].map((match) => match[1]!);
  expect(examples.length).toBe(3);
  const { command, arguments: leading } = requireHostCompiler();
  const folders = runtimeSources('fast').include.map((folder) => `-I${folder}`);
  const flags = ['-std=c99', '-Wall', '-Wextra', '-Werror', ...folders, '-fsyntax-only'];
  for (const input of examples) {
    const { stderr } = spawnSync(command, [...leading, ...flags, '-x', 'c', '-'], { input, encoding: 'utf8' });
    expect(stderr).toBe('');
  }
});

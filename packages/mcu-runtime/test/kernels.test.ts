// Every kernel on values worked out by hand (test/c/kernels_test.c), in both variants, under the sanitizers.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileHostProgram, runProgram } from '../src/internal/node.js';
import { type KernelVariant, runtimeSources } from '../src/node.js';
import { missingHostCompiler, SANITIZERS, skipWhere } from './host-compiler.js';

describe.skipIf(skipWhere(missingHostCompiler))('C kernels', () => {
  it.each<[KernelVariant, string]>([
    ['plain', 'kernels_test.c'],
    ['host', 'kernels_test.c'],
    ['plain', 'raw_test.c'],
  ])('give the values worked out by hand: %s, %s', async (variant, test) => {
    const { include, definitions, files } = runtimeSources(variant);
    const sources = [join(import.meta.dirname, 'c', test), ...files];
    const program = await compileHostProgram({
      sources,
      include,
      flags: [...definitions.map((name) => `-D${name}`), ...SANITIZERS],
    });
    const output = await runProgram(program, new Uint8Array());
    expect(new TextDecoder().decode(output)).toBe('');
  });
});

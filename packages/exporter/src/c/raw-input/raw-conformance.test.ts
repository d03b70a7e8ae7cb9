// Random raw samples, far outside the ranges and at the extremes of the types: TypeScript, WebAssembly and exported C give the same bits.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadWasmModel } from '@bitnetmcu/mcu-runtime';
import { compileHostProgram, runProgram } from '@bitnetmcu/mcu-runtime/internal/node';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { afterAll, describe, expect, it } from 'vitest';
import { SANITIZERS, STRICT } from '../../../conformance/c-flags.mjs';
import {
  checksums,
  expectedInput,
  expectedLogits,
  MODELS,
  randomSamples,
  rangesHeader,
} from '../../../conformance/raw-values/cases.mjs';
import { exportFolder } from '../../node/write-export.js';
import { exportC } from '../export-c.js';

const harness = join(dirname(fileURLToPath(import.meta.url)), '../../../conformance/raw-values/harness.c');
const root = mkdtempSync(join(tmpdir(), 'raw-c-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const SAMPLES = 500;
const SEED = 12_345;
const FLAGS = [...STRICT, ...SANITIZERS];

describe.each(Object.entries(MODELS))('%s', (name, model) => {
  const values = randomSamples(model, SAMPLES, SEED);
  const input = expectedInput(model, values);

  it('has samples that reach both ends and the middle', () => {
    expect(new Set(input).size).toBeGreaterThan(10);
    expect(Math.max(...input)).toBe(127);
  });

  it.skipIf(model.input.raw === undefined)('WebAssembly', async () => {
    const wasm = await loadWasmModel(model);
    expect(wasm.quantizeRaw(values)).toEqual(input);
  });

  it.skipIf(hostCompiler().kind !== 'found')('exported C, under the sanitizers', async () => {
    const folder = join(root, name);
    const files = exportFolder([exportC(model, { name: 'model' })], false);
    const include = mkdtempSync(join(root, 'include-'));
    const write = (path: string, content: string) => writeFileSync(join(include, path), content);
    for (const { path, content } of files) write(path, content);
    write('ranges.h', rangesHeader(model, { samples: SAMPLES, every: 1, seed: SEED }));
    const sources = files.filter(({ path }) => path.endsWith('.c')).map(({ path }) => join(include, path));
    const program = await compileHostProgram(
      { sources: [harness, ...sources], include: [include], flags: ['-DHOST', ...FLAGS] },
      { cache: folder },
    );
    const lines = new TextDecoder()
      .decode(await runProgram(program, new Uint8Array()))
      .trim()
      .split('\n');
    expect(lines).toEqual(checksums(model, input, expectedLogits(model, input), 1));
  });
});

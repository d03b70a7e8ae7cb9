// What no type allows: callers in JavaScript, and values from files, may still give it.
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../data/data-spec.js';
import { fitSamples } from '../data/fit.js';
import { learningRateShare } from '../training/schedule.js';
import { createEngine } from './create-engine.js';
import { loadKernels } from './load-kernels.js';
import { createTfjsEngine } from './tfjs/create-tfjs-engine.js';

const refusal = (message: string) => ({
  name: 'TrainerError',
  code: 'invalid-argument',
  message: expect.stringContaining(message),
});

describe('createEngine', () => {
  it.each([
    [
      { kind: 'wsam' },
      "kind: 'wsam' found, one of auto, native, wasm, reproducible, tfjs wanted; did you mean 'wasm'?",
    ],
    [{ kind: null }, 'kind: null found'],
    [{ knd: 'wasm' }, "knd: unknown key; did you mean 'kind'?"],
    [{ threads: 0 }, 'threads: 0 found, at least 1 wanted'],
    [{ kind: 'auto', threads: Number.NaN }, 'threads: NaN found'],
    [{ kind: 'native', threads: 65 }, 'threads: 65 found, at most 64 wanted'],
    [{ kind: 'wasm', threads: 2 }, "threads: 2 found for the engine 'wasm'"],
    [{ kind: 'wasm', simd: 'avx2' }, "simd: avx2 found for the engine 'wasm'"],
    [{ kind: 'tfjs', threads: 1 }, "threads: 1 found for the engine 'tfjs'"],
    ['wasm', "'wasm' found, an object wanted"],
  ])('refuses %j', async (options, message) => {
    await expect(createEngine(options as object)).rejects.toMatchObject(refusal(message));
  });

  it('takes options that are there and undefined', async () => {
    const { info } = await createEngine({ kind: 'wasm', threads: undefined, simd: undefined });
    expect(info.kind).toBe('wasm');
  });
});

it.each([
  [{ kind: 'tfjs' }, "kind: 'tfjs' found, one of auto, native, wasm, reproducible wanted"],
  [{ kind: 'wasm', simd: 'avx2' }, "simd: avx2 found for the engine 'wasm'"],
  [{ smid: 'avx2' }, "smid: unknown key; did you mean 'simd'?"],
])('loadKernels refuses %j', async (options, message) => {
  await expect(loadKernels(options as object)).rejects.toMatchObject(refusal(message));
});

it.each([
  [{ backend: 'webgl' }, "backend: 'webgl' found, one of auto, node, wasm, cpu wanted"],
  [{ backend: 'toString' }, "backend: 'toString' found"],
  [{ layer: {} }, "layer: unknown key; did you mean 'layers'?"],
  [{ layers: { twice: 2 } }, 'layers.twice: 2 found; a function wanted'],
])('createTfjsEngine refuses %j', async (options, message) => {
  await expect(createTfjsEngine(options as object)).rejects.toMatchObject(refusal(message));
});

it.each([
  [{ kind: 'mnits' }, "did you mean 'mnist'?"],
  [{ kind: 'csv', train: 'a.csv', labls: [] }, "labls: unknown key; did you mean 'labels'?"],
  [undefined, 'nothing found, an object wanted'],
])('loadDataset refuses %j', async (spec, message) => {
  await expect(loadDataset(spec as never)).rejects.toMatchObject(refusal(message));
});

it('loadDataset refuses options that it does not have', async () => {
  const loading = loadDataset({ kind: 'mnist' }, { onNotise: () => {} } as object);
  await expect(loading).rejects.toMatchObject(refusal('Did you mean "onNotice"?'));
});

it('switches over closed unions refuse what is in none', () => {
  const samples = { count: 0, bytes: new Uint8Array(), labels: new Uint16Array() };
  expect(() => fitSamples(samples, { kind: 'crop' } as never)).toThrow(
    expect.objectContaining(refusal('There is no fit {"kind":"crop"}.')),
  );
  expect(() => learningRateShare({ kind: 'linear' } as never, 0, 1)).toThrow(
    expect.objectContaining(refusal('There is no learning-rate schedule {"kind":"linear"}.')),
  );
});

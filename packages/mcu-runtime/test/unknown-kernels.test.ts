// Nothing falls through: every registered format computes, and a kernel or an operation that a build of the runtime does not know, or was
// compiled without, ends in a typed error wherever images are run.
import { FORMAT_NAMES, formats, integerWeights, packCodes } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { chainFunction, KERNELS, linearKernel, listFunction, unpackFunction } from '../src/layout/kernels.js';
import { LAYOUT_NAMES, layouts } from '../src/layout/layouts.js';
import { layoutModel, type ModelImage } from '../src/lowering/layout-model.js';
import { CHostBackend } from '../src/node/c-host-backend.js';
import { requireRun } from '../src/run-status.js';
import { compileRuntime, WasmImage } from '../src/wasm/wasm-runtime.js';
import { missingHostCompiler, skipWhere } from './host-compiler.js';
import { convNode, linearNode, modelOf } from './networks.js';

const refusal = (code: string) => expect.objectContaining({ name: 'RuntimeError', code });
const UNKNOWN = 200;
const RECORD = 16;

/** An image of one linear layer whose kernel's number, and operation, are replaced. */
function imageWith(change: { readonly kernel?: number; readonly op?: number }): ModelImage {
  const laidOut = layoutModel(modelOf([3], [linearNode('fc', 'input', 3, 2, '8bit')]), 'plain');
  const image = laidOut.image.slice();
  if (change.kernel !== undefined) image[RECORD + 14] = change.kernel;
  if (change.op !== undefined) image[RECORD] = change.op;
  return { ...laidOut, image };
}

const notBuiltIn = [...KERNELS.nomul, ...KERNELS.mul].map(({ kernel }) => kernel.number);
const CASES = [
  ['a kernel that no build knows', { kernel: UNKNOWN }, 'unknown-kernel'],
  ['an operation that no build knows', { op: UNKNOWN }, 'unknown-op'],
  ...notBuiltIn.map((kernel) => [`the fast kernel ${kernel}`, { kernel }, 'kernel-not-built-in'] as const),
  ['the chain of fast convolutions', { op: 17 }, 'kernel-not-built-in'],
] as const;

describe('WebAssembly', () => {
  it.each(CASES)('refuses %s', async (_, change, code) => {
    const image = await WasmImage.create(await compileRuntime(), imageWith(change));
    expect(() => image.infer(Int8Array.of(1, 2, 3), 1)).toThrow(refusal(code));
  });

  it('refuses an unknown kernel of a convolution', async () => {
    const weights = { format: '8bit' as const, codes: new Uint8Array(1) };
    const window = { kernel: [1, 1], stride: [1, 1], padding: [0, 0], groups: 1, weights } as const;
    const conv = { op: 'conv2d', name: 'conv', inputs: ['input'], inChannels: 1, outChannels: 1, ...window } as const;
    const laidOut = layoutModel(
      modelOf([1, 2, 2], [conv, { op: 'flatten', name: 'flat', inputs: ['conv'] }]),
      'unpacked',
    );
    for (const kernel of [UNKNOWN, 19]) {
      const image = laidOut.image.slice();
      image[RECORD + 34] = kernel;
      const loaded = await WasmImage.create(await compileRuntime(), { ...laidOut, image });
      expect(() => loaded.infer(new Int8Array(4), 1)).toThrow(refusal('unknown-kernel'));
    }
  });
});

describe('features that are kept', () => {
  const conv = convNode('conv', 'input', 1, 2, 1);
  const norm = { op: 'shiftNorm', name: 'norm', inputs: ['conv'], activation: 'relu' } as const;
  const flat = { op: 'flatten', name: 'flat', inputs: ['norm'] } as const;
  const model = modelOf([1, 4, 4], [conv, norm, flat, linearNode('fc', 'flat', 8, 2, '8bit')]);

  it('are refused outside of a channel loop, where no byte for a shift is theirs', async () => {
    const laidOut = layoutModel(model, 'plain');
    // The loop's record of 16 bytes, then the convolution's: the head of either has its length in words in its second byte.
    const { op, n } = { op: 0, n: 2 };
    const image = laidOut.image.slice();
    const inLoop = RECORD + 4 * image[RECORD + 1]!;
    const keep = inLoop + 4 * image[inLoop + 1]!;
    expect([image[RECORD + op], image[RECORD + n], image[keep + op]]).toEqual([0, 2, 19]);
    const run = async (bytes: Uint8Array) =>
      (await WasmImage.create(await compileRuntime(), { ...laidOut, image: bytes })).infer(new Int8Array(16), 1);
    await expect(run(image)).resolves.toHaveLength(2);
    // The record of the loop becomes as long as the two before the kept features, and a widening of 0 values.
    image[RECORD + op] = 5;
    image[RECORD + n] = 0;
    image[RECORD + 1] = (keep - RECORD) / 4;
    await expect(run(image)).rejects.toThrow(refusal('unknown-op'));
  });
});

describe.skipIf(skipWhere(missingHostCompiler))('C on the host', () => {
  it.each(CASES.slice(0, 3))('refuses %s', async (_, change, code) => {
    const backend = new CHostBackend();
    Object.assign(backend, { image: () => imageWith(change) });
    const model = await backend.load(modelOf([3], [linearNode('fc', 'input', 3, 2, '8bit')]));
    await expect(model.infer(Int8Array.of(1, 2, 3), 1)).rejects.toThrow(refusal(code));
  });
});

describe('layouts', () => {
  it.each(LAYOUT_NAMES)('%s lays out every format, and refuses one that is not registered', (name) => {
    const layout = layouts[name];
    for (const format of FORMAT_NAMES) {
      const codes = new Uint8Array(6).map((_, i) => i % formats[format].levels.length);
      const packer = layout.linearOf?.([{ format, codes }]) ?? layout.linear;
      expect(packer(format, codes, 2, 3, 'activations').weights.length, format).toBeGreaterThan(0);
      expect(layout.convolution(format, codes, 2, 3, 'activations').kernel).toBe(formats[format].kernel.number);
    }
    const unknown = '3bitsim' as (typeof FORMAT_NAMES)[number];
    const codes = new Uint8Array(6);
    const pack = () =>
      (layout.linearOf?.([{ format: unknown, codes }]) ?? layout.linear)(unknown, codes, 2, 3, 'sample');
    const typed = expect.objectContaining({ name: 'QuantError', code: 'unknown-format' });
    expect(pack).toThrow(typed);
    expect(() => layout.convolution(unknown, codes, 2, 3, 'sample')).toThrow(typed);
  });
});

describe('functions by number', () => {
  it('exist for every kernel of the records', () => {
    for (const name of FORMAT_NAMES) {
      const { kernel, fast } = formats[name];
      expect(linearKernel(kernel.number).function).toBe(`bnm_linear_${kernel.name}`);
      expect(unpackFunction(kernel.number)).toBe(`bnm_unpack_${kernel.name}`);
      if (fast) expect(linearKernel(fast.nomul.number).function).toBe(`bnm_linear_${kernel.name}_nomul`);
      if (fast?.rows) expect(linearKernel(fast.rows.number).function).toBe(`bnm_linear_${kernel.name}_rows`);
      if (fast?.mul) expect(linearKernel(fast.mul.number).header).toBe('bnm_fast.h');
    }
    expect(listFunction(formats.Ternary.kernel.number)).toBe('bnm_list_ternary');
    expect(listFunction(formats['4bit'].kernel.number)).toBe('bnm_list_digits');
  });

  const chains = (number: number) => chainFunction(number, false);
  it.each([linearKernel, unpackFunction, listFunction, chains])('%o refuses other numbers', (find) => {
    for (const number of [UNKNOWN, -1, 15]) expect(() => find(number)).toThrow(refusal('unknown-kernel'));
  });
});

it('knows every status that bnm_run returns', () => {
  expect(() => requireRun(0, 'A runtime')).not.toThrow();
  expect(() => requireRun(1, 'A runtime')).toThrow(refusal('unknown-op'));
  expect(() => requireRun(9, 'A runtime')).toThrow(refusal('harness-failed'));
});

it('packs and unpacks to the integers of each record', () => {
  for (const name of FORMAT_NAMES) {
    const { codes, integers } = formats[name].examples.packing;
    const row = packCodes(name, codes, 1, codes.length);
    expect([...layouts.plain.linear(name, Uint8Array.from(codes), 1, codes.length, 'sample').weights]).toEqual([
      ...row,
    ]);
    expect([...integerWeights(name, Uint8Array.from(codes))]).toEqual(integers);
  }
});

import { RAW_PREPROCESSING, RAW_SCALE, ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { linearNode, modelOf } from '../../test/networks.js';
import { RuntimeError } from '../errors.js';
import { loadWasmModel, WasmBackend } from './wasm-model.js';

const model = modelOf([3], [linearNode('fc', 'input', 3, 2, 'NF4')]);

describe('loadWasmModel', () => {
  it('infers more samples than one batch holds', async () => {
    const count = 1000;
    const inputs = Int8Array.from({ length: 3 * count }, (_, i) => (i * 37) % 256);
    const wasm = await loadWasmModel(model);
    expect(wasm.infer(inputs, count)).toEqual(new ReferenceModel(model).infer(inputs, count));
    expect(wasm.infer(new Int8Array(), 0)).toEqual(new Int32Array());
  });

  it('refuses inputs of another length', async () => {
    const wasm = await loadWasmModel(model);
    expect(() => wasm.infer(new Int8Array(5), 2)).toThrow(/5 input values found for 2 samples; 3 are wanted/);
    expect(() => wasm.infer(new Int8Array(5), Number.NaN)).toThrow(RuntimeError);
  });

  it('refuses more logits than memory holds', async () => {
    const wide = modelOf([1], [linearNode('fc', 'input', 1, 65_535, 'Binary')]);
    const wasm = await loadWasmModel(wide);
    // A million samples: 262 GB of logits.
    expect(() => wasm.infer(new Int8Array(1e6), 1e6)).toThrow(
      expect.objectContaining({ code: 'out-of-memory', message: expect.stringMatching(/262140000000 bytes.*fewer/) }),
    );
  });

  it('refuses to run after close()', async () => {
    const wasm = await loadWasmModel(model);
    await wasm.trace(new Int8Array(3));
    wasm.close();
    expect(() => wasm.infer(new Int8Array(3), 1)).toThrow(expect.objectContaining({ code: 'closed' }));
    await expect(wasm.trace(new Int8Array(3))).rejects.toThrow(expect.objectContaining({ code: 'closed' }));
  });

  it('refuses a model whose accumulators can overflow', async () => {
    const weights = { format: '8bit' as const, codes: new Uint8Array(1), bias: Int32Array.of(2 ** 31 - 1) };
    const overflowing = modelOf([1], [{ ...linearNode('fc', 'input', 1, 1, '8bit'), weights }]);
    await expect(loadWasmModel(overflowing)).rejects.toThrow(/can reach/);
  });
});

describe('quantizeRaw', () => {
  const feature = {
    name: 'x',
    decimals: 1,
    low: 0,
    high: 255,
    curve: 'linear' as const,
    preShift: 0,
    multiplier: 65_535,
    bias: -128 * 65_536 + 32_768,
    shift: 16,
  };
  const withRaw = (type: 'i16' | 'f32') => ({
    ...model,
    input: {
      shape: [3] as const,
      preprocessing: RAW_PREPROCESSING,
      quantization: { kind: 'static' as const, scale: RAW_SCALE },
      raw: { kind: 'table' as const, type, features: [feature, feature, feature] },
    },
  });

  it('gives the int8 of the values, more than fit a batch', async () => {
    const wasm = await loadWasmModel(withRaw('i16'));
    // i stands for i - 128, worked out by hand: i·65535 is less than half a step away from i·65536.
    const values = Int16Array.from({ length: 3 * 30_000 }, (_, i) => (i % 300) - 20);
    const wanted = Int8Array.from(values, (value) => Math.min(Math.max(value, 0), 255) - 128);
    expect(wasm.quantizeRaw(values)).toEqual(wanted);
  });

  it('rounds floats to the decimals of their features, and takes what is no number as 0', async () => {
    const wasm = await loadWasmModel(withRaw('f32'));
    expect([...wasm.quantizeRaw([12.8, 1.25, Number.NaN])]).toEqual([0, -116, -128]);
  });

  it('refuses what is no raw value of the model', async () => {
    const wasm = await loadWasmModel(withRaw('i16'));
    expect(() => wasm.quantizeRaw([1, 2])).toThrow(/2 raw values found, 3 for each sample wanted/);
    expect(() => wasm.quantizeRaw([1, 2, 32_768])).toThrow(/Raw value 2 is 32768; .*-32768 to 32767/);
    expect(() => wasm.quantizeRaw([1, 0.5, 2])).toThrow(RuntimeError);
    expect(() => wasm.quantizeRaw([1, Number.NaN, 2])).toThrow(RuntimeError);
    const plain = await loadWasmModel(model);
    expect(() => plain.quantizeRaw([1, 2, 3])).toThrow(/says nothing of raw values/);
    wasm.close();
    expect(() => wasm.quantizeRaw([1, 2, 3])).toThrow(expect.objectContaining({ code: 'closed' }));
  });
});

describe('WasmBackend', () => {
  it('holds models apart', async () => {
    const backend = new WasmBackend();
    const input = Int8Array.of(1, 2, 3);
    const other = modelOf([3], [linearNode('fc', 'input', 3, 2, '8bit')]);
    const loaded = await Promise.all([backend.load(model), backend.load(other), backend.load(model)]);
    const wanted = [model, other, model].map((each) => new ReferenceModel(each).infer(input, 1));
    expect(loaded.map((each) => each.infer(input, 1))).toEqual(wanted);
  });
});

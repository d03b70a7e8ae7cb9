// Networks and batches that memory cannot hold: a typed error says how much, and what to do.
import { parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { resizeImages } from './data/resize.js';
import type { CompileOptions } from './engine/compile-options.js';
import { createEngine } from './engine/create-engine.js';
import { withMemory } from './memory.js';

const OPTIONS: Omit<CompileOptions, 'batchSize'> = {
  optimizer: { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 },
  loss: [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }],
  seed: 1,
};

function network(features: number, ...outputs: readonly number[]) {
  const layers = outputs.map((count, i) => ({
    ...{ type: 'linear', name: `fc${i}`, outputs: count },
    weights: { format: '4bitsym' },
  }));
  return parseNetworkSpec({ name: 'test', input: { shape: [features] }, layers });
}

const native = await createEngine({ kind: 'native' }).then(
  () => true,
  () => false,
);

describe('networks that do not fit', () => {
  // 65 536 samples × 20 000 features of float32: 5.2 GB at least.
  it('the memory of WebAssembly are refused', async () => {
    const engine = await createEngine({ kind: 'wasm' });
    expect(() => engine.compile(network(20_000, 2), { ...OPTIONS, batchSize: 65_536 })).toThrow(
      expect.objectContaining({
        name: 'TrainerError',
        code: 'out-of-memory',
        message: expect.stringMatching(/batches of 65536 takes \d+\.\d GiB .*4 GiB: use a smaller batch size.*native/),
      }),
    );
  });

  it.skipIf(!native)('the offsets of the native engine are refused, which would wrap', async () => {
    const engine = await createEngine({ kind: 'native' });
    expect(() => engine.compile(network(65_535, 10), { ...OPTIONS, batchSize: 65_536 })).toThrow(
      expect.objectContaining({ code: 'out-of-memory', message: expect.stringContaining('addresses 8 GiB') }),
    );
  });
});

describe('batches larger than what is staged at once', () => {
  it.skipIf(!native)('train in WebAssembly as in the native baseline', async () => {
    // 4 000 × 3 000 bytes: more than the 8 MB that were staged at most.
    const [features, count] = [3000, 4000];
    const samples = {
      count,
      bytes: Uint8Array.from({ length: count * features }, (_, i) => (i * 7 + (i >> 8)) & 255),
      labels: Uint16Array.from({ length: count }, (_, i) => i % 2),
    };
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    const results = [];
    for (const options of [{ kind: 'wasm' }, { kind: 'native', simd: 'baseline', threads: 1 }] as const) {
      const engine = await createEngine(options);
      const trained = engine.compile(network(features, 2), { ...OPTIONS, batchSize: count });
      trained.load('train', samples);
      const totals = trained.train('train', { order, from: 0, to: count, learningRates: Float32Array.of(0.01) });
      results.push({ ...totals, weights: trained.parameters['fc0.weight']!.slice() });
      trained.dispose();
    }
    expect(results[0]).toEqual(results[1]);
  });
});

describe('memory', () => {
  it('that a data set does not get names the data and the remedy', () => {
    expect(() => resizeImages(new Uint8Array(4096), [1, 1], [60_000, 60_000])).toThrow(
      expect.objectContaining({
        code: 'out-of-memory',
        message: expect.stringMatching(/images of .* GiB.*smaller input/),
      }),
    );
  });

  it('hides no other error', () => {
    const mistake = () => {
      throw new TypeError('mistake');
    };
    expect(() => withMemory('It', 1, 'do less', mistake)).toThrow(TypeError);
  });
});

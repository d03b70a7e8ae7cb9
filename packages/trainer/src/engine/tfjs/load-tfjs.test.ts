import { createRequire } from 'node:module';
import { parseNetworkSpec } from '@bitnetmcu/models';
import tf from '@tensorflow/tfjs';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../create-engine.js';
import { createTfjsEngine } from './create-tfjs-engine.js';
import { shimNodeUtil } from './node-util-shim.js';
import { TfjsRuntime } from './runtime.js';
import { DEFAULT_OPTIONS } from './testing/compare-engines.js';

describe('choice of TensorFlow.js', () => {
  it('takes the best there is and says why the others are absent', async () => {
    const { info, absent } = await createTfjsEngine();
    expect(info.kind).toBe('tfjs');
    if (info.simd === 'node') expect(absent).toEqual({});
    else {
      expect(info.simd).toBe('wasm');
      expect(absent.node).toMatch(/tfjs-node/);
    }
  });

  it('is an engine like the others, with the reason for the fallback', async () => {
    const { info, fallbackReason } = await createEngine({ kind: 'tfjs' });
    expect(info.kind).toBe('tfjs');
    expect(fallbackReason === undefined).toBe(info.simd === 'node');
  });

  it('does not believe TensorFlow.js that a backend runs', async () => {
    const silent = { ...tf, setBackend: async () => true, ready: async () => {}, getBackend: () => 'cpu' };
    await expect(TfjsRuntime.start(silent as unknown as typeof tf, 'wasm')).rejects.toThrow(
      expect.objectContaining({ code: 'engine-unavailable', message: expect.stringMatching(/'cpu', 'wasm' wanted/) }),
    );
  });

  it('two engines on different backends take turns', async () => {
    const spec = parseNetworkSpec({
      name: 'one',
      input: { shape: [4] },
      layers: [{ type: 'linear', name: 'fc', outputs: 2, weights: { format: '4bitsym' } }],
    });
    const networks = await Promise.all(
      (['wasm', 'cpu'] as const).map(async (backend) => {
        const network = (await createTfjsEngine({ backend })).compile(spec, DEFAULT_OPTIONS);
        network.load('one', { count: 1, bytes: Uint8Array.of(1, 2, 3, 4), labels: Uint16Array.of(1) });
        return { backend, network };
      }),
    );
    for (const { backend, network } of [...networks, ...networks]) {
      network.evaluate('one', 0, 1);
      expect(tf.getBackend()).toBe(backend);
    }
  });
});

it('util.isNullOrUndefined is there after the shim, as Node had it', () => {
  const util = createRequire(import.meta.url)('node:util') as Record<string, ((value: unknown) => boolean) | undefined>;
  const original = util.isNullOrUndefined;
  try {
    util.isNullOrUndefined = undefined;
    shimNodeUtil();
    expect([null, undefined, 0, '', false].map(util.isNullOrUndefined!)).toEqual([true, true, false, false, false]);
  } finally {
    util.isNullOrUndefined = original;
  }
});

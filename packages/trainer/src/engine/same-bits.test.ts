// One seed, one arithmetic, the same bits: random networks trained by every instruction set that this machine has, on 1, 2 and 4 threads,
// and in WebAssembly.
import type { NetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import type { CompileOptions } from './compile-options.js';
import { CompiledNetwork } from './compiled-network.js';
import type { ComputeBackend } from './compute-backend.js';
import { createEngine } from './create-engine.js';
import type { Samples, TrainingSteps } from './engine.js';
import { loadAddon } from './native-addon.js';
import { createNativeBackend } from './native-backend.js';
import { createWasmBackend } from './wasm-backend.js';

const NETWORKS = 50;
const STEPS = 20;
const SEED = 14;

interface Job {
  readonly spec: NetworkSpec;
  readonly options: CompileOptions;
  readonly samples: Samples;
  readonly teacher?: Float32Array;
  readonly steps: TrainingSteps;
}
interface Jobs {
  randomJob(seed: number, index: number, steps: number): Job;
}
const { href } = new URL('../../sanitizers/random-job.mjs', import.meta.url);
const { randomJob } = (await import(href)) as Jobs;

/** All that training leaves, as the bits of its floats. */
function trained(backend: ComputeBackend, { spec, options, samples, teacher, steps }: Job): Map<string, Int32Array> {
  const network = new CompiledNetwork(backend, spec, options);
  network.load('train', samples);
  if (teacher) network.loadTargets('train', teacher);
  network.updateClipping(0);
  network.train('train', steps);
  network.updateClipping(1);
  const left = Object.entries({ ...network.parameters, ...network.state });
  const bits = new Map(left.map(([name, values]) => [name, new Int32Array(values.slice().buffer)]));
  network.dispose();
  return bits;
}

/** Where values first differ, or none. */
function difference(expected: Map<string, Int32Array>, found: Map<string, Int32Array>): string | undefined {
  for (const [name, bits] of expected) {
    const at = bits.findIndex((value, i) => value !== found.get(name)![i]);
    if (at >= 0) return `${name}[${at}]`;
  }
  return undefined;
}

async function nativeBackends(arithmetic: 'fused' | 'separate'): Promise<ComputeBackend[]> {
  const variants = await loadAddon().then(
    (addon) => addon.variants(),
    () => [],
  );
  const simds = variants.filter((_, i) => variants[i + 1] === arithmetic).map(String);
  const wanted = arithmetic === 'separate' ? { arithmetic } : {};
  const choices = simds.flatMap((simd) => [1, 2, 4].map((threads) => ({ simd, threads, ...wanted })));
  return Promise.all(choices.map((options) => createNativeBackend(options)));
}

describe.each(['fused', 'separate'] as const)('%s', async (arithmetic) => {
  const backends = await nativeBackends(arithmetic);
  if (arithmetic === 'separate') backends.unshift(await createWasmBackend());
  const names = backends.map(({ info }) => `${info.simd} ${info.threads}`).join(', ');

  it.skipIf(backends.length < 2)(`${NETWORKS} networks of ${STEPS} steps: ${names}`, { timeout: 600_000 }, () => {
    const differences: string[] = [];
    for (let index = 0; index < NETWORKS; index++) {
      const job = randomJob(SEED, index, STEPS);
      const [expected, ...others] = backends.map((backend) => trained(backend, job));
      others.forEach((found, i) => {
        const { info } = backends[i + 1]!;
        expect(info.arithmetic).toBe(arithmetic);
        const where = difference(expected!, found);
        if (where) differences.push(`network ${index}, ${info.simd}, ${info.threads} threads: ${where}`);
      });
    }
    expect(differences).toEqual([]);
  });
});

it('the engine `reproducible` has the arithmetic of WebAssembly', async () => {
  const { info } = await createEngine({ kind: 'reproducible' });
  expect(info.arithmetic).toBe('separate');
  expect((await createEngine({ kind: 'wasm' })).info.arithmetic).toBe(info.arithmetic);
});

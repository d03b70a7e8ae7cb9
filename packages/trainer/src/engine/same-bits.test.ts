// One seed, one arithmetic, the same bits: random networks trained by every instruction set that this machine has, on 1, 2 and 4 threads,
// and in WebAssembly.
import type { NetworkSpec } from '@bitnetmcu/models';
import { SeededRandom } from '@bitnetmcu/models/internal/conformance';
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

interface RandomSpecs {
  randomSpec(random: SeededRandom): NetworkSpec;
}
const { href } = new URL('../../sanitizers/random-spec.mjs', import.meta.url);
const { randomSpec } = (await import(href)) as RandomSpecs;

const OPTIMIZERS = [
  { kind: 'adam', weightDecay: 0.01 },
  { kind: 'adamw', weightDecay: 0.1 },
  { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 },
  { kind: 'sgd', momentum: 0 },
] as const;
const LOSSES: readonly NonNullable<CompileOptions['loss']>[] = [
  [{ kind: 'crossEntropy', labelSmoothing: 0.1 }],
  [{ kind: 'crossEntropy' }, { kind: 'distillation', weight: 0.5, temperature: 2 }],
  [{ kind: 'meanSquaredError' }],
  [{ kind: 'huber', delta: 0.7 }],
  [{ kind: 'binaryCrossEntropy' }],
];

interface Job {
  readonly spec: NetworkSpec;
  readonly options: CompileOptions;
  readonly samples: Samples;
  readonly teacher: Float32Array;
  readonly steps: TrainingSteps;
}

function randomJob(index: number): Job {
  const random = new SeededRandom(SEED, index);
  const spec = randomSpec(random);
  const features = spec.input.shape.reduce((a, b) => a * b, 1);
  const classes = (spec.layers.at(-1) as unknown as { outputs: number }).outputs;
  const [count, batchSize] = [random.integer(20, 90), random.integer(1, 70)];
  const numbers = () => Float32Array.from({ length: count * classes }, () => random.integer(-300, 300) / 100);
  const loss = LOSSES[index % LOSSES.length]!;
  const isLabels = loss[0]!.kind === 'binaryCrossEntropy';
  return {
    spec,
    options: { batchSize, loss, seed: random.integer(0, 1e6), optimizer: random.pick(OPTIMIZERS) },
    samples: {
      count,
      bytes: Uint8Array.from({ length: count * features }, () => (random.chance(0.3) ? 0 : random.integer(0, 255))),
      labels: Uint16Array.from({ length: count }, () => random.integer(0, classes - 1)),
      targets: isLabels ? numbers().map((value) => Number(value > 0)) : numbers(),
    },
    teacher: numbers(),
    steps: {
      // the last batch is a short one
      order: Uint32Array.from({ length: STEPS * batchSize - (batchSize >> 1) }, () => random.integer(0, count - 1)),
      learningRates: Float32Array.from({ length: STEPS }, (_, i) => 0.01 / (1 + i)),
      damping: random.pick([0, 0.1]),
    },
  };
}

/** All that training leaves, as the bits of its floats. */
function trained(backend: ComputeBackend, { spec, options, samples, teacher, steps }: Job): Map<string, Int32Array> {
  const network = new CompiledNetwork(backend, spec, options);
  network.load('train', samples);
  if (options.loss!.some(({ kind }) => kind === 'distillation')) network.loadTargets('train', teacher);
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
      const job = randomJob(index);
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

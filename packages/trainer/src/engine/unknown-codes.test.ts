import { ModelError, type NetworkSpec, parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import type { ComputeBackend } from './compute-backend.js';
import { createEngine } from './create-engine.js';
import { loadAddon } from './native-addon.js';
import { createNativeBackend } from './native-backend.js';
import { layerPlanOf } from './plan/layers/index.js';
import { encodeProgram, type Op } from './plan/program.js';
import { codeOf, recordWords } from './plan/records.js';
import { createTfjsEngine } from './tfjs/create-tfjs-engine.js';
import { layerBuildOf } from './tfjs/layers/index.js';
import { createWasmBackend } from './wasm-backend.js';

const hasAddon = await loadAddon().then(
  () => true,
  () => false,
);
const OPTIMIZER = { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 } as const;
const LOSS = [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }] as const;
const OPTIONS = { batchSize: 2, seed: 1, loss: LOSS, optimizer: OPTIMIZER } as const;

/** A network whose activation function no registry has; the schema would refuse it. */
function withFunction(name: string): NetworkSpec {
  const spec = parseNetworkSpec({
    name: 'n',
    input: { shape: [4] },
    layers: [
      { type: 'linear', name: 'a', outputs: 4, weights: { format: '4bitsym' } },
      { type: 'activation', name: 'f', function: 'relu' },
      { type: 'linear', name: 'b', outputs: 2, weights: { format: '4bitsym' } },
    ],
  });
  const layers = spec.layers.map((layer) => (layer.type === 'activation' ? { ...layer, function: name } : layer));
  return { ...spec, layers } as NetworkSpec;
}

const UNKNOWN_TYPES = ['fold', 'toString', '__proto__'];

/** A network one of whose layers is of a type that no registry has. */
function withType(type: string): NetworkSpec {
  const spec = withFunction('relu');
  return {
    ...spec,
    layers: spec.layers.map((layer) => (layer.name === 'f' ? { ...layer, type } : layer)),
  } as NetworkSpec;
}

const unknownType = (type: string) =>
  expect.objectContaining({
    name: 'ModelError',
    code: 'invalid-spec',
    message: expect.stringContaining(`Layer 'f': There is no type of layer "${type}"`),
  });

const row = { input: 16, inputStride: 16, output: 32, outputStride: 16, features: 4 };
const norm = { ...row, norm: 0, quantizer: 0, epsilon: 1e-6, factor: 0, unit: 0, outputUnit: 0 };
const weights = {
  ...{ weight: 16, rows: 1, columns: 4, perOutput: 0, clip: 48, centre: 0, numerator: 1, shift: 0, minimum: 0 },
  ...{ maximum: 0, levels: 0, levelCount: 0, bits: 0, exponent: 0, quantized: 32, stride: 16 },
  ...{ transposed: 0, transposedStride: 0 },
};
const chain = {
  ...{ input: 16, inputStride: 16, output: 32, outputStride: 16, channels: 1, stages: 48, scratch: 0 },
  ...{ scratchLength: 0, largestMap: 0, largestPaddedMap: 0, batchSize: 1, counts: 0, positives: 0 },
  ...{ outputGradient: 0, inputGradient: 0 },
};
const cases: Readonly<Record<string, readonly [op: Op, code: number]>> = {
  activation: [{ name: 'activation', operands: { ...row, function: 4711 } }, 4711],
  activationBackward: [
    { name: 'activationBackward', operands: { ...row, gradient: 48, gradientStride: 16, function: -1 } },
    -1,
  ],
  quantizeActivations: [{ name: 'quantizeActivations', operands: { ...norm, quantizer: 3 } }, 3],
  'quantizeActivations ': [{ name: 'quantizeActivations', operands: { ...norm, norm: 3 } }, 3],
  normBackward: [
    {
      name: 'normBackward',
      operands: { input: 16, inputStride: 16, gradient: 32, gradientStride: 16, features: 4, norm: 7, factor: 48 },
    },
    7,
  ],
  quantizeWeights: [{ name: 'quantizeWeights', operands: { ...weights, encoding: 5 } }, 5],
  chain: [{ name: 'chain', operands: { ...chain, stageCount: 17 } }, 17],
};

function run(backend: ComputeBackend, words: Int32Array): void {
  const shape = { batchSize: 1, features: 4, classes: 2, targetWidth: 2 };
  const memory = backend.createMemory({ floats: 1024, programBytes: words.byteLength, ...shape });
  const program = { words, prepareCount: 0, count: 1 };
  memory.run({ program, samples: new Uint8Array(4), labels: new Uint16Array(1), from: 0, to: 1, ...shape });
}

describe.each([
  ['native', hasAddon, () => createNativeBackend({})],
  ['wasm', true, createWasmBackend],
] as const)('the %s engine', (kind, available, create) => {
  it.skipIf(!available).each(Object.entries(cases))('refuses an unknown code of %s', async (name, [op, code]) => {
    const backend = await create();
    expect(() => run(backend, encodeProgram([op]))).toThrow(
      expect.objectContaining({
        code: 'engine-mismatch',
        message: expect.stringContaining(`${name.trim()} has a code ${code} `),
      }),
    );
    // The same memory of the engine runs on with what it knows.
    expect(() =>
      run(backend, encodeProgram([{ name: 'activation', operands: { ...row, function: 0 } }])),
    ).not.toThrow();
  });

  it.skipIf(!available)('refuses an unknown operation', async () => {
    const words = encodeProgram([cases.activation![0]]);
    words[0] = 999;
    const backend = await create();
    expect(() => run(backend, words)).toThrow(
      expect.objectContaining({ code: 'engine-mismatch', message: expect.stringContaining('number 999') }),
    );
  });

  it.skipIf(!available)('refuses an unknown activation function of a network', async () => {
    const engine = await createEngine({ kind });
    expect(() => engine.compile(withFunction('sine'), OPTIONS)).toThrow(ModelError);
    expect(() => engine.compile(withFunction('relu'), OPTIONS)).not.toThrow();
  });

  it.skipIf(!available).each(UNKNOWN_TYPES)('refuses a layer of the unknown type %s', async (type) => {
    const engine = await createEngine({ kind });
    expect(() => engine.compile(withType(type), OPTIONS)).toThrow(unknownType(type));
  });
});

it('the TensorFlow.js engine refuses an unknown activation function', async () => {
  const engine = await createTfjsEngine({ backend: 'cpu' });
  expect(() => engine.compile(withFunction('sine'), OPTIONS)).toThrow(ModelError);
});

it.each(UNKNOWN_TYPES)('the TensorFlow.js engine refuses a layer of the unknown type %s', async (type) => {
  const engine = await createTfjsEngine({ backend: 'cpu' });
  expect(() => engine.compile(withType(type), OPTIONS)).toThrow(unknownType(type));
});

describe('tables', () => {
  it('refuse members that no kernel has', () => {
    expect(() => codeOf('encoding', 'octonary' as 'sign')).toThrow(
      expect.objectContaining({ code: 'engine-mismatch' }),
    );
    expect(codeOf('encoding', 'power-of-two')).toBe(3);
  });

  it('are refused where a table within has the wrong length', () => {
    const pooling = {
      windowHeight: 1,
      windowWidth: 2,
      strideY: 3,
      strideX: 4,
      paddingY: 5,
      paddingX: 6,
      countPadding: 0,
    };
    expect(recordWords('Pooling', pooling)).toEqual([1, 2, 3, 4, 5, 6, 0]);
    expect(() => recordWords('Pooling', { ...pooling, strideX: [1, 2] })).toThrow(TypeError);
  });
});

it('layers of an unknown type are refused by both kinds of engine', () => {
  const layer = { type: 'fold', name: 'f' } as never;
  for (const look of [layerPlanOf, layerBuildOf]) {
    expect(() => look(layer)).toThrow(
      expect.objectContaining({ code: 'unsupported-layer', message: expect.stringContaining("'f' is of type 'fold'") }),
    );
  }
});

import { parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../create-engine.js';
import type { Engine } from '../engine.js';
import { createTfjsEngine } from './create-tfjs-engine.js';
import type { CustomLayer } from './layers/custom.js';
import type { Tensor2D } from './tensors.js';
import { type ComparedNetwork, compileOn, difference, gradientsOf, snapshot } from './testing/compare-engines.js';

const weights = { format: '4bitsym', scaling: 'PerOutput', clipping: { method: 'octav' } } as const;

/** A linear layer anew: what the engine has can be said with a custom layer. */
const product: CustomLayer = (x, layer, { tf, outputShape, parameter }) => {
  const w = parameter('weight', {
    shape: [outputShape[0], x.shape[1]!],
    initial: (random) => Array.from({ length: outputShape[0] * x.shape[1]! }, () => random.nextBetween(-0.5, 0.5)),
    quantizer: weights,
  });
  const bias = parameter('bias', { shape: [outputShape[0]], initial: 0 });
  return tf
    .matMul(x as Tensor2D, w as Tensor2D, false, true)
    .add(bias)
    .mul(Number(layer.options.gain ?? 1));
};

/** x·sigmoid(x), whose gradient TensorFlow.js finds. */
const swish: CustomLayer = (x, _, { tf }) => x.mul(tf.sigmoid(x));

const custom = (name: string, kind: string, outputShape: [number] | [number, number, number], options = {}) =>
  ({ type: 'custom', name, kind, outputShape, options }) as const;
const first = { type: 'linear', name: 'first', outputs: 6, weights: { format: '4bitsym' } } as const;
const last = { type: 'linear', name: 'last', outputs: 3, weights: { format: '4bitsym' } } as const;
const network = (...layers: object[]) =>
  parseNetworkSpec({ name: 'own', input: { shape: [10] }, layers: [first, ...layers, last] });

function compile(engine: Engine, ...layers: object[]): ComparedNetwork {
  return compileOn([engine], { network: network(...layers) })[0]!;
}

const backends = process.env.BITNETMCU_TFJS_NODE ? (['node', 'cpu', 'wasm'] as const) : (['cpu', 'wasm'] as const);

describe.each(backends)('layers of the user on %s', async (backend) => {
  const engine = await createTfjsEngine({ backend, layers: { product, swish } });

  it('trains like the layer that it is made after', () => {
    const own = compile(engine, custom('mine', 'product', [5]));
    const builtIn = compile(engine, {
      type: 'linear',
      name: 'mine',
      outputs: 5,
      weights,
      norm: 'none',
      activationQuantizer: 'none',
      bias: true,
    });
    for (const [name, values] of Object.entries(builtIn.parameters)) {
      values.set(own.parameters[name === 'mine.clip' ? 'mine.weight.clip' : name]!);
    }
    const [actual, expected] = [gradientsOf(own), gradientsOf(builtIn)];
    const { worst, where } = difference(actual.gradients, expected.gradients);
    expect(worst, where).toBeLessThan(1e-6);
    expect(own.statistics().map(({ layer }) => layer)).toEqual(['first', 'mine', 'last']);
    expect(own.statistics()[1]!.codeEntropy).toBe(builtIn.statistics()[1]!.codeEntropy);
  });

  it('gets its options and the gradient of central differences', () => {
    const own = compile(engine, custom('act', 'swish', [6]), custom('mine', 'product', [4], { gain: 3 }));
    own.setFakeQuantization(false);
    const { gradients } = gradientsOf(own);
    const values = own.parameters['mine.weight']!;
    const lossWith = (value: number): number => {
      const kept = values[2]!;
      values[2] = value;
      const { totals } = gradientsOf(own);
      values[2] = kept;
      return totals.loss / totals.samples;
    };
    const step = 1e-2;
    const derivative = (lossWith(values[2]! + step) - lossWith(values[2]! - step)) / (2 * step);
    expect(gradients['mine.weight']![2]).toBeCloseTo(derivative, 3);
    expect(Math.abs(derivative)).toBeGreaterThan(1e-3);
  });

  it('sees maps with channels last and gives maps', () => {
    const shapes: number[][] = [];
    const seeing: CustomLayer = (x, _, { tf }) => {
      shapes.push(x.shape);
      return tf.concat([x, x], 3);
    };
    const spec = parseNetworkSpec({
      name: 'maps',
      input: { shape: [2, 5, 4] },
      layers: [{ ...custom('twice', 'seeing', [4, 5, 4]) }, last],
    });
    return createTfjsEngine({ backend, layers: { seeing } }).then((other) => {
      const compiled = compileOn([other], { network: spec })[0]!;
      compiled.evaluate('samples', 0, 2);
      expect(shapes).toEqual([
        [1, 5, 4, 2],
        [2, 5, 4, 2],
      ]);
    });
  });

  it('is saved and resumed to the bit', () => {
    const order = Uint32Array.from({ length: 12 }, (_, i) => 11 - i);
    const rates = (steps: number) => new Float32Array(steps).fill(0.01);
    const layers = [custom('act', 'swish', [6]), custom('mine', 'product', [4])];
    const whole = compile(engine, ...layers);
    whole.train('samples', { order, from: 0, to: 9, learningRates: rates(1) });
    const saved = snapshot(whole);
    whole.train('samples', { order, from: 3, to: 12, learningRates: rates(1) });
    const resumed = compile(engine, ...layers);
    for (const [name, values] of Object.entries({ ...resumed.parameters, ...resumed.state })) values.set(saved[name]!);
    resumed.train('samples', { order, from: 3, to: 12, learningRates: rates(1) });
    expect(snapshot(resumed)).toEqual(snapshot(whole));
    expect(saved).not.toEqual(snapshot(whole));
  });

  it.each([
    ['unsupported-layer', custom('mine', 'unknown', [4]), /'mine'.*'unknown'.*product, swish.*createTfjsEngine/],
    ['invalid-argument', custom('mine', 'swish', [7]), /'mine'.*returned a tensor of shape \[1, 6\], \[1, 7\] wanted/],
  ])('refuses with %s what cannot be', (code, layer, message) => {
    expect(() => compile(engine, layer)).toThrow(
      expect.objectContaining({ name: 'TrainerError', code, message: expect.stringMatching(message) }),
    );
  });

  it('refuses parameters of the wrong size and late ones', async () => {
    let calls = 0;
    const wrong: CustomLayer = (x, _, { parameter }) => x.add(parameter('p', { shape: [6], initial: () => [1, 2] }));
    const late: CustomLayer = (x, _, { parameter }) =>
      calls++ === 0 ? x.clone() : x.add(parameter('p', { shape: [6], initial: 1 }));
    const other = await createTfjsEngine({ backend, layers: { wrong, late } });
    expect(() => compile(other, custom('mine', 'wrong', [6]))).toThrow(/'mine.p' has 2 initial values, 6 wanted/);
    const compiled = compile(other, custom('mine', 'late', [6]));
    expect(() => compiled.evaluate('samples', 0, 1)).toThrow(/'mine' asks for a new parameter 'p'/);
  });
});

it('the compiled engine refuses custom layers and says where they run', async () => {
  const engine = await createEngine();
  expect(() => compile(engine, custom('mine', 'swish', [6]))).toThrow(
    expect.objectContaining({ code: 'unsupported-layer', message: expect.stringMatching(/'mine'.*createTfjsEngine/) }),
  );
});

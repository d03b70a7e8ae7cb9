import { type NetworkSpecInput, parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { Random } from '../random.js';
import { parseTrainingConfig } from '../training/config.js';
import type { CompileOptions } from './compile-options.js';
import type { CompiledNetwork } from './compiled-network.js';
import { createEngine } from './create-engine.js';
import { randomSamples } from './testing/gradient-check.js';

const COUNT = 24;
const order = Uint32Array.from({ length: COUNT }, (_, i) => i);
const samples = randomSamples(COUNT, 17, 5, 8);

type Weights = Extract<NetworkSpecInput['layers'][number], { type: 'linear' }>['weights'];

function spec(...weights: readonly [Weights, Weights, Weights]) {
  return parseNetworkSpec({
    name: 'terms',
    input: { shape: [17] },
    layers: [
      { type: 'linear', name: 'a', outputs: 13, weights: weights[0] },
      { type: 'activation', name: 'ra', function: 'relu' },
      { type: 'dropout', name: 'da', rate: 0 },
      { type: 'linear', name: 'b', outputs: 11, weights: weights[1] },
      { type: 'activation', name: 'rb', function: 'relu' },
      { type: 'linear', name: 'c', outputs: 5, weights: weights[2] },
    ],
  });
}

type Term = NonNullable<CompileOptions['loss']>[number];

/** What a term adds to the loss of a sample and to the gradients. */
function effectOf(
  engine: Awaited<ReturnType<typeof createEngine>>,
  network: ReturnType<typeof spec>,
  term: Term,
  fill: (parameters: Readonly<Record<string, Float32Array>>) => void,
) {
  const gradients = (loss: readonly Term[]) => {
    const compiled = engine.compile(network, { batchSize: COUNT, loss }) as CompiledNetwork;
    fill(compiled.parameters);
    compiled.load('check', samples);
    const totals = compiled.computeGradients('check', order, 0, COUNT);
    const found = Object.fromEntries(Object.entries(compiled.gradients).map(([name, read]) => [name, read()]));
    const parameters = Object.fromEntries(
      Object.entries(compiled.parameters).map(([name, values]) => [name, Float64Array.from(values)]),
    );
    compiled.dispose();
    return { loss: totals.loss / COUNT, found, parameters };
  };
  const [plain, whole] = [gradients([{ kind: 'crossEntropy' }]), gradients([{ kind: 'crossEntropy' }, term])];
  const added = Object.fromEntries(
    Object.entries(whole.found).map(([name, values]) => [
      name,
      values.map((value, i) => value - plain.found[name]![i]!),
    ]),
  );
  return { loss: whole.loss - plain.loss, added, parameters: whole.parameters };
}

/** Compares with differences of a function of the parameters in doubles. */
function expectDerivatives(
  { added, parameters }: ReturnType<typeof effectOf>,
  names: readonly string[],
  term: () => number,
): void {
  const h = 1e-5;
  for (const name of names) {
    const values = parameters[name]!;
    const expected = Array.from(values, (kept, i) => {
      values[i] = kept + h;
      const above = term();
      values[i] = kept - h;
      const below = term();
      values[i] = kept;
      return (above - below) / (2 * h);
    });
    const largest = Math.max(...expected.map(Math.abs));
    expect(largest).toBeGreaterThan(0);
    added[name]!.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!) / largest, `${name}[${i}]`).toBeLessThan(2e-3);
    });
  }
}

/** Σ weights · entropy in bits of the soft histogram of layers' weights: [scaled weights, lowest, highest level]. */
function softEntropy(layers: readonly (readonly [u: number, low: number, high: number])[][], levels: number): number {
  const first = 0.5 - levels / 2;
  return layers.reduce((total, weights) => {
    const counts = new Float64Array(levels).fill(1);
    for (const [u, low, high] of weights) {
      const position = Math.min(Math.max(u, low), high) - first;
      const lower = Math.min(Math.floor(position), levels - 2);
      counts[lower]! += 1 - (position - lower);
      counts[lower + 1]! += position - lower;
    }
    const sum = weights.length + levels;
    return total - counts.reduce((h, count) => h + (count / sum) * Math.log2(count / sum), 0) * weights.length;
  }, 0);
}

const SIZES = { a: [17, 13], b: [13, 11], c: [11, 5] } as const;
const WEIGHTS = 17 * 13 + 13 * 11 + 11 * 5;

describe.each(['native', 'wasm'] as const)('terms on the weights, %s engine', async (kind) => {
  const engine = await createEngine({ kind });

  it('entropy: value and gradients of weights and learned scalars', () => {
    const weights = { format: '3bitsym', clipping: { method: 'learned' } } as const;
    const fixed = { format: '3bitsym' } as const;
    const effect = effectOf(engine, spec(weights, fixed, fixed), { kind: 'entropy', weight: 5 }, () => {});
    const { parameters } = effect;
    const term = () => {
      const layers = (['a', 'b', 'c'] as const).map((layer) =>
        Array.from(
          parameters[`${layer}.weight`]!,
          (w) => [(w * 4) / parameters[`${layer}.clip`]![0]!, -3.5, 3.5] as const,
        ),
      );
      return (5 / WEIGHTS) * softEntropy(layers, 8);
    };
    expect(effect.loss).toBeCloseTo(term(), 4);
    expectDerivatives(effect, ['a.weight', 'b.weight', 'c.weight'], term);
    // The gradient of a learned scalar is scaled as that of the other terms is (Esser et al. 2020).
    const factor = 1 / Math.sqrt(17 * 13 * 3.5);
    const scaled = { ...effect, added: { 'a.clip': effect.added['a.clip']!.map((value) => value / factor) } };
    expectDerivatives(scaled, ['a.clip'], term);
  });

  it('entropy: of learned bits, without the outputs that have none', () => {
    const weights = { format: '3bitsym', learnedBits: { per: 'channel' } } as const;
    const bitsOf = (parameters: Readonly<Record<string, Float32Array>>) => {
      const random = new Random(2);
      for (const layer of Object.keys(SIZES)) {
        const bits = parameters[`${layer}.bits`]!;
        bits.forEach((_, k) => {
          bits[k] = layer === 'c' ? 2 : random.nextBelow(4);
          parameters[`${layer}.exponent`]![k] = random.nextBelow(2) - 4;
        });
      }
    };
    const effect = effectOf(engine, spec(weights, weights, weights), { kind: 'entropy', weight: 5 }, bitsOf);
    const { parameters } = effect;
    const term = () => {
      const layers = Object.entries(SIZES).map(([layer, [columns]]) =>
        Array.from(parameters[`${layer}.weight`]!, (w, i) => {
          const row = Math.floor(i / columns);
          const [bits, exponent] = [parameters[`${layer}.bits`]![row]!, parameters[`${layer}.exponent`]![row]!];
          return [w * 2 ** -exponent, 0.5 - 2 ** (bits - 1), 2 ** (bits - 1) - 0.5] as const;
        }).filter(([, low]) => low < 0),
      );
      return (5 / WEIGHTS) * softEntropy(layers, 8);
    };
    expect(effect.loss).toBeCloseTo(term(), 4);
    expectDerivatives(effect, ['a.weight', 'b.weight', 'c.weight', 'a.exponent', 'b.exponent'], term);
  });

  it('size: mean bits of the weights that are left, an output of less than one bit counting by its bits', () => {
    const channel = { format: '4bitsym', learnedBits: { per: 'channel' } } as const;
    const layer = { format: '4bitsym', learnedBits: { per: 'layer' } } as const;
    const bitsOf = (parameters: Readonly<Record<string, Float32Array>>) => {
      parameters['a.bits']!.forEach((_, k) => {
        parameters['a.bits']![k] = (k % 7) * 0.6 + 0.1;
      });
      parameters['b.bits']!.fill(0.7);
    };
    const effect = effectOf(engine, spec(channel, layer, channel), { kind: 'size', weight: 5 }, bitsOf);
    const { parameters } = effect;
    const term = () => {
      const [a, b, c] = ['a', 'b', 'c'].map((name) => parameters[`${name}.bits`]!) as [
        Float64Array,
        Float64Array,
        Float64Array,
      ];
      const left = (bits: Float64Array, count: number) =>
        (bits.reduce((sum, value) => sum + Math.min(1, value), 0) / bits.length) * count;
      const sum = (bits: Float64Array) => bits.reduce((total, value) => total + value, 0);
      return (5 * (sum(a) * 17 + sum(b) * 11 * left(a, 13) + sum(c) * left(b, 11))) / WEIGHTS;
    };
    expect(effect.loss).toBeCloseTo(term(), 4);
    expectDerivatives(effect, ['a.bits', 'b.bits', 'c.bits'], term);
    for (const name of ['a.weight', 'b.weight']) expect(effect.added[name]!.every((value) => value === 0)).toBe(true);
  });

  it.each([
    ['size', { format: '4bitsym' }, /no layer learns its bits/],
    ['entropy', { format: 'NF4' }, /layer 'a' have the format NF4/],
    ['entropy', { format: 'None' }, /the format None/],
  ] as const)('%s is refused for %j', (term, weights, message) => {
    expect(() =>
      engine.compile(spec(weights, weights, weights), { loss: [{ kind: 'crossEntropy' }, { kind: term }] }),
    ).toThrow(expect.objectContaining({ code: 'invalid-argument', message: expect.stringMatching(message) }));
  });
});

it('a configuration needs a term on the outputs beside them', () => {
  expect(() => parseTrainingConfig({ loss: [{ kind: 'size' }] })).toThrow(/one on the outputs too/);
  expect(parseTrainingConfig({ loss: [{ kind: 'entropy' }, { kind: 'huber' }] }).loss).toHaveLength(2);
});

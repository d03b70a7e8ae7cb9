// Mixtures of experts: gradients of what is chosen, of the scores straight through the choice, and of the term that spreads choices,
// against central differences of formulas in doubles.
import { type NetworkSpecInput, parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { parseTrainingConfig } from '../training/config.js';
import type { CompileOptions } from './compile-options.js';
import type { CompiledNetwork } from './compiled-network.js';
import { createEngine } from './create-engine.js';
import { expectedGradients, gradientDifference, randomSamples } from './testing/gradient-check.js';

type LayerInput = NetworkSpecInput['layers'][number];
type Term = NonNullable<CompileOptions['loss']>[number];
type Parameters = Record<string, Float64Array>;

const [INPUTS, GROUPS, SIZE, KEEP, CLASSES, COUNT] = [7, 5, 3, 2, 4, 24];
const float = { weights: { format: 'None' }, norm: 'none', activationQuantizer: 'none' } as const;
const samples = randomSamples(COUNT, INPUTS, CLASSES, 5);
const order = Uint32Array.from({ length: COUNT }, (_, i) => i);

const spec = parseNetworkSpec({
  name: 'experts',
  input: { shape: [INPUTS], preprocessing: { divisor: 255, mean: 0.5, deviation: 0.5 } },
  layers: [
    { type: 'linear', name: 'router', outputs: GROUPS, ...float },
    { type: 'linear', name: 'experts', inputs: ['input'], outputs: GROUPS * SIZE, ...float },
    { type: 'topGroups', name: 'chosen', inputs: ['experts', 'router'], keep: KEEP },
    { type: 'linear', name: 'out', outputs: CLASSES, ...float },
  ],
});

function product(weights: ArrayLike<number>, x: readonly number[]): number[] {
  return Array.from({ length: weights.length / x.length }, (_, o) =>
    x.reduce((sum, value, i) => sum + weights[o * x.length + i]! * value, 0),
  );
}

function softmax(z: readonly number[]): number[] {
  const exps = z.map((value) => Math.exp(value));
  const sum = exps.reduce((a, b) => a + b);
  return exps.map((value) => value / sum);
}

/** Ones for the `KEEP` largest. */
function choice(scores: readonly number[]): number[] {
  const ranked = [...scores].sort((a, b) => b - a);
  return scores.map((score) => Number(score >= ranked[KEEP - 1]!));
}

const inputs = Array.from(order, (n) =>
  Array.from(samples.bytes.subarray(n * INPUTS, (n + 1) * INPUTS), (byte) => (byte / 255 - 0.5) / 0.5),
);

/** Cross-entropy with the choices of `fixed` and softmax(scores) − softmax(fixed scores) added to them: 0, but for its gradient. */
function crossEntropy(parameters: Parameters, fixed: readonly (readonly number[])[]): number {
  const losses = inputs.map((x, s) => {
    const [now, before] = [softmax(product(parameters['router.weight']!, x)), softmax(fixed[s]!)];
    const gate = choice(fixed[s]!).map((kept, g) => kept + now[g]! - before[g]!);
    const features = product(parameters['experts.weight']!, x).map((value, i) => value * gate[Math.floor(i / SIZE)]!);
    return -Math.log(softmax(product(parameters['out.weight']!, features))[samples.labels[s]!]!);
  });
  return losses.reduce((a, b) => a + b) / COUNT;
}

function balance(parameters: Parameters, fixed: readonly (readonly number[])[]): number {
  const shares = Array.from(
    { length: GROUPS },
    (_, g) => fixed.reduce((n, scores) => n + choice(scores)[g]!, 0) / COUNT,
  );
  const all = inputs.map((x) => softmax(product(parameters['router.weight']!, x)));
  return (
    (GROUPS / KEEP) * shares.reduce((sum, share, g) => sum + (share * all.reduce((n, p) => n + p[g]!, 0)) / COUNT, 0)
  );
}

describe.each(['native', 'wasm'] as const)('choices among groups, %s engine', async (kind) => {
  const engine = await createEngine({ kind });

  function measured(loss: readonly Term[]) {
    const compiled = engine.compile(spec, { batchSize: COUNT, loss, seed: 3 }) as CompiledNetwork;
    compiled.load('check', samples);
    const totals = compiled.computeGradients('check', order, 0, COUNT);
    const gradients = Object.fromEntries(Object.entries(compiled.gradients).map(([name, read]) => [name, read()]));
    const parameters: Parameters = Object.fromEntries(
      Object.entries(compiled.parameters).map(([name, values]) => [name, Float64Array.from(values)]),
    );
    compiled.dispose();
    return { loss: totals.loss / COUNT, gradients, parameters };
  }

  function expectGradients(
    gradients: Readonly<Record<string, Float32Array>>,
    parameters: Parameters,
    formula: (parameters: Parameters, fixed: readonly (readonly number[])[]) => number,
    names: readonly string[],
  ) {
    const fixed = inputs.map((x) => product(parameters['router.weight']!, x));
    for (const name of names) {
      const values = parameters[name]!;
      const expected = Array.from(values, (kept, i) => {
        const at = (value: number) => {
          values[i] = value;
          return formula(parameters, fixed);
        };
        const slope = (at(kept + 1e-5) - at(kept - 1e-5)) / 2e-5;
        values[i] = kept;
        return slope;
      });
      const largest = Math.max(...expected.map(Math.abs));
      expect(largest, name).toBeGreaterThan(1e-3);
      gradients[name]!.forEach((value, i) => {
        expect(Math.abs(value - expected[i]!) / largest, `${name}[${i}]`).toBeLessThan(1e-3);
      });
    }
  }

  it('leave the loss of the chosen groups, and give scores the gradient of their softmax', () => {
    const { loss, gradients, parameters } = measured([{ kind: 'crossEntropy' }]);
    const fixed = inputs.map((x) => product(parameters['router.weight']!, x));
    // Every group is chosen for some samples and left out for others.
    const counts = fixed.map(choice).reduce((sums, kept) => sums.map((sum, g) => sum + kept[g]!));
    for (const count of counts) expect(count > 0 && count < COUNT, counts.join()).toBe(true);
    expect(loss).toBeCloseTo(crossEntropy(parameters, fixed), 5);
    expectGradients(gradients, parameters, crossEntropy, ['router.weight', 'experts.weight', 'out.weight']);
  });

  it('are spread by the term balance', () => {
    const term: Term = { kind: 'balance', weight: 0.5 };
    const [plain, whole] = [measured([{ kind: 'crossEntropy' }]), measured([{ kind: 'crossEntropy' }, term])];
    const added = (name: string) => whole.gradients[name]!.map((value, i) => value - plain.gradients[name]![i]!);
    const fixed = inputs.map((x) => product(whole.parameters['router.weight']!, x));
    expect(whole.loss - plain.loss).toBeCloseTo(0.5 * balance(whole.parameters, fixed), 4);
    const half = (parameters: Parameters, kept: readonly (readonly number[])[]) => 0.5 * balance(parameters, kept);
    expectGradients({ 'router.weight': added('router.weight') }, whole.parameters, half, ['router.weight']);
    expect(Math.max(...added('experts.weight').map(Math.abs))).toBe(0);
  });

  it('are of maps, too, behind a chain of convolutions', () => {
    const conv = (name: string, more: object = {}): LayerInput =>
      ({ type: 'conv2d', name, channels: 6, weights: { format: '8bit' }, ...more }) as LayerInput;
    const network: NetworkSpecInput = {
      name: 'maps',
      input: { shape: [1, 9, 8] },
      layers: [
        conv('c1'),
        { type: 'activation', name: 'r1', function: 'relu' },
        conv('c2', { groups: 'depthwise' }),
        { type: 'maxPool2d', name: 'p2' },
        { type: 'linear', name: 'router', inputs: ['input'], outputs: 3, weights: { format: '4bitsym' } },
        { type: 'topGroups', name: 'chosen', inputs: ['p2', 'router'], keep: 2 },
        { type: 'flatten', name: 'flat' },
        { type: 'linear', name: 'out', outputs: 4, weights: { format: '4bitsym' } },
      ],
    };
    const expected = expectedGradients(engine, { network });
    // Its gradient is no derivative of the loss.
    const { 'router.weight': router, ...derivatives } = expected.derivatives;
    expect(router!.every(([, derivative]) => derivative === 0)).toBe(true);
    const { worst, where, loss } = gradientDifference(engine, { ...expected, derivatives });
    expect(loss).toBeLessThan(2e-5);
    expect(worst, where).toBeLessThan(2e-4);
  });

  it('refuse the term balance where nothing is chosen', () => {
    const plain = parseNetworkSpec({ ...spec, layers: [{ type: 'linear', name: 'out', outputs: 4, ...float }] });
    expect(() => engine.compile(plain, { loss: [{ kind: 'crossEntropy' }, { kind: 'balance', weight: 1 }] })).toThrow(
      expect.objectContaining({ code: 'invalid-argument', message: expect.stringContaining('topGroups') }),
    );
  });
});

it('a configuration takes the term beside one on the outputs', () => {
  expect(parseTrainingConfig({ loss: [{ kind: 'crossEntropy' }, { kind: 'balance' }] }).loss).toEqual([
    { kind: 'crossEntropy', weight: 1, labelSmoothing: 0 },
    { kind: 'balance', weight: 0.01 },
  ]);
  expect(() => parseTrainingConfig({ loss: [{ kind: 'balance' }] })).toThrow(/name one on the outputs/);
});

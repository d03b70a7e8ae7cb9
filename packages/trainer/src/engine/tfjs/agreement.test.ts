// The TensorFlow.js engine and the compiled one: same losses, gradients, logits and steps.
import { inverseScalesFromClips, quantizeWeights } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import type { OptimizerSpec } from '../compile-options.js';
import { createEngine } from '../create-engine.js';
import type { Engine } from '../engine.js';
import { createTfjsEngine } from './create-tfjs-engine.js';
import { type Comparison, compileOn, difference, gradientsOf, snapshot } from './testing/compare-engines.js';
import { comparisons, conv, dense, formats, linear, relu, spatial } from './testing/compared-networks.js';

const adam: OptimizerSpec = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 };

/** Loss, gradients and logits within 1e-5, relative to the largest value of each tensor. */
function compareEngines(engines: readonly Engine[], comparison: Comparison, fakeQuantization: boolean): void {
  const [compiled, tfjs] = compileOn(engines, comparison);
  for (const network of [compiled!, tfjs!]) network.setFakeQuantization(fakeQuantization);
  const [expected, actual] = [gradientsOf(compiled!), gradientsOf(tfjs!)];
  expect(Math.abs(actual.totals.loss / expected.totals.loss - 1)).toBeLessThan(1e-5);
  // Classes may tie; sums of errors cannot.
  const hasTargets = comparison.options?.loss?.some(({ kind }) => kind === 'meanSquaredError' || kind === 'huber');
  if (hasTargets) expect(actual.totals.correct).toBeCloseTo(expected.totals.correct, 3);
  const { worst, where } = difference(actual.gradients, expected.gradients);
  expect(worst, where).toBeLessThan(1e-5);
  const logits = [compiled!, tfjs!].map((network) => {
    const values = new Float32Array(12 * network.outputs);
    network.evaluate('samples', 0, 12, values);
    return { values };
  });
  const evaluated = difference(logits[1]!, logits[0]!);
  expect(evaluated.worst, evaluated.where).toBeLessThan(1e-5);
  compiled!.dispose();
  tfjs!.dispose();
}

/** The real tfjs-node where `npm run test:tfjs-node` gives it; it takes 700 MB. */
const backends = process.env.BITNETMCU_TFJS_NODE ? (['node', 'cpu', 'wasm'] as const) : (['cpu', 'wasm'] as const);

describe.each(backends)('the TensorFlow.js engine on %s and the compiled engine', async (backend) => {
  const engines = [await createEngine(), await createTfjsEngine({ backend })] as const;

  const compare = (comparison: Comparison, fakeQuantization: boolean) =>
    compareEngines(engines, comparison, fakeQuantization);

  it.each(Object.entries(comparisons))('%s: same gradients and logits without rounding', (_, comparison) => {
    compare(comparison, false);
  });

  it.each(Object.entries(comparisons))('%s: same gradients and logits with rounding', (_, comparison) => {
    compare(comparison, true);
  });

  it.each([
    adam,
    { ...adam, kind: 'adamw' },
    { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 },
    { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 },
  ] satisfies OptimizerSpec[])('$kind: same parameters and state after a step', (optimizer) => {
    const network = spatial(
      conv('c', 5, { bias: true, weights: { format: 'Ternary', scaling: 'PerOutput' } }),
      relu('rc'),
      linear('l', 6, { norm: 'batch', bias: true, weights: { format: '4bit', clipping: { method: 'learned' } } }),
      relu('rl'),
    );
    const order = Uint32Array.from({ length: 9 }, (_, i) => i);
    const [expected, actual] = compileOn(engines, { network, options: { optimizer } }).map((trained) => {
      trained.train('samples', { order, from: 0, to: 9, learningRates: Float32Array.of(0.01), damping: 20 });
      return snapshot(trained);
    });
    const { worst, where } = difference(actual!, expected!);
    expect(worst, where).toBeLessThan(optimizer.kind === 'sgd' ? 1e-5 : 1e-4);
  });

  it('pulls damped weights the same share of the way to their codes', () => {
    const network = dense({ weights: { format: '2bitsym', clipping: { method: 'fixed', value: 1 } } });
    const order = Uint32Array.from({ length: 9 }, (_, i) => i);
    const sgd = { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 } as const;
    const stepped = (damping: number, learningRate: number) =>
      compileOn(engines, { network, options: { optimizer: sgd } }).map((trained) => {
        const before = trained.parameters['a.weight']!.slice();
        trained.train('samples', { order, from: 0, to: 9, learningRates: Float32Array.of(learningRate), damping });
        const after = trained.parameters['a.weight']!.slice();
        trained.dispose();
        return { before, after };
      });
    const [free, damped, settled] = [stepped(0, 0.01), stepped(25, 0.01), stepped(1e9, 0.01)];
    free.forEach(({ before, after }, engine) => {
      const { dequantized } = quantizeWeights('2bitsym', before, {
        outputs: 13,
        inverseScales: inverseScalesFromClips('2bitsym', [1]),
      });
      for (let i = 0; i < before.length; i++) {
        const way = dequantized[i]! - before[i]!;
        expect(damped[engine]!.after[i]! - after[i]!).toBeCloseTo(0.25 * way, 5);
        // Never beyond the code's value.
        expect(settled[engine]!.after[i]! - after[i]!).toBeCloseTo(way, 5);
      }
    });
  });
});

describe('weight formats', async () => {
  // Weights are quantized on the host, whatever the backend.
  const engines = [await createEngine(), await createTfjsEngine({ backend: 'cpu' })] as const;

  it.each(formats)('$what: same codes', ({ network }) => compareEngines(engines, { network }, true));
});

import { describe, expect, it } from 'vitest';
import type { InferenceBackend } from '../inference.js';
import type { QuantizedModel, QuantizedNode } from '../quantized-model.js';
import { SeededRandom } from '../random/seeded-random.js';
import { ReferenceInference, ReferenceModel } from '../reference-inference.js';
import { resolveModel } from '../resolve-model.js';
import { elementCount } from '../tensor-shape.js';
import { conformanceInputs } from './random-inputs.js';
import { conformanceModel } from './random-model.js';
import { runConformance } from './run-conformance.js';

/** An implementation with one mistake: the reference on a changed model. */
const mistaken = (change: (node: QuantizedNode) => QuantizedNode): InferenceBackend => ({
  name: 'mistaken',
  load: async (model: QuantizedModel) => new ReferenceModel({ ...model, nodes: model.nodes.map(change) }),
});

describe('random models', () => {
  it('are the same for the same seed and number, others for others', () => {
    expect(conformanceModel(1, 4)).toEqual(conformanceModel(1, 4));
    expect(conformanceModel(1, 4).nodes).not.toEqual(conformanceModel(2, 4).nodes);
    expect(conformanceModel(1, 4).nodes).not.toEqual(conformanceModel(1, 5).nodes);
  });

  it('keep to their restrictions', () => {
    const restrictions = { operations: ['linear', 'shiftNorm'], formats: ['Ternary', 'NF4'], maxElements: 33 } as const;
    for (let index = 0; index < 100; index++) {
      const model = conformanceModel(9, index, restrictions);
      expect(elementCount(model.input.shape)).toBeLessThanOrEqual(33);
      for (const { node, outputShape } of resolveModel(model)) {
        expect(restrictions.operations).toContain(node.op);
        expect(elementCount(outputShape)).toBeLessThanOrEqual(33);
        if (node.op === 'linear') expect(restrictions.formats).toContain(node.weights.format);
      }
    }
    for (let index = 0; index < 100; index++) {
      for (const { outputShape } of resolveModel(conformanceModel(10, index, { maxElements: 120 }))) {
        expect(elementCount(outputShape)).toBeLessThanOrEqual(120);
      }
    }
  });

  it('mostly give different logits for different inputs', () => {
    let distinct = 0;
    for (let index = 0; index < 100; index++) {
      const reference = new ReferenceModel(conformanceModel(1, index));
      const logits = reference.infer(conformanceInputs(1, index, reference.inputs, 8), 8);
      const samples = Array.from({ length: 8 }, (_, s) =>
        logits.slice(s * reference.outputs, (s + 1) * reference.outputs).join(),
      );
      if (new Set(samples).size >= 4) distinct++;
    }
    expect(distinct).toBeGreaterThan(55);
  });
});

describe('runConformance', () => {
  it('compares as many models and samples as it says', async () => {
    const report = await runConformance(new ReferenceInference(), { models: 30, seed: 5, samples: 6 });
    expect(report).toEqual({ backend: 'typescript', models: 30, samples: 180, differences: [] });
  });

  it.each<[string, (node: QuantizedNode) => QuantizedNode]>([
    ['a shift off by one', (node) => (node.op === 'reluShift' ? { ...node, shift: node.shift + 1 } : node)],
    ['missing saturation', (node) => (node.op === 'requantize' && node.max === 127 ? { ...node, max: 126 } : node)],
    [
      'mean for maximum',
      (node) => (node.op === 'maxPool2d' ? { ...node, op: 'avgPool2d', countIncludePad: true } : node),
    ],
    [
      'a divisor that counts the padding',
      (node) => (node.op === 'avgPool2d' ? { ...node, countIncludePad: !node.countIncludePad } : node),
    ],
    ['an ignored left shift', (node) => (node.op === 'add' ? { ...node, leftShift: [0, 0] } : node)],
    ['an ignored multiplier', (node) => (node.op === 'add' ? { ...node, multiplier: 1 } : node)],
    [
      'one wrong weight in convolutions',
      (node) => {
        if (node.op !== 'conv2d') return node;
        const codes = node.weights.codes.slice();
        codes[codes.length - 1] = codes.at(-1) === 0 ? 1 : 0;
        return { ...node, weights: { ...node.weights, codes } };
      },
    ],
    [
      'an ignored output shift',
      (node) => {
        if (node.op !== 'linear') return node;
        const { outputShifts: _, ...weights } = node.weights;
        return { ...node, weights };
      },
    ],
  ])('finds %s', async (_, change) => {
    const report = await runConformance(mistaken(change), { models: 400, maxDifferences: 3 });
    expect(report.differences).toHaveLength(3);
    expect(report.differences[0]).toMatchObject({
      seed: 1,
      model: expect.stringContaining(' | '),
      problem: expect.stringMatching(/expected|threw/),
    });
  });

  it.each([
    [{ operations: ['linaer'] }, "'linear'"],
    [{ operations: [] }, 'operations'],
    [{ formats: ['4bitsim'] }, "'4bitsym'"],
    [{ formats: [] }, 'formats'],
    [{ models: Number.NaN }, 'models'],
    [{ models: -1 }, 'models'],
    [{ models: 0 }, 'models'],
    [{ models: 2.5 }, 'models'],
    [{ samples: 0 }, 'samples'],
    [{ maxDifferences: 0 }, 'maxDifferences'],
    [{ maxElements: 15 }, 'maxElements'],
    [{ seed: 0.5 }, 'seed'],
    [{ model: 3 }, "'models'"],
  ])('refuses %j, with which it would not test what was asked for', async (options, message) => {
    const run = runConformance(new ReferenceInference(), options as object);
    await expect(run).rejects.toMatchObject({
      name: 'ModelError',
      code: 'invalid-option',
      message: expect.stringContaining(message),
    });
  });

  it('reports what an implementation throws, with the model', async () => {
    const broken: InferenceBackend = { name: 'broken', load: () => Promise.reject(new TypeError('no kernel')) };
    const report = await runConformance(broken, { models: 10, maxDifferences: 2 });
    expect(report.models).toBe(2);
    expect(report.differences.map(({ problem }) => problem)).toEqual([
      'threw TypeError: no kernel',
      'threw TypeError: no kernel',
    ]);
  });
});

describe('SeededRandom', () => {
  it('is uniform over small ranges', () => {
    const random = new SeededRandom(1, 2, 3);
    const counts = new Array(7).fill(0);
    for (let i = 0; i < 70_000; i++) counts[random.integer(-3, 3) + 3]++;
    // Chi-square with 6 degrees of freedom: 22.5 is exceeded once in a thousand seeds.
    expect(counts.reduce((sum, n) => sum + (n - 10_000) ** 2 / 10_000, 0)).toBeLessThan(22.5);
  });
});

// Sums and biases that int32 cannot hold: coarser steps where samples can find them, a typed refusal where not, never a wrapped number.
import { type QuantizedModel, quantizeInput } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { exportC } from '../../c/export-c.js';
import { graphOf, node } from '../../onnx/__fixtures__/build-graph.js';
import { uniform } from '../../onnx/__fixtures__/fixtures.js';
import { quantize } from '../../quantize.js';

const INPUTS = 4000;
const ROWS = 4;
const COUNT = 24;

/** Gemm with all weights positive, inputs up to 1: nothing cancels. */
function gemm(sizes: readonly number[], bias: readonly number[]) {
  const random = uniform(11);
  const w = Float32Array.from(
    { length: ROWS * INPUTS },
    (_, i) => ((0.5 + random()) * sizes[Math.floor(i / INPUTS)]!) / INPUTS,
  );
  const samples = Float32Array.from({ length: COUNT * INPUTS }, () => (random() < 0.5 ? 1 : random()));
  const graph = graphOf(
    ['n', INPUTS],
    {
      w: { type: 'float32', shape: [ROWS, INPUTS], data: w },
      b: { type: 'float32', shape: [ROWS], data: Float32Array.from(bias) },
    },
    [node('Gemm', ['x', 'w', 'b'], 'y', { transB: 1 })],
  );
  const wanted = Array.from({ length: COUNT * ROWS }, (_, k) => {
    const [s, o] = [Math.floor(k / ROWS), k % ROWS];
    let sum = bias[o]!;
    for (let i = 0; i < INPUTS; i++) sum += w[o * INPUTS + i]! * samples[s * INPUTS + i]!;
    return sum;
  });
  return { graph, samples, wanted };
}

/** Root mean squared difference from `wanted` times one factor, over the deviation of `wanted`. */
function residual(model: QuantizedModel, samples: Float32Array, wanted: readonly number[]): number {
  // Loading it proves that no input overflows.
  const found = new ReferenceModel(model).infer(quantizeInput(model, samples), COUNT);
  const factor =
    wanted.reduce((sum, value, i) => sum + value * found[i]!, 0) / found.reduce((sum, value) => sum + value * value, 0);
  const centre = wanted.reduce((a, b) => a + b, 0) / wanted.length;
  const [error, squares] = wanted.reduce(
    ([e, q], value, i) => [e! + (value - found[i]! * factor) ** 2, q! + (value - centre) ** 2],
    [0, 0],
  );
  return Math.sqrt(error! / squares!);
}

describe('accumulators beyond int32', () => {
  it.each([
    ['64 times apart', [1, 1, 1, 64]],
    ['1000 times apart', [1, 1, 1000, 1000]],
    ['alike', [1, 1, 1, 1]],
  ] as const)('rows %s', (_, sizes) => {
    const { graph, samples, wanted } = gemm(sizes, [0.1, -0.2, 0.3, 0]);
    const { model, report } = quantize(graph, { calibration: { samples } });
    const measured = residual(model, samples, wanted);
    expect(measured).toBeLessThan(0.02);
    expect(report.logitError).toBeLessThan(measured * 1.3 + 0.002);
    const said = report.layers.flatMap(({ warnings }) => warnings).join(' ');
    if (sizes[3] === 1) expect(said).toBe('');
    else expect(said).toMatch(/int32.*coarser/);
  });

  it('biases far larger than the sums', () => {
    const { graph, samples, wanted } = gemm([1, 1, 1, 1], [1e7, -3e6, 2e6, 5e6]);
    const { model, report } = quantize(graph, { calibration: { samples } });
    expect(residual(model, samples, wanted)).toBeLessThan(0.001);
    expect(report.layers[0]!.warnings.join(' ')).toMatch(/int32.*coarser/);
  });

  it('are refused where nothing can be made coarser', () => {
    // Ternary weights, two of 1, and a bias of 2^34 of the smallest steps.
    const graph = graphOf(
      ['n', 2],
      {
        w: { type: 'float32', shape: [2, 2], data: Float32Array.of(1, 0, 0, -1) },
        b: { type: 'float32', shape: [2], data: Float32Array.of(2 ** 30, 0) },
      },
      [node('Gemm', ['x', 'w', 'b'], 'y', { transB: 1 })],
    );
    expect(() => quantize(graph, { inputScale: 1 / 16 })).toThrow(
      expect.objectContaining({ code: 'accumulator-overflow', message: expect.stringMatching(/calibration samples/) }),
    );
  });

  it('are not exported', () => {
    const inputs = 65_000;
    const model: QuantizedModel = {
      name: 'wide',
      input: {
        shape: [inputs],
        preprocessing: { divisor: 1, mean: 0, deviation: 1 },
        quantization: { kind: 'static', scale: 1 },
      },
      nodes: [
        {
          name: 'fc1',
          inputs: ['input'],
          op: 'linear',
          inFeatures: inputs,
          outFeatures: 1,
          // 65 000 · 127 · 128 · 2 is 2.1e9, above 2^31 − 1 = 2 147 483 647 with the bias.
          weights: {
            format: '8bit',
            codes: new Uint8Array(inputs).fill(255),
            outputShifts: Uint8Array.of(1),
            bias: Int32Array.of(2 ** 27),
          },
        },
      ],
      labels: [],
      provenance: {},
    };
    expect(() => exportC(model)).toThrow(expect.objectContaining({ code: 'accumulator-overflow', node: 'fc1' }));
  });
});

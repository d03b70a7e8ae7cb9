// Small models for tests, written out by hand.
import type { FormatName } from '@bitnetmcu/quant';
import { formats } from '@bitnetmcu/quant';
import type { QuantizedModel, QuantizedNode, QuantizedWeights, Shape } from '../quantized-model.js';

/** A model around nodes; the input is quantized dynamically. */
export function modelOf(shape: Shape, nodes: readonly QuantizedNode[], labels: readonly string[] = []): QuantizedModel {
  const preprocessing = { divisor: 255, mean: 0.1307, deviation: 0.3081 };
  return {
    name: 'test',
    input: { shape, preprocessing, quantization: { kind: 'dynamic' } },
    nodes,
    labels,
    provenance: {},
  };
}

/** Weights given as integers of the format. */
export function weightsOf(
  format: FormatName,
  integers: readonly number[],
  rest: Partial<QuantizedWeights> = {},
): QuantizedWeights {
  const table = [...formats[format].integers];
  const codes = integers.map((integer) => {
    const code = table.indexOf(integer);
    if (code === -1) throw new Error(`${format} has no integer ${integer}`);
    return code;
  });
  return { format, codes: Uint8Array.from(codes), ...rest };
}

/** 3 → 2 → ReLU → 2 linear network; see reference-inference.test.ts for its logits worked by hand. */
export function handWorkedLinear(): QuantizedModel {
  return modelOf(
    [3],
    [
      {
        name: 'fc1',
        op: 'linear',
        inputs: ['input'],
        inFeatures: 3,
        outFeatures: 2,
        weights: weightsOf('4bitsym', [15, -1, 3, -7, 5, 1]),
      },
      { name: 'relu1', op: 'shiftNorm', inputs: ['fc1'], activation: 'relu' },
      {
        name: 'fc2',
        op: 'linear',
        inputs: ['relu1'],
        inFeatures: 2,
        outFeatures: 2,
        weights: weightsOf('2bitsym', [3, -1, -3, 1], {
          outputShifts: Uint8Array.of(0, 2),
          bias: Int32Array.of(5, -7),
        }),
      },
    ],
    ['no', 'yes'],
  );
}

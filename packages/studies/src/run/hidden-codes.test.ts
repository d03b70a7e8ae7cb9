// Bits of weight codes against numbers worked by hand.
import type { QuantizedModel } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { hiddenCodes } from './hidden-codes.js';

/** A hidden layer of 4 inputs with these rows of codes, before one with a single output. */
function modelOf(...rows: readonly (readonly number[])[]): QuantizedModel {
  const linear = (name: string, input: string, outFeatures: number, codes: readonly number[]) => ({
    ...{ op: 'linear' as const, name, inputs: [input], inFeatures: codes.length / outFeatures, outFeatures },
    weights: { format: '2bitsym' as const, codes: Uint8Array.from(codes) },
  });
  return {
    name: 'net',
    input: {
      shape: [4],
      preprocessing: { divisor: 1, mean: 0, deviation: 1 },
      quantization: { kind: 'dynamic' },
    },
    nodes: [
      linear('hidden', 'input', rows.length, rows.flat()),
      { op: 'shiftNorm', name: 'norm', inputs: ['hidden'], activation: 'relu' },
      linear('last', 'norm', 1, new Array(rows.length).fill(0)),
    ],
    labels: [],
    provenance: {},
  };
}

describe('hiddenCodes', () => {
  it('counts equal neighbours as free, but for the table', () => {
    const row = [0, 1, 2, 3];
    const { own, byNeighbour } = hiddenCodes(modelOf(row, row, row))!;
    expect(own).toBeCloseTo(2, 10);
    // 8 codes that the one before decides; 4·3/2 numbers of the table at log₂ 8 bits.
    expect(byNeighbour).toBeCloseTo(18 / 8, 10);
  });

  it('counts what neighbours do not tell', () => {
    // Behind a 0 stand 0 and 1 twice each.
    const { own, byNeighbour } = hiddenCodes(modelOf([0, 0, 0, 0], [0, 1, 0, 1]))!;
    expect(own).toBeCloseTo(0.75 * Math.log2(4 / 3) + 0.25 * 2, 10);
    expect(byNeighbour).toBeCloseTo((6 * Math.log2(4) + 4) / 4, 10);
  });

  it('is of hidden layers only', () => {
    const { nodes, ...rest } = modelOf([0, 1, 2, 3]);
    expect(hiddenCodes({ ...rest, nodes })).toBeUndefined();
  });
});

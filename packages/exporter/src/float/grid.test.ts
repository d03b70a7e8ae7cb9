// Grids are found where quantize() put them, with its codes, and nowhere else.
import { FORMAT_NAMES, formats, quantizeWeights } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { uniform } from '../onnx/__fixtures__/fixtures.js';
import { detectGrid } from './grid.js';

function weights(count: number, seed: number): Float32Array {
  const random = uniform(seed);
  return Float32Array.from({ length: count }, () => (random() + random() + random() - 1.5) * 0.2);
}

describe('detectGrid', () => {
  // Binary's weights are BinarySym's once they are quantized.
  it.each(FORMAT_NAMES.filter((name) => name !== 'Binary'))('finds %s with identical codes', (name) => {
    const { codes, dequantized } = quantizeWeights(name, weights(400, 3), {
      outputs: 8,
      inverseScales: formats[name].scaleNumerator / 0.2,
    });
    const grid = detectGrid(dequantized, 8)!;
    expect(grid.format).toBe(name);
    expect(grid.shifts).toBeUndefined();
    expect(grid.codes).toEqual(codes);
    expect(grid.step).toBeCloseTo(0.2 / formats[name].scaleNumerator, 6);
  });

  it('survives the rounding of the straight-through trick w + (q − w)', () => {
    const w = weights(400, 4);
    const { codes, dequantized } = quantizeWeights('4bitsym', w, { inverseScales: 40 });
    const through = w.map((value, i) => Math.fround(value + Math.fround(dequantized[i]! - value)));
    expect(detectGrid(through, 8)!.codes).toEqual(codes);
  });

  it('finds steps that are powers of two apart as shifts', () => {
    const w = weights(400, 5);
    const scales = [40, 20, 10, 40, 5, 40, 20, 40];
    const { codes, dequantized } = quantizeWeights('4bitsym', w, { outputs: 8, inverseScales: scales });
    const grid = detectGrid(dequantized, 8)!;
    expect(grid.format).toBe('4bitsym');
    // Outputs that do not use the outermost levels may lie on a coarser grid: the values must be the same.
    const { levels } = formats['4bitsym'];
    grid.codes.forEach((code, i) => {
      const value = levels[code]! * grid.step * 2 ** grid.shifts![Math.floor(i / 50)]!;
      expect(Math.abs(value - dequantized[i]!)).toBeLessThan(1e-6);
    });
    expect(grid.codes).toEqual(codes);
    expect([...grid.shifts!]).toEqual([0, 1, 2, 0, 3, 0, 1, 0]);
  });

  it('finds nothing in float weights, nor where steps differ by other factors', () => {
    expect(detectGrid(weights(400, 6), 8)).toBeUndefined();
    const scales = [40, 30, 40, 40, 40, 40, 40, 40];
    const { dequantized } = quantizeWeights('8bit', weights(4000, 7), {
      outputs: 8,
      inverseScales: scales.map((s) => 16 * s),
    });
    expect(detectGrid(dequantized, 8)).toBeUndefined();
  });

  it('takes zeros as ternary', () => {
    expect(detectGrid(new Float32Array(9), 3)).toMatchObject({ format: 'Ternary', codes: new Uint8Array(9).fill(1) });
  });
});

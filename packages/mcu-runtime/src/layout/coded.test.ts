import { describe, expect, it } from 'vitest';
import { codedLayout, nomulCodedLayout, packCoded } from './coded.js';

const CODED = 83;
const PLAIN = 3;
const NOMUL = 19;

describe('packCoded', () => {
  it('has header, row sums, lengths of rows, rows, and 4 bytes to read over', () => {
    // Ternary, 3 outputs, 2 inputs: words −1: 10, 0: 0, 1: 11. Input 0: 1 −1 0, 11 10 0; input 1: 0 0 1, 0 0 11.
    const codes = Uint8Array.of(2, 1, 0, 1, 1, 2);
    const { kernel, weights } = packCoded('Ternary', codes, 3, 2, 'sample')!;
    expect(kernel).toBe(81);
    const sums = [1, 0, 255, 255, 1, 0, 0, 0];
    expect([...weights]).toEqual([1, 3, 0, 0, ...sums, 1, 1, 0b0_0111, 0b1100, 0, 0, 0, 0]);
    expect(packCoded('Ternary', codes, 3, 2, 'activations')!.weights.length).toBe(12);
  });

  it('takes the book that makes the layer smaller', () => {
    const book = (codes: readonly number[]) =>
      packCoded('4bitsym', Uint8Array.from(codes), 4, 1, 'activations')!.weights[2];
    expect(book([7, 8, 8, 6])).toBe(0); // 2 + 2 + 2 + 4 bits against 3 + 3 + 3 + 3
    expect(book([6, 9, 5, 10])).toBe(1); // 4 + 4 + 5 + 5 against 3 + 3 + 4 + 4
  });

  it('leaves to other kernels what its own cannot run', () => {
    const ones = (length: number, code: number) => new Uint8Array(length).fill(code);
    expect(packCoded('NF4', ones(4, 0), 2, 2, 'activations')).toBeUndefined();
    // 128 · 15 · 273 is 524 160, just below 2^19; 274 inputs of 15 are beyond it.
    expect(packCoded('4bitsym', ones(273, 15), 1, 273, 'activations')?.kernel).toBe(CODED);
    expect(packCoded('4bitsym', ones(274, 15), 1, 274, 'activations')).toBeUndefined();
    // Rows of 408 words of 5 bits take 255 bytes. With words of 3 bits at most, 1 365 inputs have sums of lengths below 2^12.
    expect(packCoded('4bitsym', ones(409, 15), 409, 1, 'activations')).toBeUndefined();
    expect(packCoded('4bitsym', ones(408, 15), 408, 1, 'activations')?.weights.length).toBe(4 + 1 + 255 + 4);
    expect(packCoded('Ternary', ones(2047, 1), 1, 2047, 'activations')?.kernel).toBe(81);
    expect(packCoded('Ternary', ones(2048, 1), 1, 2048, 'activations')).toBeUndefined();
  });
});

describe('layouts', () => {
  const narrow = new Uint8Array(64 * 64).fill(7);
  const wide = Uint8Array.from({ length: 64 * 64 }, (_, i) => i % 16);

  it('coded codes all layers that have code books', () => {
    for (const codes of [narrow, wide])
      expect(codedLayout.linear('4bitsym', codes, 64, 64, 'activations').kernel).toBe(CODED);
    expect(codedLayout.linear('4bitsym', new Uint8Array(300).fill(15), 1, 300, 'activations').kernel).toBe(PLAIN);
  });

  it('nomul-coded codes those that become smaller by 15 %', () => {
    expect(nomulCodedLayout.linear('4bitsym', narrow, 64, 64, 'activations').kernel).toBe(CODED);
    expect(nomulCodedLayout.linear('4bitsym', wide, 64, 64, 'activations').kernel).toBe(NOMUL);
  });
});

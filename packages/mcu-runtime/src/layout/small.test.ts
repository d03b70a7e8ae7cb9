import { describe, expect, it } from 'vitest';
import { linearNode, modelOf } from '../../test/networks.js';
import { layoutModel } from '../lowering/layout-model.js';

/** BNM_KERNEL_* of the linear layers of an image, from its records. */
function kernelsOf(image: Uint8Array): number[] {
  const view = new DataView(image.buffer, image.byteOffset);
  const found: number[] = [];
  let at = 16;
  for (let records = view.getUint16(4, true); records > 0; records--) {
    if (image[at] === 1) found.push(image[at + 14]!);
    at += 4 * image[at + 1]!;
  }
  return found;
}

const network = (first: 'Ternary' | '2bitsym' | '4bitsym', last: 'Ternary' | '4bitsym') =>
  modelOf(
    [240],
    [
      linearNode('fc1', 'input', 240, 40, first),
      { op: 'shiftNorm', name: 'norm', inputs: ['fc1'], activation: 'relu' },
      linearNode('fc2', 'norm', 40, 10, last),
    ],
  );

describe('mul-small', () => {
  it('packs five ternary weights in a byte where mul takes two bits a weight', () => {
    const model = network('Ternary', 'Ternary');
    const dense = layoutModel(model, 'mul-small').image;
    const fast = layoutModel(model, 'mul').image;
    expect(kernelsOf(dense)).toEqual([17, 17]);
    expect(kernelsOf(fast)).toEqual([33, 33]);
    // 40 and 10 outputs: 8 and 2 bytes an input against words of 16 outputs, 3 and 1 of them.
    expect(fast.length - dense.length).toBe(240 * (12 - 8) + 40 * (4 - 2));
  });

  it('keeps one family, that of the largest layer', () => {
    expect(kernelsOf(layoutModel(network('Ternary', '4bitsym'), 'mul-small').image)).toEqual([17, 3]);
    expect(kernelsOf(layoutModel(network('2bitsym', '4bitsym'), 'mul-small').image)).toEqual([34, 35]);
    expect(kernelsOf(layoutModel(network('4bitsym', 'Ternary'), 'mul-small').image)).toEqual([35, 1]);
  });
});

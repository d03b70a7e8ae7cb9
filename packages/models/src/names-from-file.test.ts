import { describe, expect, it } from 'vitest';
import { namesFromFile } from './names-from-file.js';
import { nameSchema } from './schema-parts.js';

describe('names from files', () => {
  it.each([
    ['fc-12k.onnx', { name: 'fc-12k' }],
    ['some/folder.x/le_net.v2.onnx', { name: 'le_net.v2' }],
    ['C:\\models\\a__b-.onnx', { name: 'a__b-' }],
    ['main.onnx', { name: 'main' }],
    ['int', { name: 'int' }],
    ['12k.h', { name: 'm_12k', title: '12k' }],
    ['model (1).onnx', { name: 'model_1', title: 'model (1)' }],
    ['2024-05-01.onnx', { name: 'm_2024-05-01', title: '2024-05-01' }],
    ['модель.onnx', { name: 'model', title: 'модель' }],
    ['Größe ñ.h', { name: 'Gro_e_n', title: 'Größe ñ' }],
    ['.onnx', { name: 'onnx', title: '.onnx' }],
    ['', { name: 'model', title: '' }],
    ['-rf *.onnx', { name: 'rf', title: '-rf *' }],
    [`${'a'.repeat(70)}.onnx`, { name: 'a'.repeat(63), title: 'a'.repeat(70) }],
  ])('%s', (path, expected) => {
    expect(namesFromFile(path)).toEqual(expected);
  });

  it('are valid, whatever the file is called', () => {
    let state = 1;
    const random = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    for (let run = 0; run < 20_000; run++) {
      const text = Array.from({ length: random(80) }, () => String.fromCharCode(random(random(2) ? 0x80 : 0x1_0000)));
      const { name, title } = namesFromFile(text.join(''));
      expect(nameSchema.safeParse(name).success, JSON.stringify(text.join(''))).toBe(true);
      expect(title).not.toBe(name);
    }
  });
});

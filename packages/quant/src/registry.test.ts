import { describe, expect, it } from 'vitest';
import { QuantError } from './errors.js';
import { FORMAT_NAMES, formats, getFormat, isFormatName } from './registry.js';

describe('getFormat', () => {
  it('finds every format by its name and passes a format through', () => {
    for (const name of FORMAT_NAMES) {
      expect(getFormat(name).name).toBe(name);
      expect(getFormat(formats[name])).toBe(formats[name]);
    }
  });

  it.each([
    ['4bitsim', '4bitsym'],
    ['ternary', 'Ternary'],
    ['nf-4', 'NF4'],
    ['fp120', 'FP130'],
    ['binary_sym', 'BinarySym'],
  ])('suggests for %s the format %s', (wrong, right) => {
    expect(() => getFormat(wrong)).toThrow(`Did you mean "${right}"?`);
  });

  it.each([null, undefined, 4, true])('refuses %s, which is no name', (wrong) => {
    const get = () => getFormat(wrong as unknown as string);
    expect(get).toThrow(expect.objectContaining({ name: 'QuantError', code: 'unknown-format' }));
  });

  it('refuses with a typed error, also names of object members and endless ones', () => {
    for (const wrong of ['', 'toString', '__proto__', 'x'.repeat(1_000_000)]) {
      expect(isFormatName(wrong)).toBe(false);
      expect(() => getFormat(wrong)).toThrow(QuantError);
      expect(() => getFormat(wrong)).toThrow(expect.objectContaining({ code: 'unknown-format' }));
    }
  });
});

describe('numbers in images', () => {
  const records = FORMAT_NAMES.map((name) => formats[name]);

  it('belong to one kernel each, within the range of their kind', () => {
    const plain = new Map(records.map(({ kernel }) => [kernel.name, kernel.number]));
    const fast = new Map<string, number>();
    for (const record of records) {
      if (record.fast) fast.set(`${record.kernel.name} nomul`, record.fast.nomul.number);
      if (record.fast?.rows) fast.set(`${record.kernel.name} rows`, record.fast.rows.number);
      if (record.fast?.mul) fast.set(`${record.kernel.name} mul`, record.fast.mul.number);
    }
    expect(new Set(plain.values()).size).toBe(plain.size);
    expect(new Set(fast.values()).size).toBe(fast.size);
    for (const number of plain.values()) expect(number >= 0 && number < 16).toBe(true);
    for (const number of fast.values()) expect(number >= 16 && number < 64).toBe(true);
  });

  it('are shared by formats with the same integers and packing alone', () => {
    for (const a of records) {
      for (const b of records.filter(({ kernel }) => kernel.number === a.kernel.number)) {
        expect([b.kernel.name, [...b.integers], b.packing]).toEqual([a.kernel.name, [...a.integers], a.packing]);
      }
    }
  });

  it('are those of images and files that exist', () => {
    const numbers = records.map(({ kernel, fast }) => [kernel.number, fast?.nomul.number ?? 0, fast?.mul?.number ?? 0]);
    expect(Object.fromEntries(records.map(({ name }, i) => [name, numbers[i]]))).toMatchObject({
      Binary: [0, 16, 0],
      BinarySym: [0, 16, 0],
      Ternary: [1, 17, 33],
      '2bitsym': [2, 18, 34],
      '4bitsym': [3, 19, 35],
      '4bit': [4, 20, 36],
      '4.6bit': [5, 21, 0],
      '5bitsym': [6, 22, 0],
      FP130: [7, 23, 0],
      NF4: [8, 24, 0],
      '8bit': [9, 25, 41],
    });
  });
});

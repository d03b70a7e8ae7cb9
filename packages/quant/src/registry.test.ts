import { describe, expect, it } from 'vitest';
import { QuantError } from './errors.js';
import { FORMAT_NAMES } from './format.js';
import { formats, getFormat, isFormatName } from './registry.js';

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

  it('refuses with a typed error, also names of object members and endless ones', () => {
    for (const wrong of ['', 'toString', '__proto__', 'x'.repeat(1_000_000)]) {
      expect(isFormatName(wrong)).toBe(false);
      expect(() => getFormat(wrong)).toThrow(QuantError);
      expect(() => getFormat(wrong)).toThrow(expect.objectContaining({ code: 'unknown-format' }));
    }
  });
});

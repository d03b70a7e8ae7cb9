import { describe, expect, it } from 'vitest';
import { FORMAT_NAMES } from './registry.js';
import { formatsWithZero, zeroCode } from './zero-code.js';

describe('zeroCode', () => {
  it.each([
    ['Ternary', 1],
    ['4bit', 8],
    ['8bit', 128],
    ['NF4', 7],
  ])('%s has the weight 0 as code %i', (format, code) => {
    expect(zeroCode(format)).toBe(code);
  });

  it.each(['Binary', 'BinarySym', '2bitsym', '3bitsym', '4bitsym', '5bitsym', '4.6bit', 'FP130'])(
    '%s has none',
    (format) => {
      expect(zeroCode(format)).toBeUndefined();
    },
  );

  it('knows every format', () => {
    expect(formatsWithZero()).toEqual(FORMAT_NAMES.filter((name) => zeroCode(name) !== undefined));
    expect(() => zeroCode('5bit')).toThrow(/5bitsym/);
  });
});

import { describe, expect, it } from 'vitest';
import { wholeNumber } from './whole-number.js';

describe('wholeNumber', () => {
  it('is undefined where the option was not given', () => {
    expect(wholeNumber('--jobs', undefined)).toBeUndefined();
  });

  it.each([
    ['1', {}, 1],
    ['007', {}, 7],
    ['0', { least: 0 }, 0],
    ['300', { least: 300, most: 4_000_000 }, 300],
    ['4000000', { least: 300, most: 4_000_000 }, 4_000_000],
    ['9007199254740991', {}, Number.MAX_SAFE_INTEGER],
  ])('reads %j of %j', (text, range, value) => expect(wholeNumber('--jobs', text, range)).toBe(value));

  it.each([
    ['0', {}, 'above 0'],
    ['', { least: 0 }, 'from 0 on'],
    [' 5', {}, 'above 0'],
    ['-1', { least: 0 }, 'from 0 on'],
    ['1.5', {}, 'above 0'],
    ['5.0', {}, 'above 0'],
    ['1e3', {}, 'above 0'],
    ['0x10', {}, 'above 0'],
    ['9007199254740992', {}, 'above 0'],
    ['299', { least: 300, most: 4000 }, 'from 300 to 4000'],
    ['4001', { least: 300, most: 4000 }, 'from 300 to 4000'],
    ['2', { least: 0, most: 1 }, 'from 0 to 1'],
  ])('refuses %j of %j', (text, range, wanted) => {
    expect(() => wholeNumber('--jobs', text, range)).toThrow(`--jobs ${text}: a whole number ${wanted} is wanted.`);
  });
});

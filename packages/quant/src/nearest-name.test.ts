import { describe, expect, it } from 'vitest';
import { nearestName, unknownName } from './nearest-name.js';

describe('nearestName', () => {
  it.each([
    ['epcohs', 'epochs'], // one swap
    ['Epochs', 'epochs'], // half a replacement
    ['epoch', 'epochs'],
    ['seed', 'seed'],
    ['sede', 'seed'],
    ['learningrate', 'learningRate'],
  ])('finds for %s the name %s', (name, nearest) => {
    expect(nearestName(name, ['epochs', 'seed', 'learningRate'])).toBe(nearest);
  });

  it('finds nothing where nothing is near, and the first of two that are equally near', () => {
    expect(nearestName('augmentation', ['epochs', 'seed'])).toBeUndefined();
    expect(nearestName('x', [])).toBeUndefined();
    // Two of four or five letters are other words.
    expect(nearestName('lstm', ['last', 'norm', 'c'])).toBeUndefined();
    expect(nearestName('stm32', ['pico', 'riscv32', 'cmake'])).toBeUndefined();
    expect(nearestName('fc-2', ['fc-1', 'fc-3'])).toBe('fc-1');
  });
});

describe('unknownName', () => {
  it('says what was found, what is near and what is known', () => {
    expect(unknownName('target', 'ch32v03', ['ch32v003', 'rp2040'])).toBe(
      'There is no target "ch32v03". Did you mean "ch32v003"? Known: ch32v003, rp2040.',
    );
    expect(unknownName('target', 'esp8266', ['ch32v003'])).toBe('There is no target "esp8266". Known: ch32v003.');
    expect(unknownName('model', 'a', [])).toBe('There is no model "a". None is known.');
  });

  it('cuts endless names and escapes control characters', () => {
    expect(unknownName('target', `\u001b[2J${'x'.repeat(1_000_000)}`, ['a'])).toMatch(
      /^There is no target "\\u001b\[2Jx{60}…"\. Known: a\.$/,
    );
  });
});

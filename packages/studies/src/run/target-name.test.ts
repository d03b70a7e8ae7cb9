import { expect, it } from 'vitest';
import { parseTarget } from './target-name.js';

it('reads a part, and a part with its kernels', () => {
  expect(parseTarget('ch32v003')).toEqual({ part: 'ch32v003' });
  expect(parseTarget('ch32v003:coded')).toEqual({ part: 'ch32v003', kernels: 'coded' });
});

it('refuses parts and kernels that there are not', () => {
  expect(() => parseTarget('ch32v03:coded')).toThrow(/ch32v003/);
  expect(() => parseTarget('ch32v003:codet')).toThrow(/Did you mean "coded"/);
});

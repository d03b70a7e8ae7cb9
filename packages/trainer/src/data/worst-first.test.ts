import { expect, it } from 'vitest';
import { worstFirst } from './worst-first.js';

const title = (feature: number) => `f${feature}`;

it('names five features, those with most values first, and says how many more there are', () => {
  expect(worstFirst([1, 0, 125, 3, 3, 40, 2, 9], 1000, title)).toEqual({
    named: 'f2 12.5 %, f5 4.0 %, f7 0.9 %, f3 0.3 %, f4 0.3 %',
    more: ', and 2 more',
  });
});

it('calls nothing 0 that is there, and says nothing of few or none', () => {
  expect(worstFirst([1, 0], 20_000, title)).toEqual({ named: 'f0 under 0.1 %', more: '' });
  expect(worstFirst([20, 21], 1000, title, 0.02)).toEqual({ named: 'f1 2.1 %', more: '' });
  expect(worstFirst([20, 0], 1000, title, 0.02)).toBeUndefined();
});

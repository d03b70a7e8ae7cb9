import { expect, it } from 'vitest';
import { splitParameter } from './parameter-names.js';

it.each([
  ['fc1.weight', 'fc1', 'weight'],
  ['fc1.norm.gain', 'fc1', 'norm.gain'],
  ['fc1.norm.shift', 'fc1', 'norm.shift'],
  ['fc1.norm.weight', 'fc1.norm', 'weight'],
  ['fc1.norm.norm.gain', 'fc1.norm', 'norm.gain'],
  ['block.1.b.clip', 'block.1.b', 'clip'],
])('%s is of layer %s its %s', (name, layer, part) => {
  expect(splitParameter(name)).toEqual({ layer, part });
});

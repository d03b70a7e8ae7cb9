// Networks of own data are named after the data.
import { parseTrainingConfig } from '@bitnetmcu/trainer';
import { expect, it } from 'vitest';
import { ownNetworkName } from './network-name.js';

it.each<[string, string, object, string | undefined, string | undefined]>([
  ['a file', 'table-m', { kind: 'csv', train: 'data/my iris.csv' }, 'data/my iris.csv', 'my_iris'],
  ['a folder', 'image-s', { kind: 'folder', train: 'shapes/train' }, 'shapes/', 'shapes'],
  ['a configuration', 'signal-s', { kind: 'csv', train: 'walk.csv' }, undefined, 'walk'],
  ['the training part of a folder', 'image-m', { kind: 'folder', train: 'shapes/train' }, undefined, 'shapes'],
  ['arrays', 'signal-m', { kind: 'npz', path: 'windows.npz' }, undefined, 'windows'],
  ['a preset for digits', 'fc-1k', { kind: 'csv', train: 'iris.csv' }, undefined, undefined],
  ['a data set by name', 'image-m', { kind: 'mnist' }, undefined, undefined],
])('%s', (_, network, data, path, name) => {
  expect(ownNetworkName(parseTrainingConfig({ network, data } as never), path)).toBe(name);
});

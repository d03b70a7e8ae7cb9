// Which keys of a data set are paths: what is not one of them is opened where it stands, whoever wrote the description.
import { describe, expect, it } from 'vitest';
import { mapPaths, pathsOf } from './data-paths.js';
import { dataSpecSchema } from './data-spec.js';

describe('mapPaths', () => {
  it('changes groups where they are a file, and not where they name an array or a column', () => {
    const arrays = { trainImages: '/a/x.npy', trainLabels: '/a/y.npy' };
    const npy = mapPaths({ kind: 'npy', ...arrays, groups: '/etc/secret.npy' }, (path) => `here:${path}`);
    expect(npy).toMatchObject({ trainImages: 'here:/a/x.npy', groups: 'here:/etc/secret.npy' });
    const npz = { kind: 'npz', path: '/a/x.npz', groups: 'person' };
    expect(mapPaths(npz, () => 'here')).toEqual({ ...npz, path: 'here' });
    const csv = { kind: 'csv', train: '/a/x.csv', groups: 'person' };
    expect(mapPaths(csv, () => 'here')).toEqual({ ...csv, train: 'here' });
  });

  it('changes every file of a data set', () => {
    const files = ['trainImages', 'trainLabels', 'testImages', 'testLabels', 'groups'];
    const named = dataSpecSchema.parse({ kind: 'npy', ...Object.fromEntries(files.map((key) => [key, `${key}.npy`])) });
    expect(pathsOf(named).map(([key]) => key)).toEqual(files);
  });
});

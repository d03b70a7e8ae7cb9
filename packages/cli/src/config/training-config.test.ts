import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withPathsOf } from './training-config.js';

it('paths of a configuration are relative to its file: data, teachers of losses and of frozen layers', () => {
  const file = join('/somewhere', 'runs.yaml');
  expect(
    withPathsOf(file, {
      data: { kind: 'csv', train: 'rows.csv' },
      loss: [{ kind: 'crossEntropy' }, { kind: 'features', teacher: 't.bnc', layer: 'a', teacherLayer: 'b' }],
      frozen: [{ layer: 'fc', teacher: 't.bnc' }, { layer: 'other' }],
      output: 'out',
    }),
  ).toEqual({
    data: { kind: 'csv', train: '/somewhere/rows.csv' },
    loss: [{ kind: 'crossEntropy' }, { kind: 'features', teacher: '/somewhere/t.bnc', layer: 'a', teacherLayer: 'b' }],
    frozen: [{ layer: 'fc', teacher: '/somewhere/t.bnc' }, { layer: 'other' }],
    output: 'out',
  });
});

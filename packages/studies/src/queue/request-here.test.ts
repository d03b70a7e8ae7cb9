// A job of a queue opens files of the worker's folder, whatever paths it names.
import { join } from 'node:path';
import { parseTrainingConfig } from '@bitnetmcu/trainer';
import { expect, it } from 'vitest';
import { requestIn } from './request-here.js';

it('reads files of the folder alone, and what is no file as it is named', () => {
  const config = parseTrainingConfig({
    data: { kind: 'npy', trainImages: '../x.npy', trainLabels: 'C:\\data\\y.npy', groups: '/home/other/who.npy' },
    loss: [{ kind: 'distillation', teacher: '/home/other/teacher.bnc' }],
  });
  const { data, loss } = requestIn('/folder', { config, targets: [], test: false }).config;
  const here = (name: string) => join('/folder', name);
  expect(data).toMatchObject({ trainImages: here('x.npy'), trainLabels: here('y.npy'), groups: here('who.npy') });
  expect(loss).toMatchObject([{ teacher: here('teacher.bnc') }]);
  const table = parseTrainingConfig({ data: { kind: 'csv', train: '/home/x.csv', groups: 'who' } });
  const read = requestIn('/folder', { config: table, targets: [], test: false }).config.data;
  expect(read).toMatchObject({ train: here('x.csv'), groups: 'who' });
});

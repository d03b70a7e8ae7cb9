// Columns and channels of one value: left out, kept, and of what is normal told from any other value.
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../data-spec.js';
import { dataFolder } from '../testing/data-files.js';
import { wav } from '../testing/wav.js';

const { save, path } = dataFolder();

describe('constants', () => {
  it('of what is normal tell what is not, where they are kept', async () => {
    const rows = Array.from({ length: 300 }, (_, i) => {
      const broken = i % 10 === 0;
      return `${i % 17},${broken ? 1 : 0},${broken ? 20.5 : 21.5},${broken ? 'broken' : 'normal'}`;
    });
    const train = save('flags.csv', `a,flag,level,label\n${rows.join('\n')}\n`);
    const spec = { kind: 'csv', train, labelColumn: 'label', task: 'anomaly' } as const;
    const { test, raw } = await loadDataset({ ...spec, constants: 'keep' });
    expect(raw!.features.map(({ name, decimals }) => [name, decimals])).toEqual([
      ['a', 0],
      ['flag', 0],
      ['level', 1],
    ]);
    // A step of the last decimal is 32 of int8: 1 instead of 0 is 32, and 20.5 instead of 21.5, ten steps, the end of the range.
    for (const [i, label] of test.labels.entries()) {
      const [flag, level] = [...test.bytes.subarray(3 * i + 1, 3 * i + 3)].map((byte) => byte - 128);
      expect([label, flag, level]).toEqual(label === 0 ? [0, 0, 0] : [1, 32, -128]);
    }
    const dropped = await loadDataset(spec);
    expect(dropped.notes!.join('\n')).toMatch(
      /2 columns have one value .*\(flag, level; .*then any other value is abnor/,
    );
  });

  it('of classes have no scale: a network learns nothing of them', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `${i},5,${'uv'[i % 2]}`);
    const tested = Array.from({ length: 4 }, (_, i) => `${i},${i},${'uv'[i % 2]}`);
    const table = (lines: readonly string[]) => `a,b,kind\n${lines.join('\n')}\n`;
    const spec = { kind: 'csv', train: save('c.csv', table(rows)), test: save('d.csv', table(tested)) } as const;
    const { test } = await loadDataset({ ...spec, labelColumn: 'kind', constants: 'keep' });
    expect([1, 3, 5, 7].map((at) => test.bytes[at])).toEqual([128, 128, 128, 128]);
  });

  it('alone are refused, and so is a column without any value', async () => {
    const rows = (cells: string) =>
      `a,b,kind\n${Array.from({ length: 40 }, (_, i) => `${cells},${'uv'[i % 2]}`).join('\n')}\n`;
    const flat = { kind: 'csv', train: save('flat.csv', rows('2,5')), labelColumn: 'kind', constants: 'keep' } as const;
    await expect(loadDataset(flat)).rejects.toThrow(/every column has one value only in the training part/);
    const shape = [1, 1, 2] as [number, number, number];
    const even = save('even.csv', rows('5,5'));
    await expect(loadDataset({ ...flat, train: even, shape })).rejects.toThrow(/every channel has one value only/);
    const gap = save(
      'gap.csv',
      `a,b,kind\n${Array.from({ length: 40 }, (_, i) => `${i},,${'uv'[i % 2]}`).join('\n')}\n`,
    );
    await expect(loadDataset({ ...flat, train: gap, missing: 'mean' })).rejects.toThrow(
      /gap\.csv: column b has no value in the training part\. Leave it out with --ignore/,
    );
  });

  it('are silent recordings too', async () => {
    const silence = wav(8000, new Int16Array(1000));
    for (const file of ['a/0', 'a/1', 'b/0', 'b/1']) save(`silent/${file}.wav`, silence);
    const spec = { kind: 'recordings', train: `${path}/silent`, window: 250 } as const;
    await expect(loadDataset(spec)).rejects.toThrow(/silent: every channel has one value only/);
    await expect(loadDataset({ ...spec, features: ['rms'] })).rejects.toThrow(/every column has one value only/);
  });
});

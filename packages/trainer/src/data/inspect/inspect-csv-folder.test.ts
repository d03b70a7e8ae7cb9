// Folders of CSV files are judged by all of their files: the first one may have one class, one person, and no gap.
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../data-spec.js';
import { dataFolder } from '../testing/data-files.js';
import { inspectData } from './inspect-data.js';

const { save, path } = dataFolder();

/** 100 moments: time, a triangle, and what else a row has. */
const moments = (header: string, rest: (row: number) => string) =>
  `timestamp,ax,${header}\n${Array.from({ length: 100 }, (_, t) => `${t},${(t * 31) % 17},${rest(t)}`).join('\n')}\n`;

describe('a folder of recordings with a class column', () => {
  it('has the classes of all files, one in each of them', async () => {
    for (let k = 0; k < 8; k++)
      save(
        `flat/${k}.csv`,
        moments('ay,kind', (t) => `${t % 5},${k < 4 ? 'rest' : 'walk'}`),
      );
    const { spec, assumptions } = await inspectData(`${path}/flat`);
    // 8 runs of 100 rows: the largest power of two within half of one.
    expect(spec).toEqual({
      kind: 'csv-folder',
      train: `${path}/flat`,
      labelColumn: 'kind',
      ignore: ['timestamp'],
      window: 32,
      hop: 16,
      timeColumn: 'timestamp',
    });
    expect(assumptions.map(({ what }) => what).join('\n')).toContain("class: column 'kind' (2 different: rest, walk)");
    expect((await loadDataset(spec)).labels).toEqual(['rest', 'walk']);
  });

  it('refuses one class only after all files, naming the folder', async () => {
    for (let k = 0; k < 3; k++)
      save(
        `one/${k}.csv`,
        moments('label', () => 'rest'),
      );
    await expect(inspectData(`${path}/one`)).rejects.toThrow(
      /\/one, column 'label': all rows are of one class \(rest\)/,
    );
  });

  it('a column of one value in the first file is one to learn from; the numbers of rows are none in any', async () => {
    for (let k = 0; k < 4; k++) {
      save(
        `counted/${k}.csv`,
        moments('n,az,label', (t) => `${t},${k === 0 ? 5 : t % 3},${t < 50 ? 'rest' : 'walk'}`),
      );
    }
    const { spec, assumptions } = await inspectData(`${path}/counted`);
    expect(spec).toMatchObject({ ignore: ['timestamp', 'n'] });
    expect(assumptions.map(({ what }) => what).join('\n')).toMatch(/learned from: 2 columns \(ax, az\)/);
  });
});

describe('class folders', () => {
  it('give persons and gaps that the first file does not show', async () => {
    for (let k = 0; k < 8; k++) {
      const gap = (t: number) => (k === 5 && t === 7 ? '' : t % 5);
      save(
        `class/${k % 2 ? 'walk' : 'rest'}/${k}.csv`,
        moments('ay,subject', (t) => `${gap(t)},${1 + (k >> 1)}`),
      );
    }
    const { spec, assumptions } = await inspectData(`${path}/class`);
    expect(spec).toEqual({
      kind: 'csv-folder',
      train: `${path}/class`,
      ignore: ['timestamp'],
      timeColumn: 'timestamp',
      groups: 'subject',
      missing: 'mean',
      window: 32,
      hop: 16,
    });
    const said = assumptions.map(({ what }) => what).join('\n');
    expect(said).toContain("rows that belong together: column 'subject'");
    expect(said).toContain('missing values: 1 of 1600');
    const { train, test, shape } = await loadDataset(spec);
    expect(shape).toEqual([2, 1, 32]);
    // 4 persons with 5 windows of each of their two files.
    expect([...new Set([...train.groups!, ...test.groups!])]).toHaveLength(4);
    expect(test.count % 10).toBe(0);
  });
});

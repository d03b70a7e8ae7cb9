// Tables as data loggers write them: a row of units, separators at the end of rows.
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../data-spec.js';
import { dataFolder } from '../testing/data-files.js';
import { inspectData } from './inspect-data.js';

const { save, path } = dataFolder();

/** Ten rows of 5 numbers, a class, and what ends them. */
const rows = (end: string) =>
  Array.from({ length: 10 }, (_, i) => `${i}.5,${(7 * i) % 10}.1,${i % 2 ? 'on' : 'off'}${end}`);

describe.each([
  ['a row of units, and no class in it', ['a,b,state', 'V,mA,', ...rows('')]],
  ['a row of units, and a dash for the class', ['a,b,state', '[V],[mA],-', ...rows('')]],
  ['a separator behind every row but the names', ['a,b,state', ...rows(',')]],
  ['a separator behind the names alone', ['a,b,state,', ...rows('')]],
  ['a separator behind names and rows, none behind the units', ['a,b,state,', 'V,mA,-', ...rows(',')]],
  ['a separator behind the units alone', ['a,b,state', 'V,mA,,', ...rows('')]],
])('%s', (name, lines) => {
  it.each([
    [{}, 10],
    [{ task: 'regression', labelColumn: 'b', ignore: ['state'] }, 10],
  ])('gives the samples of its rows with %j', async (overrides, samples) => {
    save(`${name}.csv`, `${lines.join('\n')}\n`);
    const { spec } = await inspectData(`${path}/${name}.csv`, overrides);
    const { train, test, labels, output } = await loadDataset(spec as never);
    expect(train.count + test.count).toBe(samples);
    if (!output) expect(labels).toEqual(['off', 'on']);
  });
});

it('says that units are passed over', async () => {
  save('units.csv', ['a,b,state', 'V,mA,', ...rows('')].join('\n'));
  const { assumptions } = await inspectData(`${path}/units.csv`);
  expect(assumptions.map(({ what }) => what)).toContain('second row: passed over (V, mA, )');
});

it('names the two widths where no row is as wide as the first', async () => {
  save('widths.csv', 'a,b,class\n1,2,x,4,5\n1,2,y,4,5\n');
  await expect(inspectData(`${path}/widths.csv`)).rejects.toThrow(/3 cells in its first row and 5 in the next/);
});

it('files of a folder are of the same columns, whichever end with a separator', async () => {
  const names = ['a,b', 'a,b,', 'a,b'];
  const ends = ['', ',', ','];
  for (const one of ['x', 'y'])
    for (const [i, name] of names.entries()) {
      const numbers = Array.from({ length: 40 }, (_, k) => `${(k * 7) % 10}.5,${k % 6}.1${ends[i]}`);
      save(`folder/${one}/${i}.csv`, [name, ...(i === 1 ? ['V,mA'] : []), ...numbers].join('\n'));
    }
  const { spec } = await inspectData(`${path}/folder`, { window: 1 });
  const { train, test, shape } = await loadDataset(spec as never);
  expect([train.count + test.count, shape]).toEqual([240, [2]]);
});

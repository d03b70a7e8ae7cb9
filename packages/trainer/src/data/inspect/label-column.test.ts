// Which column is taken for the label, and which never is; what is loaded agrees with what is said.
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../data-spec.js';
import { dataFolder } from '../testing/data-files.js';
import { inspectData } from './inspect-data.js';
import type { Overrides } from './inspection.js';

const { save } = dataFolder();

/** 240 rows of two measurements and more columns; says what was taken for the label and how much is learned from. */
async function taken(head: string, more: (i: number) => string, overrides: Overrides) {
  const name = `${head.replace(/\W/g, '-')}-${Object.keys(overrides).join('-')}-${overrides.task}.csv`;
  const lines = Array.from({ length: 240 }, (_, i) => `${(i * 37) % 101},${(i * 13) % 29},${more(i)}`);
  const { spec, assumptions } = await inspectData(save(name, `${head}\n${lines.join('\n')}\n`), overrides);
  const dataset = await loadDataset(spec);
  const said = (begin: RegExp) => assumptions.find(({ what }) => begin.test(what))!;
  const label = said(/^(label|class|value|all rows)/);
  const columns = said(/^learned from/);
  return {
    label: /column '(.*?)'/.exec(label.what)?.[1],
    because: label.because,
    change: label.change,
    columns: /\((.*)\)/.exec(columns.what)![1],
    columnsBecause: columns.because,
    features: dataset.shape[0],
    abnormal: dataset.test.labels.filter((one) => one > 0).length,
    total: dataset.train.count + dataset.test.count,
  };
}

const valve = (i: number) => String(Number(i % 10 < 3));

describe('where anomalies are looked for', () => {
  it.each([
    ['temp,press,valve', valve],
    ['temp,press,state', (i: number) => String(i % 3)],
    ['temp,press,open', (i: number) => (i % 3 ? 'true' : 'false')],
    ['temp,press,activity', valve],
    ['temp,press,site', (i: number) => ['north', 'south'][i % 2]!],
    ['temp,press,fault_current', (i: number) => `${(i * 7) % 101}.5`],
  ])('%s: no column is taken for the label', async (head, more) => {
    const { label, abnormal, total, because } = await taken(head, more, { task: 'anomaly', constants: 'keep' });
    expect([label, because, abnormal, total]).toEqual([undefined, 'no column is one', 0, 240]);
  });

  it.each([
    ['temp,press,fault', valve],
    ['temp,press,machine failure', valve],
    ['temp,press,is_anomaly', valve],
    ['temp,press,defective', (i: number) => (i % 3 ? 'false' : 'true')],
    ['temp,press,state', (i: number) => (i % 10 < 3 ? 'leak' : 'ok')],
    ['temp,press,y', valve],
    ['temp,press,label', valve],
  ])('%s: the last column is', async (head, more) => {
    const wanted = Array.from({ length: 240 }, (_, i) => more(i)).filter((text) => !/^(0|false|ok)$/.test(text)).length;
    const { label, abnormal, change } = await taken(head, more, { task: 'anomaly' });
    expect([label, abnormal, change]).toEqual([head.split(',')[2], wanted, '--label none']);
  });

  it('a value that is named as normal is in the last column', async () => {
    const { label } = await taken('temp,press,state', (i) => String(i % 3), { task: 'anomaly', normal: '2' });
    expect(label).toBe('state');
  });

  it('none: there is no label, whatever its name, and what numbers it has is learned from', async () => {
    for (const head of ['temp,press,label', 'temp,press,fault', 'temp,press,y']) {
      const none = await taken(head, valve, { task: 'anomaly', labelColumn: 'none' });
      expect(none).toMatchObject({ label: undefined, because: 'as asked', features: 3, abnormal: 0, total: 240 });
      expect(none.change).toBe(`--label ${head.split(',')[2]}`);
    }
  });

  it('a column that is called none is one', async () => {
    expect((await taken('temp,press,none', valve, { task: 'anomaly', labelColumn: 'none' })).label).toBe('none');
  });
});

describe('columns that are named to learn from', () => {
  it.each(['valve', 'label', 'fault', 'y'])('%s is no label', async (name) => {
    const columns = ['temp', 'press', name];
    const {
      label,
      columns: learned,
      columnsBecause,
      features,
      abnormal,
    } = await taken(columns.join(','), valve, { task: 'anomaly', columns });
    expect([label, learned, columnsBecause, features, abnormal]).toEqual([
      undefined,
      columns.join(', '),
      'as asked',
      3,
      0,
    ]);
  });

  it.each([undefined, 'classification', 'regression'])('are no class and no value (task %s)', async (task) => {
    const two = (i: number) => `${['a', 'b'][i % 2]},${i % 4}`;
    const beside = await taken('temp,kind,y,label', two, {
      task,
      columns: ['temp', 'label'],
      ...(task === 'regression' && { labelColumn: 'kind' }),
    });
    expect([beside.label, beside.features]).toEqual([task === 'regression' ? 'kind' : 'y', 2]);
  });

  it('all of them: the class is asked for', async () => {
    await expect(taken('temp,press,label', valve, { columns: ['temp', 'press', 'label'] })).rejects.toThrow(
      /which column is the class\? .*those of --columns are learned from\. Name it with --label/,
    );
  });

  it('and the label too: the truth is told', async () => {
    const { columnsBecause, features } = await taken('temp,press,valve', valve, {
      task: 'anomaly',
      columns: ['temp', 'press', 'valve'],
      labelColumn: 'valve',
    });
    expect([columnsBecause, features]).toEqual(['what is left of those asked for', 2]);
  });
});

it('only anomalies do without a label', async () => {
  for (const task of [undefined, 'regression', 'multiLabel']) {
    const wanted = /--label none says that no column .*, and only --task anomaly can do without/;
    await expect(taken('temp,press,label', valve, { task, labelColumn: 'none' })).rejects.toThrow(wanted);
    const train = save('none.csv', `a,b\n${'1,2\n3,4\n'.repeat(60)}`);
    const spec = { kind: 'csv', train, labelColumn: 'none', ...(task && { task }) } as never;
    await expect(loadDataset(spec)).rejects.toThrow(wanted);
  }
});

describe('words for no value', () => {
  const rows = (classes: readonly string[]) =>
    Array.from({ length: 60 }, (_, i) => `${(i * 37) % 101},${(i * 13) % 29},${classes[i % classes.length]}`).join(
      '\n',
    );
  const look = (classes: readonly string[], overrides: Overrides = {}) =>
    inspectData(save(`${classes.join('-') || 'gaps'}.csv`, `x,y,gesture\n${rows(classes)}\n`), overrides);

  it.each([[['none', 'left', 'right']], [['none', 'wave']], [['NA', 'null', 'on']]])(
    'are names in the class column: %s',
    async (classes) => {
      const { spec, assumptions } = await look(classes);
      const { labels, train, test } = await loadDataset(spec);
      expect([...labels].sort()).toEqual([...classes].sort());
      expect(train.count + test.count).toBe(60);
      const said = assumptions.map(({ what }) => what);
      expect(said.find((what) => what.startsWith('class:'))).toContain(`${classes.length} different`);
      expect(said.filter((what) => /missing|without a class/.test(what))).toEqual([]);
    },
  );

  it('are none where the cell is empty or nan', async () => {
    const { spec, assumptions } = await look(['left', '', 'nan', 'right']);
    expect((await loadDataset(spec)).labels).toEqual(['left', 'right']);
    expect(assumptions.map(({ what }) => what)).toContain('rows without a class: 30; they are left out');
  });
});

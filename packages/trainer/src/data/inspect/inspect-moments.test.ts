// Rows that are moments of a signal: which tables are taken for such, and what becomes of them.
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../data-spec.js';
import { dataFolder } from '../testing/data-files.js';
import { inspected as inspectedFile, rows } from '../testing/inspected.js';
import { inspectData } from './inspect-data.js';
import type { Overrides } from './inspection.js';

const { save, path } = dataFolder();

const inspected = (name: string, content: string | Uint8Array, overrides: Overrides = {}) =>
  inspectedFile(save(name, content), overrides);

describe('rows that are moments', () => {
  const moments = (count: number, kind: (i: number) => string) =>
    Array.from({ length: count }, (_, i) => `${i * 20},${(i * 31) % 17},${(i * 13) % 11},${kind(i)}`).join('\n');

  it('a column of time and classes that stay make windows', async () => {
    const { keys } = await inspected(
      'long.csv',
      `timestamp,ax,ay,activity\n${moments(1000, (i) => ['walk', 'rest'][Math.floor(i / 100) % 2]!)}\n`,
    );
    expect(keys).toEqual({
      labelColumn: 'activity',
      ignore: ['timestamp'],
      window: 32,
      hop: 16,
      timeColumn: 'timestamp',
    });
    const single = await inspected(
      'long.csv',
      `timestamp,ax,ay,activity\n${moments(1000, (i) => ['walk', 'rest'][Math.floor(i / 100) % 2]!)}\n`,
      { window: 1 },
    );
    expect(single.keys).toMatchObject({ window: 1 });
    expect((await loadDataset(single.spec)).shape).toEqual([2]);
  });

  it('no window reaches over a jump of the time', async () => {
    // Within each class a run of 100 rows; the time jumps in the middle of the third one.
    const at = (row: number) =>
      `09:${String(Math.floor(row / 60)).padStart(2, '0')}:${String(row % 60).padStart(2, '0')}`;
    const lines = Array.from(
      { length: 1000 },
      (_, i) => `${at(i < 250 ? i : i + 600)},${(i * 37) % 101},${['walk', 'rest'][Math.floor(i / 100) % 2]}`,
    );
    const { spec } = await inspected('jump.csv', `time,ax,activity\n${lines.join('\n')}\n`);
    const { train, test, notes } = await loadDataset(spec);
    // Of 100 rows 5 windows of 32, a new one every 16; of twice 50 rows 2 each.
    expect(train.count + test.count).toBe(9 * 5 + 2 * 2);
    expect(notes!.join('\n')).toContain("column 'time' jumps once; no window reaches over that");
  });

  it.each([
    ['01/03/2026', (month: string, day: string) => `${month}/${day}/2026`],
    ['03.01.2026', (month: string, day: string) => `${day}.${month}.2026`],
    ['2026-01-03', (month: string, day: string) => `2026-${month}-${day}`],
  ])('days written as %s are the same days, and time jumps nowhere', async (first, date) => {
    const lines = Array.from({ length: 144 * 21 }, (_, i) => {
      const [, month, day, clock] = new Date(Date.UTC(2026, 0, 3, 0, 10 * i)).toISOString().split(/[-T]/);
      return `${date(month!, day!)} ${clock!.slice(0, 5)},${(i * 37) % 101},${['walk', 'rest'][Math.floor(i / 432) % 2]}`;
    });
    const { spec } = await inspected(`days-${first.slice(0, 2)}.csv`, `time,ax,activity\n${lines.join('\n')}\n`);
    expect(spec).toMatchObject({ timeColumn: 'time' });
    expect((await loadDataset(spec)).notes!.join('\n')).not.toMatch(/jumps|tells no time|unevenly|first, by which/);
  });

  it('a table sorted by class is no signal', async () => {
    const text = `x,ax,ay,kind\n${moments(300, (i) => 'abc'[Math.floor(i / 100)]!).replace(/^(\d+)/gm, (n) => String((Number(n) * 7) % 101))}\n`;
    expect((await inspected('sorted.csv', text)).keys).toEqual({ labelColumn: 'kind' });
  });

  it('rows of neighbouring values are signals, and rows of pixels pictures', async () => {
    const wave = (i: number) =>
      Array.from({ length: 40 }, (_, t) => Math.sin(t / (4 + (i % 2)) + i).toFixed(3)).join(',');
    const { keys } = await inspected('waves.csv', `${rows((i) => `${wave(i)},${'uv'[i % 2]}`)}\n`);
    expect(keys).toEqual({ labelColumn: 40, shape: [1, 1, 40] });
    const pixels = (i: number) => Array.from({ length: 144 }, (_, p) => (p * p + 50 * i) % 256).join(',');
    const pictures = await inspected(
      'pixels.csv',
      `label,${Array.from({ length: 144 }, (_, p) => `p${p}`).join(',')}\n${rows((i) => `${i % 2},${pixels(i)}`)}\n`,
    );
    expect(pictures.keys).toEqual({ labelColumn: 'label', shape: [1, 12, 12] });
  });

  it('rows with a gap among pixels are left out: bytes have no mean', async () => {
    const pixels = (i: number) =>
      Array.from({ length: 144 }, (_, p) => (i === 7 && p === 3 ? '' : (p * p + 50 * i) % 256));
    const text = `label,${Array.from({ length: 144 }, (_, p) => `p${p}`).join(',')}\n${rows((i) => `${i % 2},${pixels(i).join(',')}`)}\n`;
    const { keys } = await inspected('gap.csv', text);
    expect(keys).toEqual({ labelColumn: 'label', shape: [1, 12, 12], missing: 'drop' });
    const spec = { kind: 'csv', train: `${path}/gap.csv`, shape: [1, 12, 12] as [number, number, number] } as const;
    await expect(loadDataset({ ...spec, missing: 'mean' })).rejects.toThrow(
      /Fill it, or say --missing drop to leave such rows out \(key/,
    );
  });

  it('a folder of recordings in class folders', async () => {
    for (const [i, kind] of ['rest', 'walk', 'rest', 'walk'].entries()) {
      save(
        `rec/${kind}/${i}.csv`,
        `timestamp,ax,ay\n${Array.from({ length: 100 }, (_, t) => `${t},${(t * 31) % 17},${(t * 13) % 11}`).join('\n')}\n`,
      );
    }
    const { spec } = await inspectData(`${path}/rec`);
    expect(spec).toEqual({
      kind: 'csv-folder',
      train: `${path}/rec`,
      ignore: ['timestamp'],
      timeColumn: 'timestamp',
      window: 32,
      hop: 16,
    });
    const { labels, shape } = await loadDataset(spec);
    expect([labels, shape]).toEqual([
      ['rest', 'walk'],
      [2, 1, 32],
    ]);
  });

  it('a gap in a recording of a class folder is reached over by no window', async () => {
    for (const kind of ['rest', 'walk']) {
      for (const i of [0, 1, 2]) {
        const time = (t: number) => 20 * t + (t >= 48 ? 5000 : 0);
        const text = Array.from({ length: 96 }, (_, t) => `${time(t)},${(t * 31) % 17},${(t * 13 + i) % 11}`).join(
          '\n',
        );
        save(`gap/${kind}/${i}.csv`, `timestamp,ax,ay\n${text}\n`);
      }
    }
    const { spec } = await inspectData(`${path}/gap`);
    expect(spec).toMatchObject({ timeColumn: 'timestamp', window: 32, hop: 16 });
    const { train, test } = await loadDataset(spec);
    // Of each half of 48 rows two windows of 32; over the gap there would be five of the 96.
    expect(train.count + test.count).toBe(2 * 3 * 2 * 2);
  });
});

// What is found out of files that people have: the spec that is read, what is said of it, and one sentence where it cannot be told.
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../data-spec.js';
import { dataFolder, npy } from '../testing/data-files.js';
import { inspected as inspectedFile, rows } from '../testing/inspected.js';
import { inspectData } from './inspect-data.js';
import type { Overrides } from './inspection.js';

const { save, path } = dataFolder();

const inspected = (name: string, content: string | Uint8Array, overrides: Overrides = {}) =>
  inspectedFile(save(name, content), overrides);

describe('tables', () => {
  it.each<[string, string | Uint8Array, object]>([
    [
      'class of words last',
      `len,width,tree\n${rows((i, k) => `${i / 10},${(i * 7) % 10},${k}`)}\n`,
      { labelColumn: 'tree' },
    ],
    [
      'class of words in the middle',
      `len,tree,width\n${rows((i, k) => `${i / 10},${k},${(i * 7) % 10}`)}\n`,
      { labelColumn: 'tree' },
    ],
    ['no header, class of numbers last', `${rows((i) => `${i / 10},${(i * 7) % 11},${i % 3}`)}\n`, { labelColumn: 2 }],
    [
      'semicolons and decimal commas',
      `len;width;tree\n${rows((i, k) => `${i},5;${(i * 7) % 10},25;${k}`)}\n`,
      { labelColumn: 'tree' },
    ],
    [
      'UTF-16 with its mark',
      Buffer.from(`\ufefflen\twidth\ttree\n${rows((i, k) => `${i / 10}\t${(i * 7) % 10}\t${k}`)}\n`, 'utf16le'),
      { labelColumn: 'tree' },
    ],
    [
      'a date and a number of the row left out',
      `no,date,len,tree\n${rows((i, k) => `${i + 1},2024-01-${10 + (i % 15)},${(i * 7) % 10},${k}`)}\n`,
      { labelColumn: 'tree', ignore: ['no', 'date'] },
    ],
    [
      'words that are no class left out',
      `len,note,kind\n${rows((i) => `${(i * 7) % 10},remark ${i},${i % 3}`)}\n`,
      { labelColumn: 'kind', ignore: ['note'] },
    ],
    [
      'recordings',
      `subject,len,label\n${rows((i) => `p${i % 5},${(i * 7) % 10},${i % 3}`)}\n`,
      { labelColumn: 'label', groups: 'subject' },
    ],
    [
      'missing values',
      `len,width,tree\n${rows((i, k) => `${i === 4 ? '' : i / 10},${i === 7 ? 'NA' : (i * 7) % 10},${k}`)}\n`,
      { labelColumn: 'tree', missing: 'mean' },
    ],
  ])('%s', async (name, content, keys) => {
    const found = await inspected(`${name}.csv`, content);
    expect(found.keys).toEqual(keys);
    // What was found is what is read.
    const data = await loadDataset(found.spec);
    expect([data.labels.length, data.train.count + data.test.count]).toEqual([3, 30]);
  });

  it('says separator, decimal mark, header, encoding, class, columns left out, and how to change each', async () => {
    const { said, changes } = await inspected(
      'said.csv',
      `\ufeff# made today\ntime;len;zero;tree\n${rows((i, k) => `${i}.03.2024;${i},5;0;${k}`)}\n`,
    );
    for (const part of [
      'separator: semicolons',
      'decimal mark: comma',
      'names of the columns',
      'byte order mark',
      'remarks: 1 lines',
      "class: column 'tree' (3 different: oak, elm, fir)",
      "left out: column 'time' (it tells the time)",
      'left out: 1 column of one value (zero)',
    ]) {
      expect(said).toContain(part);
    }
    for (const flag of [
      '--data-separator',
      '--data-decimal',
      '--data-encoding',
      '--label',
      '--columns',
      '--data-constants keep',
      '--window',
    ]) {
      expect(changes.some((change) => change.includes(flag))).toBe(true);
    }
    // Words above numbers are no sample.
    expect(changes.join()).not.toContain('--no-data-header');
  });

  it('what the user says is taken, and the rest found around it', async () => {
    const text = `a,b,c\n${rows((i) => `${i % 3},${(i * 7) % 10},${i % 2}`)}\n`;
    expect((await inspected('o.csv', text, { labelColumn: 'a' })).keys).toEqual({ labelColumn: 'a' });
    expect((await inspected('o.csv', text, { labelColumn: 0, ignore: ['c'] })).keys).toEqual({
      labelColumn: 'a',
      ignore: ['c'],
    });
    expect((await inspected('o.csv', text, { columns: ['b'] })).keys).toEqual({ labelColumn: 'c', columns: ['b'] });
  });

  it('thousands are told from decimals', async () => {
    const { spec } = await inspected('t.csv', `a;b;tree\n${rows((i, k) => `1.234.${500 + i},5;${i};${k}`)}\n`);
    const { raw } = await loadDataset({ ...spec, testShare: 0.1 } as typeof spec);
    expect(raw!.features[0]!.low).toBeGreaterThan(1_234_000);
    await expect(
      loadDataset({
        kind: 'csv',
        train: save('u.csv', `a;tree\n${rows((i, k) => `1.23${i % 10},5;${k}`)}\n`),
        decimal: 'point',
        labelColumn: 'tree',
      }),
    ).rejects.toThrow(/line 2: column 'a'.*is not a number/);
  });

  it.each<[string, string, RegExp]>([
    [
      'no column is the class for sure',
      `a,b\n${rows((i) => `${i * 3},${(i * 7) % 31}`)}\n`,
      /which column is the class\?.*a, b.*--label.*--task regression/s,
    ],
    [
      'a quantity',
      `a,target\n${rows((i) => `${i % 5},${i / 7}`)}\n`,
      /target.*looks like regression.*--task regression/s,
    ],
    ['one class', `a,label\n${rows((i) => `${i},x`)}\n`, /all rows are of one class \(x\)/],
    ['no numbers', `a,label\n${rows((i) => `w${i % 4},${i % 2}`)}\n`, /no column of numbers is left.*--columns/s],
    ['a header only', 'a,label\n', /header and no row/],
    ['nothing', '', /empty/],
  ])('refuses: %s', async (name, content, message) => {
    await expect(inspected(`${name}.csv`, content)).rejects.toThrow(message);
  });
});

describe('arrays', () => {
  const labels = (count: number) =>
    npy(
      Uint8Array.from({ length: count }, (_, i) => i % 2),
      count,
    );
  const load = async (name: string, x: Buffer, count: number) => {
    save(`${name}/x.npy`, x);
    save(`${name}/y.npy`, labels(count));
    const { spec } = await inspectData(`${path}/${name}`);
    return { spec: spec as Record<string, unknown>, data: await loadDataset(spec) };
  };

  it('signals come out the same, channels first or last', async () => {
    // Sample n, channel c, moment t: 100·c + t·(n + 1).
    const value = (n: number, c: number, t: number) => 100 * c + t * (n + 1);
    const first = Float32Array.from({ length: 20 * 3 * 32 }, (_, i) =>
      value(Math.floor(i / 96), Math.floor(i / 32) % 3, i % 32),
    );
    const last = Float32Array.from({ length: 20 * 3 * 32 }, (_, i) =>
      value(Math.floor(i / 96), i % 3, Math.floor(i / 3) % 32),
    );
    const a = await load('first', npy(first, 20, 3, 32), 20);
    const b = await load('last', npy(last, 20, 32, 3), 20);
    const c = await load('with1', npy(first, 20, 3, 1, 32), 20);
    for (const { data } of [a, b, c]) {
      expect([data.shape, data.raw!.kind]).toEqual([[3, 1, 32], 'signal']);
      expect(data.train.bytes).toEqual(a.data.train.bytes);
    }
  });

  it('pictures of fractions are bytes of their range; bytes need none', async () => {
    const x = Float32Array.from({ length: 10 * 64 }, (_, i) => (i % 5) / 4);
    const fractions = await load('fractions', npy(x, 10, 8, 8), 10);
    expect(fractions.spec).toMatchObject({ form: 'image', range: [0, 1] });
    expect([fractions.data.shape, fractions.data.raw]).toEqual([[1, 8, 8], undefined]);
    expect(new Set(fractions.data.train.bytes)).toEqual(new Set([0, 64, 128, 191, 255]));
    const bytes = await load(
      'bytes',
      npy(
        Uint8Array.from({ length: 640 }, (_, i) => i % 256),
        10,
        8,
        8,
      ),
      10,
    );
    expect([bytes.spec.range, bytes.data.shape]).toEqual([undefined, [1, 8, 8]]);
  });

  it('rows of bytes are tables of raw bytes', async () => {
    const { data } = await load(
      'table',
      npy(
        Uint8Array.from({ length: 60 }, (_, i) => (i * 7) % 256),
        20,
        3,
      ),
      20,
    );
    expect([data.shape, data.raw!.type, data.raw!.kind]).toEqual([[3], 'u8', 'table']);
  });

  it('asks where labels are not there', async () => {
    save('lonely/x.npy', npy(new Float32Array(8), 4, 2));
    await expect(inspectData(`${path}/lonely`)).rejects.toThrow(/no array of labels.*--data-train-labels/s);
  });
});

it('says what it takes where it knows nothing', async () => {
  save('odd/readme.pdf', 'x');
  await expect(inspectData(`${path}/odd`)).rejects.toThrow(
    /is no data that is known \(it holds readme.pdf\); wanted is a table/,
  );
  await expect(inspectData(`${path}/nothing`)).rejects.toMatchObject({ code: 'data-not-found' });
});

it.each(['png', 'JPG', 'wav'])('says where %s files belong that lie in no class folder', async (extension) => {
  for (const name of [`b.${extension}`, `a.${extension}`, 'notes.md']) save(`loose-${extension}/${name}`, 'x');
  await expect(inspectData(`${path}/loose-${extension}`, { task: 'anomaly' })).rejects.toMatchObject({
    code: 'invalid-data',
    message: expect.stringMatching(
      new RegExp(
        `in no class folder \\(2, the first is a\\.${extension}\\).* all into one: .*loose-${extension}.normal\\.$`,
      ),
    ),
  });
});

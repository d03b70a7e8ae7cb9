// Windows of rows: worked by hand, and the property that no moment is on both sides.
import { describe, expect, it } from 'vitest';
import { loadDataset } from './data-spec.js';
import { dataFolder } from './testing/data-files.js';
import { cutWindows, findWindows } from './windows.js';

const { save, path } = dataFolder();
const name = (number: number) => `class ${number}`;

describe('windows', () => {
  it('stay within a class, a recording, and what follows without a gap', () => {
    const recordings = [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2];
    const classes = [0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0];
    // Rows 12 and 13 do not follow each other.
    const { begins } = findWindows({ count: 16, classes, recordings, breaks: [13] }, 3, 1, name, 'x');
    expect([...begins]).toEqual([0, 3, 6, 7, 10, 13]);
  });

  it('a class of few recordings is cut into pieces of several windows, and no window reaches over a cut', () => {
    const classes = [...Array<number>(70).fill(0), ...Array<number>(70).fill(1)];
    const { begins, groups, notes } = findWindows({ count: 140, classes, breaks: [] }, 4, 2, name, 'x');
    // At most 7 pieces, of at least 4 + 4·2 = 12 rows: 70/12 = 5 pieces of 14 rows with 6 windows.
    expect([new Set(groups).size, begins.length]).toEqual([10, 60]);
    for (const begin of begins) expect(Math.floor(begin / 14)).toBe(Math.floor((begin + 3) / 14));
    expect(notes.join()).toMatch(/cut into 10 pieces/);
  });

  it('recordings that are known stay whole, and only the single one of a class is cut', () => {
    const classes = [...Array<number>(140).fill(0), ...Array<number>(70).fill(1)];
    const recordings = classes.map((_, row) => Math.floor(row / 70));
    const { groups, begins } = findWindows({ count: 210, classes, recordings, breaks: [] }, 4, 2, name, 'x');
    const groupsOf = (from: number, to: number) =>
      new Set(groups.filter((_, i) => begins[i]! >= from && begins[i]! < to)).size;
    expect([groupsOf(0, 70), groupsOf(70, 140), groupsOf(140, 210)]).toEqual([1, 1, 5]);
  });

  it('a test part that is known is not cut, and training only where a class has one stretch', () => {
    // Class 0: two stretches of 70 rows to train with; class 1: one; in the test part one of each.
    const classes = [0, 1, 0, 0, 1].flatMap((number) => Array<number>(70).fill(number));
    const { begins, groups, notes } = findWindows(
      { count: 350, classes, breaks: [210], testFrom: 210 },
      4,
      2,
      name,
      'x',
    );
    const of = (stretch: number) => [...begins.keys()].filter((i) => Math.floor(begins[i]! / 70) === stretch);
    // 34 windows of an uncut stretch; 5 pieces of 14 rows have 6 each.
    expect([0, 1, 2, 3, 4].map((stretch) => of(stretch).length)).toEqual([34, 30, 34, 34, 34]);
    expect([0, 1, 2, 3, 4].map((stretch) => new Set(of(stretch).map((i) => groups[i])).size)).toEqual([1, 5, 1, 1, 1]);
    expect(notes.join()).toMatch(/come in one stretch, so that these are cut into 5 pieces.* the test part is not cut/);
  });

  it('refuses what is shorter than a window, naming class and length', () => {
    expect(() => findWindows({ count: 5, classes: [0, 0, 1, 1, 1], breaks: [] }, 3, 1, name, 'x')).toThrow(
      /no stretch of class 0 is as long as a window of 3 rows; the longest has 2/,
    );
  });

  it('are channel after channel', () => {
    // Two channels: 1 2 3 4 and 11 12 13 14.
    expect([...cutWindows(Uint8Array.of(1, 11, 2, 12, 3, 13, 4, 14), 2, [0, 2], 2)]).toEqual([
      1, 2, 11, 12, 3, 4, 13, 14,
    ]);
  });
});

describe('long tables', () => {
  /** Every row has its own number in column n, so that windows tell which rows they hold. */
  const rows = (count: number, kind: (row: number) => string) =>
    Array.from({ length: count }, (_, row) => `${row},${row % 2},${kind(row)}`).join('\n');

  it('no row is in a window of both parts, and scaling is by channel', async () => {
    const file = save('long.csv', `n,b,kind\n${rows(2000, (row) => ['rest', 'walk'][Math.floor(row / 100) % 2]!)}\n`);
    const { train, test, shape, raw } = await loadDataset({ kind: 'csv', train: file, window: 20, hop: 5 });
    expect([shape, raw!.kind, raw!.features.map((feature) => feature.name)]).toEqual([
      [2, 1, 20],
      'signal',
      ['n', 'b'],
    ]);
    // b alternates: −32 and 32 about its mean.
    expect([...train.bytes.subarray(20, 24)].map((byte) => Math.abs(byte - 128))).toEqual([32, 32, 32, 32]);
    expect(train.groups!.length).toBe(train.count);
    const groups = new Set(train.groups);
    for (const group of test.groups!) expect(groups.has(group)).toBe(false);
    expect(new Set(test.labels).size).toBe(2);
  });

  it('are not divided at random: windows that overlap would be in both parts', async () => {
    const table = `n,b,kind\n${rows(400, (row) => ['rest', 'walk'][Math.floor(row / 100) % 2]!)}\n`;
    const spec = { kind: 'csv', train: save('random.csv', table), window: 20, hop: 5, splitBy: 'random' } as const;
    const refusal = {
      code: 'invalid-data',
      message: expect.stringMatching(/a random split puts them into both parts/),
    };
    await expect(loadDataset(spec)).rejects.toMatchObject(refusal);
    // Validation samples would overlap those of training here.
    await expect(loadDataset({ ...spec, test: save('random-test.csv', table) })).rejects.toMatchObject(refusal);
  });

  it('each file of a folder is a recording; the class is the name of its folder', async () => {
    for (let k = 0; k < 16; k++) {
      save(
        `recordings/${k % 2 ? 'walk' : 'rest'}/${k}.csv`,
        `n,b\n${Array.from({ length: 40 }, (_, i) => `${k},${i % 3}`).join('\n')}\n`,
      );
    }
    const { train, test, labels } = await loadDataset({
      kind: 'csv-folder',
      train: `${path}/recordings`,
      window: 10,
      hop: 10,
    });
    expect([labels, train.count + test.count]).toEqual([['rest', 'walk'], 64]);
    // A recording gives 4 windows, all on one side; its number is in channel n.
    const files = (part: typeof train) => new Set(Array.from({ length: part.count }, (_, i) => part.bytes[20 * i]!));
    for (const value of files(test)) expect(files(train).has(value)).toBe(false);
    expect(test.count % 4).toBe(0);
  });

  it('a group has its windows in one part, in however many files it is', async () => {
    // Two files a person, whose number is in channel who; names are numbered as they come, in each file from another one on.
    for (let k = 0; k < 16; k++) {
      const own = Array.from({ length: 80 }, (_, i) => {
        const who = (k + (i < 40 ? 0 : 3)) % 8;
        return `person ${who},${who},${(i * 7) % 11},${i % 40 < 20 ? 'rest' : 'walk'}`;
      });
      save(`people/${k}.csv`, `subject,who,b,kind\n${own.join('\n')}\n`);
    }
    const { train, test, raw } = await loadDataset({
      kind: 'csv-folder',
      train: `${path}/people`,
      groups: 'subject',
      window: 10,
      hop: 5,
    });
    expect(raw!.features[0]!.name).toBe('who');
    const people = (part: typeof train) => new Set(Array.from({ length: part.count }, (_, i) => part.bytes[20 * i]!));
    expect(people(train).size + people(test).size).toBe(8);
    expect([people(train).size > 0, people(test).size > 0]).toEqual([true, true]);
  });

  it('a test part that is far from what was asked for is said', async () => {
    // Two days of 1000 rows with both classes in each: one day is the test part, half of the rows, where 15 % are asked for.
    const days = Array.from(
      { length: 2000 },
      (_, i) => `${i < 1000 ? 'mon' : 'tue'},${(i * 7) % 11},${i % 2 ? 'u' : 'v'}`,
    );
    const train = save('days.csv', `day,a,kind\n${days.join('\n')}\n`);
    const spec = { kind: 'csv', train, labelColumn: 'kind', groups: 'day' } as const;
    const { test, notes } = await loadDataset(spec);
    expect(test.count).toBe(1000);
    expect(notes!.join('\n')).toMatch(
      /the test part has 1000 of 2000 samples, 50 %; 15 % were asked for .*\(2 recordings/,
    );
    for (const near of [{ testShare: 0.5 }, { groups: undefined, ignore: ['day'] }]) {
      expect((await loadDataset({ ...spec, ...near })).notes!.join('\n')).not.toMatch(/asked for/);
    }
  });
});

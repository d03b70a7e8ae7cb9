import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadDataset } from '../data-spec.js';
import { type CsvOptions, classNames, readCsv, readCsvText } from './read-csv.js';

const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-csv-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Text in pieces of a few characters, so that every boundary falls somewhere. */
async function* pieces(text: string, length = 7) {
  for (let at = 0; at < text.length; at += length) yield text.slice(at, at + length);
}

const read = (text: string, options?: CsvOptions) => readCsvText(pieces(text), 'x', options);

/** Classes by row, and the values. */
async function rowsOf(text: string, options?: CsvOptions) {
  const { classes, rowClasses, bytes, features } = await read(text, options);
  return { classes: [...rowClasses].map((index) => classes[index]), bytes: [...bytes], features };
}

const refusal = (message: RegExp) =>
  expect.objectContaining({ code: 'invalid-data', message: expect.stringMatching(message) });

/** 3 classes, 2 values; what every spelling of it below must give. */
const WANTED = { classes: ['2', '0', '1', '2'], bytes: [1, 20, 3, 40, 5, 60, 7, 80], features: 2 };

describe('one table in the spellings of pandas, spreadsheets and UCI', () => {
  it.each<[string, string, CsvOptions?]>([
    ['Kaggle', 'label,a,b\n2,1,20\n0,3,40\n1,5,60\n2,7,80\n'],
    ["pandas' numeric names", 'label,0,1\n2,1,20\n0,3,40\n1,5,60\n2,7,80\n'],
    ['class last', '0,1,label\n1,20,2\n3,40,0\n5,60,1\n7,80,2\n'],
    ['sklearn', 'a,b,target\n1,20,2\n3,40,0\n5,60,1\n7,80,2\n'],
    ['capitals', 'a,b,Label\n1,20,2\n3,40,0\n5,60,1\n7,80,2\n'],
    ["pandas' index", ',a,b,label\n0,1,20,2\n1,3,40,0\n2,5,60,1\n3,7,80,2\n'],
    ["pandas' shuffled index", ',a,b,label\n9,1,20,2\n1,3,40,0\n4,5,60,1\n7,7,80,2\n'],
    ['its index read again', 'Unnamed: 0,a,b,label\n0,1,20,2\n1,3,40,0\n2,5,60,1\n3,7,80,2\n'],
    ['counted rows', 'a,Id,b,class\n1,1,20,2\n3,2,40,0\n5,3,60,1\n7,4,80,2\n'],
    ['empty last column', 'label,a,b,\n2,1,20,\n0,3,40,\n1,5,60,\n2,7,80,\n'],
    ['a separator behind every row, none behind the names', 'label,a,b\n2,1,20,\n0,3,40,\n1,5,60,\n2,7,80,\n'],
    ['units below the names', 'label,a,b\n,m/s²,°C\n2,1,20\n0,3,40\n1,5,60\n2,7,80\n'],
    ['units below the names, and a word on the class', 'a,b,label\n[m],%,[-]\n1,20,2\n3,40,0\n5,60,1\n7,80,2\n'],
    ['a value without unit', 'a,b,label\nV,,\n1,20,2\n3,40,0\n5,60,1\n7,80,2\n'],
    ['semicolons', 'label;a;b\n2;1;20\n0;3;40\n1;5;60\n2;7;80\n'],
    ['tabs', 'label\ta\tb\n2\t1\t20\n0\t3\t40\n1\t5\t60\n2\t7\t80\n'],
    ['spaces', 'label a b\n2 1 20\n0 3 40\n1 5 60\n2 7 80\n'],
    ['decimal commas', 'label;a;b\n2;1,0;20,0\n0;3,0;40,0\n1;5,0;60,0\n2;7,0;80,0\n'],
    ['float classes', 'label,a,b\n2,1,20\n0.0,3,40\n1.0,5,60\n2.0,7,80\n'],
    ['remarks', '# made by hand\nlabel,a,b\n2,1,20\n# a pause\n0,3,40\n1,5,60\n2,7,80\n'],
    ['quotes', '"label","a","b"\n"2","1","20"\n"0","3","40"\n"1","5","60"\n"2","7","80"\n'],
    ['old line ends', 'label,a,b\r2,1,20\r0,3,40\r1,5,60\r2,7,80'],
    ['no header, named by number', '1,20,2\n3,40,0\n5,60,1\n7,80,2\n', { labelColumn: 2 }],
    ['a header of numbers, said', '1,20,2\n1,20,2\n3,40,0\n5,60,1\n7,80,2\n', { labelColumn: 2, header: true }],
    ['named by the user', 'a,B,kind\n1,20,2\n3,40,0\n5,60,1\n7,80,2\n', { labelColumn: 'Kind' }],
    [
      'a column left out',
      'time,a,b,kind\n09:00,1,20,2\n09:05,3,40,0\n09:10,5,60,1\n09:15,7,80,2\n',
      { labelColumn: 'kind', ignore: ['time'] },
    ],
  ])('%s', async (_, text, options) => {
    // A return in a piece of its own reaches the parser as "\n"; the decoder is tested below.
    expect(await rowsOf(text.replaceAll('\r', '\n'), options)).toEqual(WANTED);
  });

  it.each<[string, Buffer]>([
    ['UTF-8 with its mark and CRLF', Buffer.from('\ufefflabel,a,b\r\n2,1,20\r\n0,3,40\r\n1,5,60\r\n2,7,80\r\n')],
    ['UTF-16 little endian', Buffer.from('\ufefflabel,a,b\n2,1,20\n0,3,40\n1,5,60\n2,7,80\n', 'utf16le')],
    ['UTF-16 without mark', Buffer.from('label,a,b\n2,1,20\n0,3,40\n1,5,60\n2,7,80\n', 'utf16le')],
    ['UTF-16 big endian', Buffer.from('\ufefflabel,a,b\r2,1,20\r0,3,40\r1,5,60\r2,7,80', 'utf16le').swap16()],
  ])('%s', async (_, bytes) => {
    const path = join(folder, 'encoded.csv');
    writeFileSync(path, bytes);
    const { classes, rowClasses, bytes: values, features } = await readCsv(path);
    expect({ classes: [...rowClasses].map((i) => classes[i]), bytes: [...values], features }).toEqual(WANTED);
  });
});

describe('which row is the header, and which column the class', () => {
  it('the first row is a header where it named the class, whatever else is in it', async () => {
    expect(await rowsOf('label,0,1\na,5,6\nb,7,8\na,5,5\n')).toEqual({
      classes: ['a', 'b', 'a'],
      bytes: [5, 6, 7, 8, 5, 5],
      features: 2,
    });
  });

  it('takes the one column of words, and says that there is no header', async () => {
    const table = await read('5.1,cat,2\n4.9,dog,3\n5.0,cat,4\n', { range: [0, 255] });
    expect(table.notes[0]).toMatch(/3 rows of 2 values; no header row; the class is column 1 \(counted from 0\)/);
    expect(await rowsOf('a b,x,kind of\n1,2,u\n3,4,v\n')).toMatchObject({ classes: ['u', 'v'], bytes: [1, 2, 3, 4] });
    expect(await rowsOf('species,0,1\nu,1,2\nv,3,4\nu,5,6\n')).toMatchObject({ classes: ['u', 'v', 'u'] });
    expect(await rowsOf('kind,0,1,2\nu,1,2,3\nv,3,4,5\n')).toMatchObject({ classes: ['u', 'v'] });
  });

  it.each(['label', 'y', 'outcome'])('%s is no class where it is named to learn from', async (name) => {
    const text = `a,${name}\n1,20\n3,40\n5,60\n7,80\n`;
    const { layout } = await read(text, { task: 'anomaly', columns: ['a', name.toUpperCase()] });
    expect([layout.label, layout.features]).toEqual([-1, [0, 1]]);
    await expect(read(text, { columns: ['0', '1'] })).rejects.toThrow(/which column is the class/);
  });

  it('x, y and z are coordinates', async () => {
    expect((await read('x,y,z,activity\n1,2,3,0\n4,5,6,1\n')).layout.label).toBe(3);
    expect((await read('f0,f1,y\n1,2,3\n4,5,6\n')).layout.label).toBe(2);
  });

  it.each<[string, string, CsvOptions, RegExp]>([
    [
      'numbers only, as UCI has them',
      '1,20,2\n3,40,0\n',
      {},
      /which column is the class\?.*no header.*1, 20, 2.*--data-label-column.*0 to 2/,
    ],
    [
      'no usual name',
      'a,b,digit\n1,20,2\n3,40,0\n',
      {},
      /which column is the class\? Its columns are a, b, digit.*--data-label-column/,
    ],
    ['two usual names', 'label,class,a\n1,2,3\n4,5,6\n', {}, /several columns that may be the class: label, class/],
    [
      'names of samples',
      `file,a\n${Array.from({ length: 12 }, (_, i) => `i${i}.png,${i}`).join('\n')}`,
      {},
      /which column is the class/,
    ],
    ['an absent name', 'h,i,j\n1,2,3', { labelColumn: 'k' }, /no column k; its first row is h, i, j/],
    ['an absent number', 'h,i,j\n1,2,3', { labelColumn: 3 }, /no column 3.*0 to 2/],
    ['an absent column to leave out', 'label,i\n1,2', { ignore: ['k'] }, /no column k to leave out/],
  ])('asks or refuses: %s', async (_, text, options, message) => {
    await expect(read(text, options)).rejects.toThrow(refusal(message));
  });
});

describe('refusals name line and column', () => {
  it.each<[string, CsvOptions, RegExp]>([
    ['k,a,b\nu,1,2\nv,3', { labelColumn: 'k' }, /line 3: 2 cells; 3 are expected/],
    ['k,a,b\nu,1,2\nv,3,x\nv,3,4\n', { labelColumn: 'k' }, /line 3: column 'b': 'x' is not a number/],
    ['k,a,b\nu,1,2\n\nv,,4\n', { labelColumn: 'k' }, /line 4: column 'a': the cell is empty/],
    ['k,a,b\n"u\nv",1,2\nv,NaN,4\n', { labelColumn: 'k' }, /line 4: column 'a': 'NaN' is no value/],
    ['k,a,b\nu,Infinity,2\n', { labelColumn: 'k' }, /line 2: column 'a': 'Infinity'/],
    ['k,a,b\nu,1,2\n,3,4\n', { labelColumn: 'k' }, /line 3: column 'k': the class is missing/],
    ['k,a,b\nu,1,2\nnan,3,4\n', { labelColumn: 'k' }, /line 3: column 'k': the class is missing/],
    [
      'k;a;b\nu;1,5;2\nv;1.5;2\n',
      { labelColumn: 'k', range: [0, 9] },
      /line 3: column 'a'.*line 2 write decimals differently/,
    ],
    [
      'k,a\nu,1\nv,4.5\nw,-3\n',
      { labelColumn: 'k' },
      /line 3, column 'a' is 4\.5.*--data-range \(key `range`\).*from -3 to 4\.5/,
    ],
    ['', {}, /empty/],
    ['a\nb\nc\n', {}, /one column only/],
    ['label,a\n', {}, /0 rows/],
    ['k,a\nu,1\n"v,2\n', { labelColumn: 'k' }, /line 3: a quotation mark/],
    ['k,a\n"u"w,1\n', { labelColumn: 'k' }, /line 2: a quotation mark/],
  ])('%j', async (text, options, message) => {
    await expect(read(text, options)).rejects.toThrow(refusal(message));
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['Latin-1', Buffer.from('label,gr\u00f6\u00dfe\n1,2\n', 'latin1'), /not UTF-8/],
    ['a workbook', Buffer.from('PK\x03\x04'), /Excel workbook/],
    ['zeros', new Uint8Array(5000), /no text: it has bytes of 0/],
    ['a gzip archive', Buffer.from([0x1f, 0x8b, 8, 0]), /gzip/],
  ])('%s', async (_, bytes, message) => {
    const path = join(folder, 'other.csv');
    writeFileSync(path, bytes);
    await expect(readCsv(path)).rejects.toThrow(refusal(message));
  });

  it('a row without end, and a file of more than 1 GiB, before they take memory', async () => {
    async function* endless() {
      yield 'label,a\n1,2\n"';
      for (;;) yield 'x'.repeat(65_536);
    }
    await expect(readCsvText(endless(), 'x')).rejects.toThrow(refusal(/line 3: the row does not end/));
    const path = join(folder, 'huge.csv');
    writeFileSync(path, '');
    truncateSync(path, 2 ** 30 + 1);
    await expect(readCsv(path)).rejects.toMatchObject({
      code: 'data-not-found',
      message: expect.stringContaining('1073741824'),
    });
    rmSync(path);
  });
});

it('reads rows far longer than what is read at once', async () => {
  const width = 65_000;
  const names = Array.from({ length: width }, (_, i) => `feature${i}`).join(',');
  const row = (label: number) => `${label},${Array.from({ length: width }, (_, i) => (i * label) % 200).join(',')}\n`;
  const table = await readCsvText(pieces(`label,${names}\n${row(1)}${row(3)}${row(7).repeat(20)}`, 65_536), 'x');
  expect([table.rowClasses.length, table.features]).toEqual([22, width]);
  expect(table.bytes[21 * width + 64_999]).toBe((64_999 * 7) % 200);
});

describe('values', () => {
  it('map a range; what lies outside is clipped, counted and said', async () => {
    const table = await read('k,a,b\nu,-1,0\nv,1,2\nu,7,0\n', { labelColumn: 'k', range: [-1, 1] });
    // 0 is half way: 127.5 rounds to 128; 2 and 7 are clipped.
    expect([...table.bytes]).toEqual([0, 128, 255, 255, 255, 128]);
    expect(table.notes[1]).toMatch(
      /2 of 6 values lie outside --data-range -1,1.*column 'a' 33\.3 %, column 'b' 33\.3 %.*from -1 to 7/,
    );
  });

  it('a range that would use more of the 256 values is said', async () => {
    expect((await read('label,a\n0,0\n1,16\n')).notes[1]).toMatch(/from 0 to 16 only.*--data-range 0,16/);
    expect((await read('label,a\n0,0\n1,200\n')).notes).toHaveLength(1);
  });

  it('orders classes by number where all are numbers', () => {
    expect(classNames(['10', '9', '1'])).toEqual(['1', '9', '10']);
    expect(classNames(['b', '10', 'a'])).toEqual(['10', 'a', 'b']);
  });
});

describe('two parts', () => {
  const save = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const train = () => save('train.csv', 'label,a,b\n0,100,2\n1,3,4\n');

  it('a test part without header has the columns of the training part', async () => {
    const notices: string[] = [];
    const spec = {
      kind: 'csv',
      range: [0, 255] as [number, number],
      train: train(),
      test: save('test.csv', '1,5,6\n1.0,7,8\n'),
    } as const;
    const { test, notes } = await loadDataset(spec, { onNotice: (notice) => notices.push(notice) });
    expect([[...test.bytes], [...test.labels]]).toEqual([
      [5, 6, 7, 8],
      [1, 1],
    ]);
    expect(notices).toEqual(notes);
    expect(notices[1]).toMatch(/test\.csv: 2 rows of 2 values; no header row; the class is column 0/);
  });

  it('finds the class by its name in either, and refuses values in another order', async () => {
    const spec = { kind: 'csv', range: [0, 255] as [number, number], train: train() } as const;
    const moved = await loadDataset({ ...spec, test: save('test.csv', 'a,b,Label\n5,6,1\n') });
    expect([...moved.test.bytes]).toEqual([5, 6]);
    await expect(loadDataset({ ...spec, test: save('test.csv', 'label,b,a\n1,5,6\n') })).rejects.toThrow(
      refusal(/value 0 is column 'b', in the training part column 'a'/),
    );
    await expect(loadDataset({ ...spec, test: save('test.csv', 'label,a,b,c\n1,5,6,7\n') })).rejects.toThrow(
      refusal(/rows of 3 values.*training part have 2/),
    );
  });
});

it('pauses often enough for other work', async () => {
  const row = [1, 2].map((first) => `1,${first},${Array.from({ length: 99 }, (_, i) => i).join(',')}\n`).join('');
  const path = join(folder, 'long.csv');
  writeFileSync(path, `label,${Array.from({ length: 100 }, (_, i) => `p${i}`).join(',')}\n${row.repeat(5000)}`);
  let turns = 0;
  const count = setInterval(() => turns++, 1);
  const { train, test } = await loadDataset({ kind: 'csv', train: path, constants: 'keep' });
  clearInterval(count);
  expect(train.count + test.count).toBe(10_000);
  // 2.9 MB in pieces of 64 KiB are 45 reads; a loader that reads the file at once has one or two turns.
  expect(turns).toBeGreaterThan(5);
});

it('a class column beyond the last is refused, whatever stands in the first row', async () => {
  for (const text of ['a,b\n1,2\n3,4\n', '1,2\n3,4\n', 'x,2\ny,4\n']) {
    await expect(read(text, { labelColumn: 2 })).rejects.toThrow(
      refusal(/no column 2; its 2 columns are numbered 0 to 1/),
    );
  }
});

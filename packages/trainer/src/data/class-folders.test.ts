// Class folders of pictures and recordings: sizes and colours found out, damaged files, files of other kinds, recordings kept whole.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { quantizeRaw } from '@bitnetmcu/models';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, it } from 'vitest';
import { loadDataset } from './data-spec.js';
import { inspectData } from './inspect/inspect-data.js';
import { wav } from './testing/wav.js';

const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-folders-'));
afterAll(() => rmSync(folder, { recursive: true }));

function save(name: string, content: Uint8Array | string): void {
  const path = join(folder, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

function png(height: number, width: number, [red, green, blue]: readonly [number, number, number]): Buffer {
  const image = new PNG({ width, height });
  for (let i = 0; i < width * height; i++) image.data.set([red, green, blue, 255], 4 * i);
  return PNG.sync.write(image);
}

const GREY = [90, 90, 90] as const;
const RED = [200, 10, 10] as const;
const refusal = (message: RegExp) => expect.objectContaining({ message: expect.stringMatching(message) });

describe('folders beside classes', () => {
  const fill = (name: string, more: Record<string, string>) => {
    for (const one of ['a', 'b']) for (const i of [1, 2, 3]) save(`${name}/${one}/${i}.png`, png(4, 4, GREY));
    for (const [file, content] of Object.entries(more)) save(`${name}/${file}`, content);
    return join(folder, name);
  };

  it.each([
    ['what macOS puts into archives', '__MACOSX/._1.png'],
    ['notes', 'notes/read me.txt'],
    ['what a photo server keeps', '@eaDir/.thumb.jpg'],
  ])('%s are no class, which is said', async (name, file) => {
    const { spec } = await inspectData(fill(name, { [file]: 'x' }));
    const { labels, notes } = await loadDataset(spec as never);
    expect(labels).toEqual(['a', 'b']);
    expect(notes).toContainEqual(expect.stringContaining(`the folder ${file.split('/')[0]} has no file that is read`));
  });

  it.each(['c/1.webp', 'c/deeper/1.png'])('with %s are classes still: none is lost unawares', async (file) => {
    const { spec } = await inspectData(fill(file.replaceAll('/', '-'), { [file]: 'x' }));
    expect((await loadDataset(spec as never)).labels).toEqual(['a', 'b', 'c']);
  });
});

describe('pictures', () => {
  const load = (name: string, more: Record<string, unknown> = {}) =>
    loadDataset({ kind: 'folder', train: join(folder, name), test: join(folder, name), ...more });

  it('keep their size where all have the same small one, else get the middle one, reduced to 64 pixels', async () => {
    for (const [i, [height, width]] of [
      [30, 20],
      [20, 30],
      [400, 300],
      [200, 100],
      [10, 10],
    ].entries()) {
      save(`sizes/a/${i}.png`, png(height!, width!, GREY));
      save(`sizes/b/${i}.png`, png(height!, width!, GREY));
    }
    // Heights 10 20 30 200 400, widths 10 20 30 100 300.
    const { shape, notes } = await load('sizes');
    expect(shape).toEqual([1, 30, 30]);
    expect(notes).toContainEqual(expect.stringMatching(/have 5 sizes, 30×30 .* resized to 30×30.*--data-size/));

    for (const name of ['a', 'b']) for (const i of [1, 2]) save(`photos/${name}/${i}.png`, png(300, 400, GREY));
    expect(await load('photos')).toMatchObject({
      shape: [1, 48, 64],
      notes: [expect.stringMatching(/300×400.*48×64/)],
    });
    for (const name of ['a', 'b']) for (const i of [1, 2]) save(`small/${name}/${i}.png`, png(200, 256, GREY));
    expect(await load('small')).toMatchObject({ shape: [1, 200, 256], notes: [] });
  });

  it('have one channel or three by their colours, if asked', async () => {
    for (const name of ['a', 'b']) save(`colours/${name}/1.png`, png(4, 4, RED));
    for (const name of ['a', 'b']) save(`greys/${name}/1.png`, png(4, 4, [90, 95, 85]));
    expect((await load('colours', { channels: 'auto' })).shape).toEqual([3, 4, 4]);
    expect((await load('greys', { channels: 'auto' })).shape).toEqual([1, 4, 4]);
    expect((await load('colours')).shape).toEqual([1, 4, 4]);
  });

  it('that are damaged are an error with its remedy, or left out, counted, the first named', async () => {
    for (const name of ['a', 'b']) for (const i of [1, 2]) save(`damaged/${name}/${i}.png`, png(4, 4, GREY));
    save('damaged/a/3.png', png(4, 4, GREY).subarray(0, 60));
    save('damaged/b/0.jpg', '');
    await expect(load('damaged')).rejects.toEqual(refusal(/damaged.a.3\.png .*--skip-damaged \(key `skipDamaged`\)/));
    const { train, notes } = await load('damaged', { skipDamaged: true });
    expect([...train.labels]).toEqual([0, 0, 1, 1]);
    expect([...train.bytes]).toEqual(Array(64).fill(90));
    expect(notes).toContainEqual(
      expect.stringMatching(/2 of 6 files cannot be read and are skipped. The first: .*a.3\.png/),
    );
    save('lost/a/1.png', 'x');
    save('lost/b/1.png', 'x');
    await expect(load('lost', { skipDamaged: true })).rejects.toEqual(refusal(/none of the 2 files can be read/));
  });

  it('of other kinds are counted, and an error where nothing else is there; names do not count, bytes do', async () => {
    for (const name of ['a', 'b']) save(`kinds/${name}/1.png`, png(4, 4, GREY));
    for (const file of ['a/x.webp', 'a/y.WEBP', 'b/z.heic', 'b/read.me', 'b/.hidden.png']) save(`kinds/${file}`, 'x');
    const { train, notes } = await load('kinds');
    expect(train.count).toBe(2);
    expect(notes).toContainEqual(
      expect.stringMatching(/3 files are passed over \(2 \.webp, 1 \.heic; the first is a.x\.webp\), .*magick mogrify/),
    );
    for (const name of ['a', 'b']) save(`gifs/${name}/1.gif`, 'GIF89a');
    await expect(load('gifs')).rejects.toEqual(
      refusal(/no \.png, .* file in its class folders: 2 files are passed over \(2 \.gif.*Save them as PNG/),
    );
    for (const name of ['a', 'b']) save(`named/${name}/1.jpg`, Buffer.from('RIFF\0\0\0\0WEBPVP8 '));
    await expect(load('named')).rejects.toEqual(refusal(/1\.jpg is a WebP picture, whatever its name says/));
  });
});

describe('recordings', () => {
  const recorded = (samples: ArrayLike<number>, rate = 1000) => wav(rate, Int16Array.from(samples));
  /** Noise of a level, from a congruential generator. */
  const noise = (length: number, level: number, seed: number) => {
    let state = seed;
    return Array.from({ length }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
      return Math.round((state / 2 ** 32 - 0.5) * level);
    });
  };
  const load = (name: string, more: Record<string, unknown> = {}) =>
    loadDataset({ kind: 'recordings', train: join(folder, name), window: 100, ...more });

  it('are cut into windows, all of one recording in one part', async () => {
    for (const [k, name] of ['loud', 'quiet'].entries())
      for (let i = 0; i < 8; i++) save(`rec/${name}/${i}.wav`, recorded(noise(460, k ? 100 : 2000, 8 * k + i + 1)));
    const { train, test, shape, labels, raw } = await load('rec', { testShare: 0.25 });
    expect([shape, labels, raw?.type, raw?.kind]).toEqual([[1, 1, 100], ['loud', 'quiet'], 'i16', 'signal']);
    // Windows begin at 0, 50, …, 360 − 10: 8 a recording, and 4 of 16 recordings are held out.
    expect([train.count, test.count]).toEqual([96, 32]);
    const [trained, tested] = [new Set(train.groups), new Set(test.groups)];
    expect([trained.size, tested.size, [...tested].filter((group) => trained.has(group))]).toEqual([12, 4, []]);
    // Neighbouring windows overlap by half.
    expect([...train.bytes.subarray(50, 100)]).toEqual([...train.bytes.subarray(100, 150)]);
    // Groups are numbered in the order of files, so that the samples of each window are known.
    const recordings = [2000, 100].flatMap((level, k) =>
      Array.from({ length: 8 }, (_, n) => noise(460, level, 8 * k + n + 1)),
    );
    const seen = new Map<number, number>();
    const raws = [...train.groups!].flatMap((group) => {
      const begin = 50 * (seen.get(group) ?? 0);
      seen.set(group, (seen.get(group) ?? 0) + 1);
      return recordings[group]!.slice(begin, begin + 100);
    });
    expect([...train.bytes]).toEqual([...quantizeRaw(raw!, shape, raws)].map((code) => code + 128));
  });

  it('of one voice are kept together by their names', async () => {
    for (const [k, name] of ['yes', 'no'].entries())
      for (const voice of ['anna', 'ben', 'carl', 'dora'])
        for (let i = 0; i < 3; i++) save(`voices/${name}/${voice}_${i}.wav`, recorded(noise(200, 500, 3 * k + i + 1)));
    const { train, test } = await load('voices', { groupEnd: '_', testShare: 0.25 });
    // A voice has 3 files of 3 windows in each class.
    expect([train.count, test.count]).toEqual([54, 18]);
    expect(new Set(test.groups).size).toBe(1);
  });

  it('are brought to the lowest rate; a short one ends in silence; both are said', async () => {
    for (const name of ['a', 'b']) {
      save(`rates/${name}/1.wav`, recorded(noise(300, 900, 1)));
      save(`rates/${name}/2.wav`, recorded(noise(600, 900, 2), 2000));
      save(`rates/${name}/3.wav`, recorded(noise(90, 900, 3)));
    }
    const { notes, train, test } = await load('rates', { hop: 100 });
    expect(train.count + test.count).toBe(2 * (3 + 3 + 1));
    expect(notes).toContainEqual(expect.stringMatching(/brought to 1000 samples a second .*: 2 of 2000 Hz/));
    const tested = await load('rates', { hop: 100, test: join(folder, 'rates') });
    const rates = tested.notes!.filter((note) => note.includes('brought to'));
    expect(rates).toEqual([
      expect.stringMatching(/\(the lowest that occurs; --data-rate/),
      expect.stringMatching(/\(as the training part\)/),
    ]);
    expect(notes).toContainEqual(expect.stringMatching(/2 of 6 recordings are shorter than a window .*a.3\.wav/));
  });

  it('that cannot be read, or are alone in their class, are refused with a remedy', async () => {
    for (const name of ['a', 'b']) for (const i of [1, 2]) save(`cut/${name}/${i}.wav`, recorded(noise(300, 900, i)));
    save('cut/b/3.wav', recorded(noise(300, 900, 3)).subarray(0, 100));
    save('cut/b/4.mp3', 'ID3');
    await expect(load('cut')).rejects.toEqual(
      refusal(/cut.b.3\.wav is cut short: 600 bytes .* 56 are there.*--skip-damaged/),
    );
    const { notes } = await load('cut', { skipDamaged: true });
    expect(notes).toContainEqual(expect.stringMatching(/1 of 5 files cannot be read and are skipped/));
    expect(notes).toContainEqual(expect.stringMatching(/1 file is passed over \(1 \.mp3; .*ffmpeg/));
    for (const name of ['a', 'b']) save(`alone/${name}/1.wav`, recorded(noise(300, 900, 1)));
    await expect(load('alone')).rejects.toEqual(refusal(/class a has one recording .*only.*--data-test/));
    await expect(load('rec', { splitBy: 'random' })).rejects.toEqual(refusal(/random split puts them into both parts/));
  });

  it('of a test folder are the test part', async () => {
    await expect(load('rec', { test: join(folder, 'cut') })).rejects.toEqual(refusal(/cut.loud cannot be read/));
    const parts = await load('cut', { test: join(folder, 'alone'), skipDamaged: true, hop: 100 });
    expect([parts.train.count, parts.test.count, [...parts.test.labels]]).toEqual([12, 6, [0, 0, 0, 1, 1, 1]]);
  });
});

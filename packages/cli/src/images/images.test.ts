import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { afterAll, describe, expect, it } from 'vitest';
import { fitDigit, inkOnBlack } from './digit-fit.js';
import { readImage } from './read-image.js';

/** Nearest neighbour: exact for the whole-number factors that the tests use. */
function nearest(
  pixels: Uint8Array,
  [h, w]: readonly [number, number],
  [newH, newW]: readonly [number, number],
): Uint8Array {
  return Uint8Array.from({ length: newH * newW }, (_, i) => {
    const y = Math.floor((Math.floor(i / newW) * h) / newH);
    const x = Math.floor(((i % newW) * w) / newW);
    return pixels[y * w + x]!;
  });
}

describe('reading pictures', () => {
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-images-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('makes grey of colors, and white paper of what is transparent', () => {
    const image = new PNG({ width: 4, height: 1 });
    image.data.set([255, 0, 0, 255, 0, 255, 0, 255, 0, 0, 255, 255, 0, 0, 0, 0]);
    const path = join(folder, 'colors.png');
    writeFileSync(path, PNG.sync.write(image));
    const { width, height, pixels } = readImage(path);
    expect([width, height]).toEqual([4, 1]);
    // ITU-R BT.601: 0.299, 0.587 and 0.114 of 255.
    expect([...pixels]).toEqual([76, 150, 29, 255]);
  });

  it('refuses what is no picture', () => {
    const path = join(folder, 'notes.txt');
    writeFileSync(path, 'no picture');
    expect(() => readImage(path)).toThrow(/neither a PNG nor a JPEG/);
    expect(() => readImage(join(folder, 'absent.png'))).toThrow(/absent\.png/);
  });
});

describe('bringing a drawn digit into the form of MNIST', () => {
  it('inverts ink on paper and keeps white on black', () => {
    const paper = { width: 3, height: 3, pixels: Uint8Array.of(255, 255, 255, 255, 0, 255, 255, 255, 255) };
    const inverted = inkOnBlack(paper);
    expect([...inverted.pixels]).toEqual([0, 0, 0, 0, 255, 0, 0, 0, 0]);
    expect(inkOnBlack(inverted)).toBe(inverted);
  });

  it('scales the longer side to 20 pixels and centres the mass in 28×28', () => {
    // A 10×40 bar of ink in the corner of a 100×100 sheet of grey paper.
    const pixels = new Uint8Array(100 * 100).fill(230);
    for (let y = 2; y < 42; y++) for (let x = 3; x < 13; x++) pixels[y * 100 + x] = 20;
    const { width, height, pixels: sample } = fitDigit({ width: 100, height: 100, pixels }, nearest);
    expect([width, height]).toEqual([28, 28]);
    const ink: [number, number][] = [];
    sample.forEach((grey, i) => {
      if (grey === 255) ink.push([i % 28, Math.floor(i / 28)]);
    });
    // 5×20 pixels, centred: columns 12 to 16 (2.5 pixels left of the middle, rounded), rows 4 to 23.
    expect(ink).toHaveLength(100);
    expect([ink[0], ink.at(-1)]).toEqual([
      [12, 4],
      [16, 23],
    ]);
  });

  it('gives an empty frame for an empty sheet', () => {
    const sheet = { width: 50, height: 50, pixels: new Uint8Array(2500).fill(240) };
    expect(fitDigit(sheet, nearest).pixels.every((grey) => grey === 0)).toBe(true);
  });
});

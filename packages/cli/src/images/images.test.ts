import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { fitDigit, inkOnBlack } from './digit-fit.js';
import { decodeImage } from './read-image.js';

function png(
  width: number,
  height: number,
  rgba: (x: number, y: number) => [number, number, number, number],
): Uint8Array {
  const image = new PNG({ width, height });
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) image.data.set(rgba(x, y), 4 * (y * width + x));
  return PNG.sync.write(image);
}

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
  it('weighs colors by BT.601 and puts transparency on white', () => {
    const file = png(4, 1, (x) => [x === 0 ? 255 : 0, x === 1 ? 255 : 0, x === 2 ? 255 : 0, x === 3 ? 0 : 255]);
    expect([...decodeImage(file, 'colors.png').pixels]).toEqual([76, 150, 29, 255]);
  });

  it('reads JPEG', () => {
    const data = Buffer.alloc(8 * 8 * 4, 200);
    const { width, height, pixels } = decodeImage(jpeg.encode({ width: 8, height: 8, data }, 95).data, 'grey.jpg');
    expect([width, height]).toEqual([8, 8]);
    for (const grey of pixels) expect(Math.abs(grey - 200)).toBeLessThan(4);
  });

  it('refuses other formats, damaged files and sizes beyond reason with a message, not a crash', () => {
    const file = png(2, 2, () => [0, 0, 0, 255]);
    expect(() => decodeImage(Uint8Array.of(1, 2, 3), 'a.txt')).toThrow(/neither PNG nor JPEG/);
    expect(() => decodeImage(file.subarray(0, 40), 'cut.png')).toThrow(/cut\.png is damaged/);
    expect(() => decodeImage(file.subarray(0, 20), 'cut.png')).toThrow(/truncated/);
    expect(() => decodeImage(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0), 'cut.jpg')).toThrow(/cut\.jpg is damaged/);
    const huge = Uint8Array.from(file);
    new DataView(huge.buffer).setUint32(16, 100_000);
    new DataView(huge.buffer).setUint32(20, 100_000);
    expect(() => decodeImage(huge, 'huge.png')).toThrow(/100000×100000 pixels/);
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

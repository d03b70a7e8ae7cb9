import { readFileSync } from 'node:fs';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { decodeImage } from './image-file.js';
import { MAX_PIXELS } from './limits.js';

interface Fixture {
  readonly name: string;
  readonly height: number;
  readonly width: number;
  readonly tolerance: number;
  /** Base64. */
  readonly file: string;
  readonly rgb: string;
  readonly background?: number;
}

/** Written by make-pictures.py, which says what is in them. */
const fixtures = JSON.parse(
  readFileSync(new URL('./__fixtures__/pictures.json', import.meta.url), 'utf8'),
) as readonly Fixture[];

const largestDifference = (a: Uint8Array, b: Uint8Array) =>
  a.reduce((most, v, i) => Math.max(most, Math.abs(v - b[i]!)), 0);

describe('decodes what was written', () => {
  it.each(fixtures.map((fixture) => [fixture.name, fixture] as const))('%s', (_, fixture) => {
    const file = Buffer.from(fixture.file, 'base64');
    const rgb = Buffer.from(fixture.rgb, 'base64');
    const { height, width, bytes } = decodeImage(file, 3, 'x', fixture.background);
    expect([height, width]).toEqual([fixture.height, fixture.width]);
    expect(largestDifference(bytes, rgb)).toBeLessThanOrEqual(fixture.tolerance);

    const grey = decodeImage(file, 1, 'x', fixture.background).bytes;
    const pixels = height * width;
    const luma = grey.map((_, p) =>
      Math.round(0.299 * rgb[p]! + 0.587 * rgb[pixels + p]! + 0.114 * rgb[2 * pixels + p]!),
    );
    expect(largestDifference(grey, luma)).toBeLessThanOrEqual(Math.max(1, fixture.tolerance));
  });
});

describe('sizes', () => {
  it('24 megapixels are read, more than the limit is refused by the header', () => {
    const [width, height] = [6000, 4000];
    const image = new PNG({ width, height, colorType: 0, inputColorType: 0 });
    image.data = Buffer.alloc(width * height, 200);
    const photo = decodeImage(PNG.sync.write(image, { colorType: 0, inputColorType: 0, filterType: 0 }), 1, 'x');
    expect([photo.width, photo.height, photo.bytes.at(-1)]).toEqual([width, height, 200]);
    const small = jpeg.encode({ width: 8, height: 8, data: Buffer.alloc(256, 200) }, 50).data;
    const frame = small.indexOf(Buffer.from([0xff, 0xc0]));
    small.writeUInt16BE(60_000, frame + 5);
    small.writeUInt16BE(60_000, frame + 7);
    expect(() => decodeImage(small, 1, 'x')).toThrow(
      expect.objectContaining({ code: 'invalid-data', message: expect.stringContaining(`1 to ${MAX_PIXELS}`) }),
    );
  }, 60_000);

  it('says whether a picture lets its ground through', () => {
    const image = new PNG({ width: 2, height: 1 });
    image.data.set([0, 0, 0, 255, 0, 0, 0, 0]);
    expect(decodeImage(PNG.sync.write(image), 1, 'x')).toMatchObject({ hasTransparency: true });
    expect([...decodeImage(PNG.sync.write(image), 1, 'x').bytes]).toEqual([0, 0]);
    expect([...decodeImage(PNG.sync.write(image), 1, 'x', 255).bytes]).toEqual([0, 255]);
    image.data[7] = 255;
    expect(decodeImage(PNG.sync.write(image), 1, 'x')).toMatchObject({ hasTransparency: false });
  });
});

it('damaged Exif data leave the picture as it is stored', () => {
  const turned = fixtures.find(({ name }) => name === 'JPEG, orientation 6')!;
  const file = Buffer.from(turned.file, 'base64');
  const exif = file.indexOf('Exif\0\0') + 6;
  // The directory lies beyond the end; no byte order; an orientation that there is not.
  for (const [offset, value] of [
    [4, 0xff],
    [0, 0x58],
    [18, 0x77],
  ] as const) {
    const damaged = Buffer.from(file);
    damaged[exif + offset] = value;
    damaged[exif + offset + 1] = value;
    expect(decodeImage(damaged, 1, 'x')).toMatchObject({ height: 16, width: 24 });
  }
});

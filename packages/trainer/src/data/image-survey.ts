// What a folder of pictures is, before it is decoded whole: the size that suits all, and whether they have colours.
import type { ClassFile } from './class-files.js';
import { readBounded } from './compressed-file.js';
import { decodeImage, readImageSize } from './image-file.js';
import { resizeImages } from './resize.js';

/** Pictures of one size that keep it have at most so many pixels on a side. */
const MAX_OWN_SIDE = 256;
/** The longer side of a derived size; networks for small parts see 16 to 64 pixels. */
const DERIVED_SIDE = 64;
/** Pictures that are looked at for colours, spread over the folder, and pixels of all of them. */
const LOOKED_AT = 40;
const LOOKED_AT_PIXELS = 60_000_000;
/** A picture has colours where more than 1 % of its pixels have channels more than 24 levels apart (scans and JPEG grey have fewer). */
const COLOUR_LEVELS = 24;
const COLOUR_SHARE = 0.01;
/** Looked at in this size. */
const THUMBNAIL = 64;

export interface DerivedSize {
  readonly size: readonly [height: number, width: number];
  /** In words, for users; undefined where every picture keeps its pixels. */
  readonly because?: string;
}

/** Heights and widths of pictures, upright; those whose header cannot be read are left out. */
export async function pictureSizes(files: readonly ClassFile[]): Promise<[number, number][]> {
  const sizes: [number, number][] = [];
  for (const { path } of files) {
    const size = await readBounded(path).then(readImageSize, () => undefined);
    if (size) sizes.push([size.height, size.width]);
  }
  return sizes;
}

/** The one size where all have it, at most 256 pixels a side; else the middle of heights and widths, reduced to 64 pixels. */
export function deriveSize(sizes: readonly (readonly [number, number])[]): DerivedSize | undefined {
  const [first] = sizes;
  if (first === undefined) return undefined;
  const areSame = sizes.every(([height, width]) => height === first[0] && width === first[1]);
  if (areSame && Math.max(...first) <= MAX_OWN_SIDE) return { size: first };
  const middle = (of: 0 | 1) => sizes.map((size) => size[of]).sort((a, b) => a - b)[sizes.length >> 1]!;
  const [height, width] = areSame ? first : [middle(0), middle(1)];
  const factor = Math.min(1, DERIVED_SIDE / Math.max(height, width));
  const scaled = (side: number) => Math.max(1, Math.round(side * factor));
  const size = [scaled(height), scaled(width)] as const;
  const found = areSame
    ? `all have ${height}×${width} pixels`
    : `they have ${new Set(sizes.map(String)).size} sizes, ${height}×${width} (height×width) in the middle`;
  return { size, because: `${found}; they are resized to ${size.join('×')}, stretched where their shape differs` };
}

/** Whether pictures have colours: more than one in twenty of those looked at. Damaged ones do not count. */
export async function haveColours(files: readonly ClassFile[]): Promise<boolean> {
  const step = Math.max(1, files.length / LOOKED_AT);
  let pixels = 0;
  let looked = 0;
  let coloured = 0;
  for (let at = 0; at < files.length && pixels < LOOKED_AT_PIXELS; at += step) {
    const { path } = files[Math.floor(at)]!;
    const file = await readBounded(path).catch(() => undefined);
    const image = file && tryDecode(file, path);
    if (!image) continue;
    pixels += image.height * image.width;
    looked++;
    if (isColoured(image)) coloured++;
  }
  return coloured * 20 > looked;
}

function tryDecode(file: Uint8Array, path: string) {
  try {
    return decodeImage(file, 3, path, 255);
  } catch {
    return undefined;
  }
}

function isColoured({ bytes, height, width }: { bytes: Uint8Array; height: number; width: number }): boolean {
  const small = resizeImages(bytes, [height, width], [Math.min(height, THUMBNAIL), Math.min(width, THUMBNAIL)]);
  const pixels = small.length / 3;
  let apart = 0;
  for (let p = 0; p < pixels; p++) {
    const [red, green, blue] = [small[p]!, small[pixels + p]!, small[2 * pixels + p]!];
    if (Math.max(red, green, blue) - Math.min(red, green, blue) > COLOUR_LEVELS) apart++;
  }
  return apart > COLOUR_SHARE * pixels;
}

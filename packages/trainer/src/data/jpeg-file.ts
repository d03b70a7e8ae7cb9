// JPEG files (ITU-T T.81) to RGBA pixels by jpeg-js, which wants to be told what the markers say about colour, size and orientation.
import jpeg from 'jpeg-js';
import { exifOrientation, type Orientation } from './orientation.js';

export interface JpegHeader {
  readonly width: number;
  readonly height: number;
  /** Whether three components are red, green and blue, not luma and chroma. */
  readonly isRgb: boolean;
  /** Whether it has four components, the inks of printers. */
  readonly isCmyk: boolean;
  readonly orientation: Orientation;
}

const [APP0, APP1, APP14] = [0xe0, 0xe1, 0xee];
const START_OF_SCAN = 0xda;
const END_OF_IMAGE = Buffer.of(0xff, 0xd9);
/** Start of frame: C0 … CF but the tables C4 (Huffman), C8 (reserved) and CC (arithmetic coding). */
const isFrame = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
/** Markers without length: TEM and the restarts. */
const isAlone = (marker: number) => marker === 0x01 || (marker >= 0xd0 && marker <= 0xd7);

/** Memory that the decoder may take: coefficients, planes and pixels of the largest picture. */
const DECODER_MEGABYTES = 768;

export function isJpeg(bytes: Uint8Array): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8;
}

/** Whether the last marker, EOI, is there. */
export function endsJpeg(bytes: Uint8Array): boolean {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).lastIndexOf(END_OF_IMAGE) > 0;
}

/** What stands before the first scan; undefined where no frame does. */
export function readJpegHeader(bytes: Uint8Array): JpegHeader | undefined {
  let size: { width: number; height: number; components: number[] } | undefined;
  let orientation: Orientation = 1;
  let hasJfif = false;
  let adobeTransform: number | undefined;
  for (let at = 2; at + 4 <= bytes.length; ) {
    const marker = bytes[at + 1]!;
    // Bytes of FF may fill the space before a marker.
    if (bytes[at] !== 0xff || marker === 0xff || isAlone(marker)) {
      at += bytes[at] === 0xff && isAlone(marker) ? 2 : 1;
      continue;
    }
    if (marker === START_OF_SCAN) break;
    const length = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    const segment = bytes.subarray(at + 4, at + 2 + length);
    if (isFrame(marker) && segment.length >= 6) {
      const components = Array.from({ length: segment[5]! }, (_, i) => segment[6 + 3 * i] ?? 0);
      size = { height: (segment[1]! << 8) | segment[2]!, width: (segment[3]! << 8) | segment[4]!, components };
    } else if (marker === APP0 && startsWith(segment, 'JFIF\0')) hasJfif = true;
    else if (marker === APP14 && startsWith(segment, 'Adobe') && segment.length >= 12) adobeTransform = segment[11]!;
    else if (marker === APP1 && startsWith(segment, 'Exif\0')) orientation = exifOrientation(segment.subarray(6));
    at += 2 + Math.max(2, length);
  }
  if (size === undefined) return undefined;
  const { components, ...shape } = size;
  // As libjpeg decides: JFIF is always luma and chroma, then Adobe's marker counts, then the components' names.
  const named = String.fromCharCode(...components) === 'RGB';
  const isRgb = components.length === 3 && !hasJfif && (adobeTransform === undefined ? named : adobeTransform === 0);
  return { ...shape, isRgb, isCmyk: components.length === 4, orientation };
}

/** Decodes to RGBA. @throws Error with what is wrong with the data. */
export function decodeJpeg(bytes: Uint8Array, { width, height, isRgb }: JpegHeader) {
  const { data } = jpeg.decode(bytes, {
    useTArray: true,
    maxResolutionInMP: Math.ceil((width * height) / 1e6),
    maxMemoryUsageInMB: DECODER_MEGABYTES,
    ...(isRgb && { colorTransform: false }),
  });
  return { width, height, data };
}

function startsWith(segment: Uint8Array, text: string): boolean {
  return segment.length >= text.length && [...text].every((letter, i) => segment[i] === letter.charCodeAt(0));
}

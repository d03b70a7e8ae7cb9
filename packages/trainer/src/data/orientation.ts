// Which way up a picture is: the orientation that cameras write into Exif data (Exif 2.3, tag 0x0112; TIFF 6.0, section 8).

/** 1: as stored; 2 … 8: mirrored, turned, or both. */
export type Orientation = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8;

const ORIENTATION_TAG = 0x0112;
/** TIFF types whose value stands in the first bytes of the entry: BYTE, SHORT, LONG. */
const VALUE_READERS: Readonly<Record<number, (view: DataView, at: number, little: boolean) => number>> = {
  1: (view, at) => view.getUint8(at),
  3: (view, at, little) => view.getUint16(at, little),
  4: (view, at, little) => view.getUint32(at, little),
};

/**
 * The orientation in a block of TIFF data, as Exif has it; 1 where it says nothing of the kind.
 * Damaged Exif data are no reason to refuse a picture.
 */
export function exifOrientation(tiff: Uint8Array): Orientation {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (view.byteLength < 8) return 1;
  const order = view.getUint16(0);
  const little = order === 0x4949;
  if ((!little && order !== 0x4d4d) || view.getUint16(2, little) !== 42) return 1;
  const directory = view.getUint32(4, little);
  if (directory + 2 > view.byteLength) return 1;
  const entries = view.getUint16(directory, little);
  for (let i = 0; i < entries; i++) {
    const at = directory + 2 + 12 * i;
    if (at + 12 > view.byteLength) return 1;
    if (view.getUint16(at, little) !== ORIENTATION_TAG) continue;
    const value = VALUE_READERS[view.getUint16(at + 2, little)]?.(view, at + 8, little) ?? 1;
    return value >= 1 && value <= 8 ? (value as Orientation) : 1;
  }
  return 1;
}

/** Pixels, channel after channel. */
interface Planes {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly bytes: Uint8Array;
}

/** The picture upright: as `orientation` says that it was stored, undone. */
export function upright<Picture extends Planes>(picture: Picture, orientation: Orientation): Picture {
  if (orientation === 1) return picture;
  const { channels, height, width, bytes } = picture;
  // Stored rows become columns, and are counted from the other end, …
  const turned = orientation >= 5;
  const rowsReversed = [3, 4, 6, 7].includes(orientation);
  const columnsReversed = [2, 3, 7, 8].includes(orientation);
  const [newHeight, newWidth] = turned ? [width, height] : [height, width];
  const result = new Uint8Array(bytes.length);
  let to = 0;
  for (let channel = 0; channel < channels; channel++) {
    const plane = channel * height * width;
    for (let y = 0; y < newHeight; y++) {
      for (let x = 0; x < newWidth; x++) {
        const [row, column] = turned ? [x, y] : [y, x];
        const storedRow = rowsReversed ? height - 1 - row : row;
        const storedColumn = columnsReversed ? width - 1 - column : column;
        result[to++] = bytes[plane + storedRow * width + storedColumn]!;
      }
    }
  }
  return { ...picture, height: newHeight, width: newWidth, bytes: result };
}

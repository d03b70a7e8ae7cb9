// Brings a picture of a digit into the form of MNIST: white ink on black, 20 of 28 pixels large, centred by its centre of mass
// (LeCun et al. 1998, "The MNIST database of handwritten digits").
import type { Picture } from '../render/picture.js';

/** Side of MNIST's frame and of the digit in it. */
const FRAME = 28;
const DIGIT = 20;
/** Ink is what is darker than this share of the range between paper and the darkest stroke. */
const INK_THRESHOLD = 0.25;

export type Resize = (pixels: Uint8Array, from: readonly [number, number], to: readonly [number, number]) => Uint8Array;

/** White on black: inverted if the border, which is the ground, is bright. */
export function inkOnBlack(picture: Picture): Picture {
  const { width, height, pixels } = picture;
  let sum = 0;
  let samples = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (y > 0 && y < height - 1 && x > 0 && x < width - 1) continue;
      sum += pixels[y * width + x]!;
      samples++;
    }
  }
  return sum / samples > 127 ? { width, height, pixels: pixels.map((grey) => 255 - grey) } : picture;
}

/** Stretches the greys so that the ground is 0 and the strongest ink 255: photographs have neither. */
function normalizeContrast(pixels: Uint8Array): Uint8Array {
  const histogram = new Uint32Array(256);
  for (const grey of pixels) histogram[grey]!++;
  let ground = 0;
  for (let grey = 0, seen = 0; grey < 256; grey++) {
    seen += histogram[grey]!;
    // The median: most of a picture of a digit is ground.
    if (seen * 2 >= pixels.length) {
      ground = grey;
      break;
    }
  }
  const strongest = pixels.reduce((most, grey) => Math.max(most, grey), 0);
  const range = Math.max(1, strongest - ground);
  const faint = INK_THRESHOLD * 255;
  return pixels.map((grey) => {
    const stretched = Math.max(0, Math.round(((grey - ground) / range) * 255));
    return stretched < faint / 2 ? 0 : stretched;
  });
}

/**
 * The picture as a 28×28 MNIST sample.
 * @param resize antialiased resizing of one grey image, [height, width] to [height, width]
 */
export function fitDigit(picture: Picture, resize: Resize): Picture {
  const { width, height } = picture;
  const pixels = normalizeContrast(inkOnBlack(picture).pixels);
  const box = inkBox(pixels, width, height);
  if (box === undefined) return { width: FRAME, height: FRAME, pixels: new Uint8Array(FRAME * FRAME) };
  const scale = DIGIT / Math.max(box.width, box.height);
  const digitWidth = Math.max(1, Math.round(box.width * scale));
  const digitHeight = Math.max(1, Math.round(box.height * scale));
  const cropped = new Uint8Array(box.width * box.height);
  for (let y = 0; y < box.height; y++) {
    const start = (box.top + y) * width + box.left;
    cropped.set(pixels.subarray(start, start + box.width), y * box.width);
  }
  const digit = resize(cropped, [box.height, box.width], [digitHeight, digitWidth]);
  return { width: FRAME, height: FRAME, pixels: centre(digit, digitWidth, digitHeight) };
}

interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function inkBox(pixels: Uint8Array, width: number, height: number): Box | undefined {
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (pixels[y * width + x]! < INK_THRESHOLD * 255) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  return right < 0 ? undefined : { left, top, width: right - left + 1, height: bottom - top + 1 };
}

/** Puts the digit into the frame with its centre of mass in the middle. */
function centre(digit: Uint8Array, width: number, height: number): Uint8Array {
  let [mass, massX, massY] = [0, 0, 0];
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const grey = digit[y * width + x]!;
      mass += grey;
      massX += grey * (x + 0.5);
      massY += grey * (y + 0.5);
    }
  }
  const place = (moment: number, size: number): number =>
    Math.min(FRAME - size, Math.max(0, Math.round(FRAME / 2 - moment / Math.max(1, mass))));
  const left = place(massX, width);
  const top = place(massY, height);
  const frame = new Uint8Array(FRAME * FRAME);
  for (let y = 0; y < height; y++) frame.set(digit.subarray(y * width, (y + 1) * width), (top + y) * FRAME + left);
  return frame;
}

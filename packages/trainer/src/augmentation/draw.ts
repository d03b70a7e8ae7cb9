// Draws the deformation of one image. Counter-based: (seed, epoch, copy, image) alone decide, so a resumed run sees the same images.
import { cos, sin, tan } from '@bitnetmcu/quant/internal';
import { Random } from '../random.js';
import type { AugmentationSpec } from './spec.js';

/** Numbers of a matrix: xx, xy, x0, yx, yy, y0 (output pixel centre → source pixel centre). */
export const MATRIX_SIZE = 6;

/** Keeps these streams apart from every other use of the same seed. */
const AUGMENTATION_STREAM = 0xa09;

export function deformationRandom(seed: number, epoch: number, copy: number, image: number): Random {
  return Random.of(seed, AUGMENTATION_STREAM, epoch, copy, image);
}

/**
 * Writes the inverse of: mirror (perhaps), scale and shear about the image centre, then rotate, then translate.
 * @param size [height, width] of source and result
 */
export function drawMatrix(
  spec: AugmentationSpec,
  [height, width]: readonly [number, number],
  random: Random,
  out: Float32Array,
  offset: number,
): void {
  let degrees = 0;
  for (let k = 0; k < spec.rotations; k++) degrees += random.nextBetween(-spec.rotation, spec.rotation);
  const scale = random.nextBetween(spec.scale[0], spec.scale[1]);
  const stretch = 1 + random.nextBetween(-spec.anisotropy, spec.anisotropy);
  const slope = tan(radians(random.nextBetween(-spec.shear, spec.shear)));
  const shiftX = random.nextBetween(-spec.translation, spec.translation) * width;
  const shiftY = random.nextBetween(-spec.translation, spec.translation) * height;

  const cosine = cos(radians(degrees));
  const sine = sin(radians(degrees));
  const scaleX = scale * stretch;
  const scaleY = scale / stretch;
  // Inverse of rotation · shear · scale: first rotate back, then undo shear (x −= slope·y) and scale.
  const xx = (cosine + slope * sine) / scaleX;
  const xy = (sine - slope * cosine) / scaleX;
  const yx = -sine / scaleY;
  const yy = cosine / scaleY;
  const centreX = (width - 1) / 2;
  const centreY = (height - 1) / 2;
  const x0 = centreX - xx * (centreX + shiftX) - xy * (centreY + shiftY);
  // Nothing is drawn where nothing is mirrored.
  const mirrored = spec.flip > 0 && random.nextBetween(0, 1) < spec.flip;
  out[offset] = mirrored ? -xx : xx;
  out[offset + 1] = mirrored ? -xy : xy;
  out[offset + 2] = mirrored ? width - 1 - x0 : x0;
  out[offset + 3] = yx;
  out[offset + 4] = yy;
  out[offset + 5] = centreY - yx * (centreX + shiftX) - yy * (centreY + shiftY);
}

/** Writes grid·grid pairs (dx, dy). */
export function drawDisplacement(
  { amplitude, grid }: NonNullable<AugmentationSpec['elastic']>,
  random: Random,
  out: Float32Array,
  offset: number,
): void {
  for (let i = 0; i < grid * grid * 2; i++) out[offset + i] = random.nextBetween(-amplitude, amplitude);
}

function radians(degrees: number): number {
  return (degrees * Math.PI) / 180;
}

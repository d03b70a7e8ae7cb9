// PNG and JPEG files as grey pictures on white paper.
import { readFileBounded } from '@bitnetmcu/models/internal/node';
import { decodeImage } from '@bitnetmcu/trainer/internal';
import type { Picture } from '../render/picture.js';

const MAX_FILE_BYTES = 32 * 2 ** 20;
const PAPER = 255;

/** Reads a picture; transparent pixels are white. @throws ModelError `file-error`, TrainerError `invalid-data`. */
export function readImage(path: string): Picture {
  const { width, height, bytes } = decodeImage(readFileBounded(path, MAX_FILE_BYTES), 1, path, PAPER);
  return { width, height, pixels: bytes };
}

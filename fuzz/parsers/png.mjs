// PNG pictures of every colour type and depth: decoded to grey and colour, resized.
import { decodeImage, resizeImages } from '@bitnetmcu/trainer/internal';
import { makePng } from '../mutators/png.mjs';

export async function prepare() {}

export function make(random) {
  return { 'picture.png': makePng(random, 0.85) };
}

export async function run(files) {
  const { channels, height, width, bytes } = decodeImage(files['picture.png'], 3, 'picture.png', 255);
  resizeImages(bytes, [height, width], [16, 16]);
  if (bytes.length !== channels * height * width) throw new Error('wrong size');
  decodeImage(files['picture.png'], 1, 'picture.png');
}

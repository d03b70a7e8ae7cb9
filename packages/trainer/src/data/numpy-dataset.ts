// Data sets saved by NumPy: one .npz with four arrays, or four .npy files.
import type { Shape } from '@bitnetmcu/models';
import type { Samples } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import { readBounded } from './compressed-file.js';
import type { LoadBudget } from './load-budget.js';
import { type NumericArray, parseNpy } from './npy.js';
import { toBytes, toClassNumbers, type ValueRange } from './value-range.js';
import { openZip } from './zip.js';

/** @throws TrainerError `data-not-found` or `invalid-data`. */
export async function readNpy(path: string): Promise<NumericArray> {
  return parseNpy(await readBounded(path), path);
}

/** The arrays of an .npz archive, read when asked for. @throws TrainerError `invalid-data`. */
export function openNpz(
  bytes: Uint8Array,
  source: string,
  budget: LoadBudget,
): { readonly names: readonly string[]; array(name: string): Promise<NumericArray> } {
  const members = openZip(bytes, source, budget);
  const names = [...members.keys()].map((name) => name.replace(/\.npy$/, ''));
  return {
    names,
    async array(name) {
      const open = members.get(`${name}.npy`);
      if (open) return parseNpy(await open(), `${name} in ${source}`);
      const known = names.slice(0, 20).join(', ') || 'none';
      throw new TrainerError('invalid-data', `${source} has no array ${name}; it has ${known}.`);
    },
  };
}

/**
 * Samples from an array [count, features], [count, height, width] or [count, height, width, channels] and labels [count] or [count, 1].
 * Channels last, as NumPy users have it, become channels first.
 * @throws TrainerError `invalid-data`.
 */
export function numpySamples(
  images: NumericArray,
  labels: NumericArray,
  range: ValueRange,
  source: string,
): { samples: Samples; shape: Shape } {
  const [count, ...rest] = images.dimensions;
  if (count === undefined || rest.length < 1 || rest.length > 3 || rest.some((size) => size < 1 || size > 65_535)) {
    throw new TrainerError(
      'invalid-data',
      `${source}: samples have the dimensions ${images.dimensions.join('×')}; expected count×features, count×height×width or count×height×width×channels.`,
    );
  }
  if (labels.dimensions[0] !== count || labels.values.length !== count) {
    throw new TrainerError(
      'invalid-data',
      `${source}: ${count} samples but labels of the dimensions ${labels.dimensions.join('×')}.`,
    );
  }
  const bytes = toBytes(images.values, range, source);
  const numbers = toClassNumbers(labels.values, source);
  if (rest.length === 1) return { samples: { count, bytes, labels: numbers }, shape: [rest[0]!] };
  const [height, width, channels = 1] = rest as [number, number, number?];
  return {
    samples: { count, bytes: channelsFirst(bytes, height * width, channels), labels: numbers },
    shape: [channels, height, width],
  };
}

/** From pixel after pixel to channel after channel, for images of `pixels` pixels. */
function channelsFirst(bytes: Uint8Array, pixels: number, channels: number): Uint8Array {
  if (channels === 1) return bytes;
  const planes = new Uint8Array(bytes.length);
  for (let image = 0; image < bytes.length; image += pixels * channels) {
    for (let p = 0; p < pixels; p++) {
      for (let c = 0; c < channels; c++) planes[image + c * pixels + p] = bytes[image + p * channels + c]!;
    }
  }
  return planes;
}

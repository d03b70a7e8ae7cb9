// The idx format of the MNIST family (images and labels of uint8), plain or gzip-compressed.
// Layout: 0, 0, type code, number of dimensions, each dimension as big-endian uint32, values (http://yann.lecun.com/exdb/mnist/).
import type { Shape } from '@bitnetmcu/models';
import type { Samples } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import { gunzipHead, isGzip, readBounded } from './compressed-file.js';
import { inflateExactly } from './inflate.js';
import { MAX_DATA_BYTES } from './limits.js';
import { LoadBudget } from './load-budget.js';

/** An array of bytes with dimensions, slowest first. */
export interface IdxArray {
  readonly dimensions: readonly number[];
  readonly values: Uint8Array;
}

const TYPE_UINT8 = 0x08;
const OTHER_TYPES: Readonly<Record<number, string>> = {
  9: 'int8',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
};
const MAX_DIMENSIONS = 4;

/**
 * Reads an uncompressed idx array of uint8; `values` is a view into `bytes`.
 * @param source name for messages
 * @throws TrainerError `invalid-data` unless magic number, dimensions and length agree.
 */
export function parseIdx(bytes: Uint8Array, source = 'the idx data'): IdxArray {
  const { dimensions, offset, size } = parseIdxHeader(bytes, source);
  if (bytes.length !== offset + size) {
    throw new TrainerError(
      'invalid-data',
      `${source} has ${bytes.length} bytes; its header (${dimensions.join('×')}) announces ${offset + size}. Get the file again.`,
    );
  }
  return { dimensions, values: bytes.subarray(offset) };
}

/** Reads idx bytes that may be gzip-compressed. Errors as `parseIdx`; nothing is decompressed beyond the size in the header and the budget. */
export async function decodeIdx(
  bytes: Uint8Array,
  source = 'the idx data',
  budget = new LoadBudget(),
): Promise<IdxArray> {
  if (!isGzip(bytes)) return parseIdx(bytes, source);
  const { offset, size } = parseIdxHeader(gunzipHead(bytes, source), source);
  return parseIdx(await inflateExactly('gzip', bytes, offset + size, source, budget), source);
}

/**
 * Reads an idx or idx.gz file.
 * @throws TrainerError `data-not-found` or `invalid-data`.
 */
export async function readIdx(path: string, budget?: LoadBudget): Promise<IdxArray> {
  return decodeIdx(await readBounded(path), path, budget);
}

function parseIdxHeader(bytes: Uint8Array, source: string): { dimensions: number[]; offset: number; size: number } {
  const [zero0, zero1, type, rank] = bytes;
  if (bytes.length < 4 || zero0 !== 0 || zero1 !== 0) {
    throw new TrainerError('invalid-data', `${source} is not an idx file: it must begin with two zero bytes.`);
  }
  if (type !== TYPE_UINT8) {
    const found = OTHER_TYPES[type!] ?? `unknown type 0x${type!.toString(16)}`;
    throw new TrainerError('invalid-data', `${source} holds ${found} values; only uint8 (type code 0x08) is read.`);
  }
  const offset = 4 + 4 * rank!;
  if (rank! < 1 || rank! > MAX_DIMENSIONS || bytes.length < offset) {
    throw new TrainerError(
      'invalid-data',
      `${source} has ${rank} dimensions in ${bytes.length} bytes; 1 to ${MAX_DIMENSIONS} are read, 4 bytes each.`,
    );
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, offset);
  const dimensions = Array.from({ length: rank! }, (_, i) => view.getUint32(4 + 4 * i));
  const size = dimensions.reduce((product, dimension) => product * dimension, 1);
  if (size > MAX_DATA_BYTES) {
    throw new TrainerError(
      'invalid-data',
      `${source} announces ${dimensions.join('×')} values; at most ${MAX_DATA_BYTES} are read.`,
    );
  }
  return { dimensions, offset, size };
}

/** Samples and their shape from an image array [count, height, width] (or [count, channels, height, width], [count, features]) and labels [count]. */
export function idxSamples(images: IdxArray, labels: IdxArray, source: string): { samples: Samples; shape: Shape } {
  const [count, ...rest] = images.dimensions as [number, ...number[]];
  const shape = rest.length === 2 ? [1, ...rest] : rest;
  if (shape.length === 0 || shape.some((size) => size === 0 || size > 65_535)) {
    throw new TrainerError(
      'invalid-data',
      `${source}: images have the dimensions ${images.dimensions.join('×')}; expected count×height×width with sizes of 1 to 65535.`,
    );
  }
  if (labels.dimensions.length !== 1 || labels.dimensions[0] !== count) {
    throw new TrainerError(
      'invalid-data',
      `${source}: ${count} images but labels of the dimensions ${labels.dimensions.join('×')}; expected ${count} labels. Are the files of one split?`,
    );
  }
  return {
    samples: { count, bytes: images.values, labels: Uint16Array.from(labels.values) },
    shape: shape as unknown as Shape,
  };
}

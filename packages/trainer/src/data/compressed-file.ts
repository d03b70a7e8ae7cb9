// Reads files that may be gzip-compressed, with limits that hold before memory is taken.
import { promisify } from 'node:util';
import { constants, gunzip, gunzipSync } from 'node:zlib';
import { readRegularFile } from '@bitnetmcu/models/node';
import { TrainerError } from '../errors.js';

const gunzipAsync = promisify(gunzip);

/** Larger data files are refused: training data lives in memory, several times over. */
export const MAX_FILE_BYTES = 2 ** 30;

/** Whether the bytes begin with the magic number of gzip (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * A whole file as it is on disk.
 * @throws TrainerError `data-not-found` if it cannot be read, is no regular file or is larger than MAX_FILE_BYTES.
 */
export async function readBounded(path: string): Promise<Uint8Array> {
  try {
    return readRegularFile(path, MAX_FILE_BYTES);
  } catch (cause) {
    throw new TrainerError('data-not-found', (cause as Error).message, { cause });
  }
}

/**
 * The first bytes of a gzip stream, up to what 4096 compressed bytes hold (at most 4.2 MB: deflate expands 1032-fold at best).
 * @throws TrainerError `invalid-data` if the stream is damaged there.
 */
export function gunzipHead(bytes: Uint8Array, source: string): Uint8Array {
  try {
    return gunzipSync(bytes.subarray(0, 4096), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: 2 ** 23 });
  } catch (cause) {
    throw damaged(source, cause);
  }
}

/**
 * Decompresses to exactly `size` bytes.
 * @throws TrainerError `invalid-data` if the stream is damaged or holds more or less.
 */
export async function gunzipExactly(bytes: Uint8Array, size: number, source: string): Promise<Uint8Array> {
  let inflated: Uint8Array;
  try {
    inflated = await gunzipAsync(bytes, { maxOutputLength: Math.max(1, size) });
  } catch (cause) {
    throw damaged(source, cause);
  }
  if (inflated.length !== size) {
    throw new TrainerError('invalid-data', `${source} holds ${inflated.length} bytes; its header announces ${size}.`);
  }
  return inflated;
}

function damaged(source: string, cause: unknown): TrainerError {
  const { code, message } = cause as NodeJS.ErrnoException;
  const reason = code === 'ERR_BUFFER_TOO_LARGE' ? 'it holds more data than its header announces' : message;
  return new TrainerError('invalid-data', `${source} is not a sound gzip file: ${reason}. Get the file again.`, {
    cause,
  });
}

// Reads files that may be gzip-compressed, with limits that hold before memory is taken.
import { constants, gunzipSync } from 'node:zlib';
import { readRegularFile } from '@bitnetmcu/models/internal/node';
import { TrainerError } from '../errors.js';
import { MAX_DATA_BYTES } from './limits.js';

/** Whether the bytes begin with the magic number of gzip (RFC 1952). */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * A whole file as it is on disk.
 * @throws TrainerError `data-not-found` if it cannot be read, is no regular file or is larger than MAX_DATA_BYTES.
 */
export async function readBounded(path: string): Promise<Uint8Array> {
  try {
    return readRegularFile(path, MAX_DATA_BYTES);
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
    const { message } = cause as Error;
    throw new TrainerError('invalid-data', `${source} is not a sound gzip file: ${message}. Get the file again.`, {
      cause,
    });
  }
}

// Decompresses a stream of known size straight into its place: memory is what it really holds, however large it says to be.
import { createGunzip, createInflateRaw } from 'node:zlib';
import { TrainerError } from '../errors.js';
import type { LoadBudget } from './load-budget.js';

const CHUNK_BYTES = 2 ** 18;

/**
 * Exactly `size` bytes out of a gzip or raw deflate stream.
 * @throws TrainerError `invalid-data` if the stream is damaged, holds more or less, or the budget has less left.
 */
export async function inflateExactly(
  format: 'gzip' | 'deflate',
  compressed: Uint8Array,
  size: number,
  source: string,
  budget: LoadBudget,
): Promise<Uint8Array> {
  budget.take(size, source);
  const stream =
    format === 'gzip' ? createGunzip({ chunkSize: CHUNK_BYTES }) : createInflateRaw({ chunkSize: CHUNK_BYTES });
  // The system gives memory only where it is written to.
  const bytes = new Uint8Array(size);
  let filled = 0;
  try {
    stream.end(compressed);
    for await (const chunk of stream as AsyncIterable<Uint8Array>) {
      if (filled + chunk.length > size) throw new Error('it holds more data than its header announces');
      bytes.set(chunk, filled);
      filled += chunk.length;
    }
  } catch (cause) {
    const { message } = cause as Error;
    throw new TrainerError('invalid-data', `${source} does not decompress: ${message}. Get the file again.`, { cause });
  } finally {
    stream.destroy();
  }
  if (filled !== size) {
    throw new TrainerError('invalid-data', `${source} holds ${filled} bytes; its header announces ${size}.`);
  }
  return bytes;
}

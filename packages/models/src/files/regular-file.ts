// The one way in which this project reads a file that somebody named: regular files only, never more bytes than allowed. Node only.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { ModelError } from '../errors.js';
import { systemReason } from './system-reason.js';

/** An open file; whoever opened it closes `descriptor`. */
export interface RegularFile {
  readonly descriptor: number;
  /** Bytes when it was opened. */
  readonly size: number;
}

/**
 * Opens a file for reading without waiting for anything: a pipe, a device, a socket or a folder is refused.
 * @param maxBytes a larger file is refused before anything is read
 * @throws ModelError `file-error` with the path, what it is and what is wanted.
 */
export function openRegularFile(path: string, maxBytes = Number.POSITIVE_INFINITY): RegularFile {
  let descriptor: number | undefined;
  try {
    // Without O_NONBLOCK the call itself waits for the writer of a named pipe. Windows has no such flag.
    descriptor = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const status = fstatSync(descriptor);
    if (!status.isFile()) throw new Error(`it is ${kindOf(status)}; a regular file is wanted`);
    if (status.size > maxBytes) throw new Error(`it has ${status.size} bytes; at most ${maxBytes} are read`);
    return { descriptor, size: status.size };
  } catch (cause) {
    if (descriptor !== undefined) closeSync(descriptor);
    throw new ModelError('file-error', `Cannot read ${path}: ${systemReason(cause)}.`, { cause });
  }
}

/**
 * The bytes of a regular file of bounded size.
 * @throws ModelError `file-error`
 */
export function readRegularFile(path: string, maxBytes: number): Uint8Array {
  const { descriptor, size } = openRegularFile(path, maxBytes);
  try {
    const bytes = new Uint8Array(size);
    let filled = 0;
    while (filled < size) {
      const count = readSync(descriptor, bytes, filled, size - filled, null);
      if (count === 0) break;
      filled += count;
    }
    // A file that another program shortens meanwhile gives what there is; the decoders check lengths.
    return filled === size ? bytes : bytes.subarray(0, filled);
  } catch (cause) {
    throw new ModelError('file-error', `Cannot read ${path}: ${systemReason(cause)}.`, { cause });
  } finally {
    closeSync(descriptor);
  }
}

function kindOf(status: ReturnType<typeof fstatSync>): string {
  if (status.isDirectory()) return 'a folder';
  if (status.isFIFO()) return 'a named pipe';
  if (status.isCharacterDevice() || status.isBlockDevice()) return 'a device';
  if (status.isSocket()) return 'a socket';
  return 'no regular file';
}

// Memory whose size a configuration or a data set decides: where there is not enough, an error says how much, and what to do.
import { TrainerError } from './errors.js';

/**
 * What `make` gives, which takes about `bytes` of memory.
 * @param what the thing that takes it, as the start of a sentence
 * @param remedy what to do, as its end
 * @throws TrainerError `out-of-memory` where the runtime refuses: buffers and WebAssembly memories throw a RangeError
 */
export function withMemory<T>(what: string, bytes: number, remedy: string, make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw outOfMemory(what, bytes, 'more than this process can have', remedy, cause);
  }
}

/** The error itself, for limits that are known beforehand. */
export function outOfMemory(what: string, bytes: number, limit: string, remedy: string, cause?: unknown): TrainerError {
  return new TrainerError('out-of-memory', `${what} takes ${formatBytes(bytes)} of memory, ${limit}: ${remedy}.`, {
    cause,
  });
}

const GIB = 2 ** 30;
const MIB = 2 ** 20;

function formatBytes(bytes: number): string {
  return bytes >= GIB ? `${(bytes / GIB).toFixed(1)} GiB` : `${Math.ceil(bytes / MIB)} MiB`;
}

// What one load of data may still unpack: one account for every archive, stream and picture that it reads.
import { TrainerError } from '../errors.js';
import { HONEST_IMAGE_RATIO, MAX_UNPACKED_BYTES } from './limits.js';

/** Made once for each `loadDataset`, asked before memory is taken. */
export class LoadBudget {
  #left: number;

  constructor(readonly bytes = MAX_UNPACKED_BYTES) {
    this.#left = bytes;
  }

  /** Takes what will be kept in memory. @throws TrainerError `invalid-data` where that is more than is left. */
  take(bytes: number, source: string): void {
    if (bytes > this.#left) {
      throw new TrainerError(
        'invalid-data',
        `${source} unpacks to ${bytes} bytes, but of the ${this.bytes} that compressed data may have together, ${this.#left} are left. Give fewer or smaller samples, or save them unpacked (.npy, idx), as whole numbers of 8 bits.`,
      );
    }
    this.#left -= bytes;
  }

  /** Takes what a picture unpacks to beyond what its file explains; it is released when the picture is resized. */
  takePicture(unpacked: number, fileBytes: number, source: string): void {
    this.take(Math.max(0, unpacked - HONEST_IMAGE_RATIO * fileBytes), source);
  }
}

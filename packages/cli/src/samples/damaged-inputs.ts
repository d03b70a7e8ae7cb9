// Files among several that cannot be read: an error, or, where the user asks for it, left out with a note.
import { BitnetmcuError } from '@bitnetmcu/quant';
import type { InferSample } from './sample.js';

/** The codes of errors that are a file's own. */
const OF_FILE: readonly string[] = ['bad-file', 'file-error', 'data-not-found', 'invalid-data'];

export class DamagedInputs {
  #left: number;

  /**
   * @param skip whether such files are left out
   * @param inputs how many there are; the last one that could be read is an error in any case
   * @param say hears of each that is left out
   */
  constructor(
    readonly skip: boolean,
    inputs: number,
    readonly say: (note: string) => void,
  ) {
    this.#left = inputs;
  }

  /** What `read` gives; nothing for a file that is left out. @throws as `read` does */
  async read(read: () => Promise<readonly InferSample[]>): Promise<readonly InferSample[]> {
    try {
      return await read();
    } catch (error) {
      this.#left--;
      if (!this.skip || this.#left === 0 || !BitnetmcuError.isInstance(error) || !OF_FILE.includes(error.code))
        throw error;
      this.say(`Left out: ${error.message}`);
      return [];
    }
  }
}

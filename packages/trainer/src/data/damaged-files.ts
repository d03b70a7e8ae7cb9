// What happens to single files of a data set that cannot be read: an error that names the file, or, where asked, they are left out and counted.
import { TrainerError } from '../errors.js';

/** Of one folder. */
export class DamagedFiles {
  #count = 0;
  #first = '';

  /** @param skip whether such files are left out */
  constructor(readonly skip: boolean) {}

  /**
   * What `read` gives; undefined for a file that is left out.
   * @throws TrainerError as `read` does, with the remedy.
   */
  async read<Result>(read: () => Result | Promise<Result>): Promise<Result | undefined> {
    try {
      return await read();
    } catch (cause) {
      if (!TrainerError.isInstance(cause)) throw cause;
      if (this.skip) {
        if (this.#count++ === 0) this.#first = cause.message;
        return undefined;
      }
      throw new TrainerError(
        cause.code,
        `${cause.message} To leave out all files that cannot be read, give --skip-damaged (key \`skipDamaged\`).`,
        { cause },
      );
    }
  }

  /** @throws TrainerError `invalid-data` where no file of so many could be read. */
  notes(folder: string, files: number): string[] {
    if (this.#count === 0) return [];
    if (this.#count === files) {
      throw new TrainerError(
        'invalid-data',
        `${folder}: none of the ${files} files can be read. The first: ${this.#first}`,
      );
    }
    return [`${folder}: ${this.#count} of ${files} files cannot be read and are skipped. The first: ${this.#first}`];
  }
}

// Values that are expensive to find, kept beside the records by a key: JSON lines, of which each is whole or taken back.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { showIssues } from '@bitnetmcu/models/internal';
import { z } from 'zod';
import { StudyError } from '../errors.js';
import { MAX_KEPT_BYTES, MAX_RUNS } from '../limits.js';
import { JsonLinesFile, readJsonLines } from './json-lines.js';

/** One writer at a time: whoever has the folder's records open. */
export class KeptValues<T extends z.ZodType> {
  readonly #values: Map<string, z.output<T>>;
  readonly #file: JsonLinesFile;

  /**
   * @param folder that of the records
   * @param file its name, such as `prices.jsonl`; made where it is missing
   * @throws StudyError `invalid-records` naming the line that is none; ModelError `file-error`
   */
  constructor(folder: string, file: string, schema: T) {
    const path = join(folder, file);
    this.#values = existsSync(path) ? readKept(path, schema) : new Map();
    this.#file = new JsonLinesFile(path);
  }

  find(key: string): z.output<T> | undefined {
    return this.#values.get(key);
  }

  /** The value is on the disk when this returns; of a key that is there already it takes the place of the old one. */
  keep(key: string, value: z.output<T>): void {
    this.#file.append({ key, value });
    this.#values.set(key, value);
  }

  close(): void {
    this.#file.close();
  }
}

function readKept<T extends z.ZodType>(path: string, schema: T): Map<string, z.output<T>> {
  const lineSchema = z.strictObject({ key: z.string().regex(/^[0-9a-f]{64}$/), value: schema });
  const values = new Map<string, z.output<T>>();
  for (const { value: read, line } of readJsonLines(path, MAX_KEPT_BYTES)) {
    const result = lineSchema.safeParse(read);
    if (!result.success) {
      const { lines } = showIssues(lineSchema, read, result.error.issues);
      throw new StudyError(
        'invalid-records',
        `${path}: line ${line} is none of ${basename(path)}:\n${lines.join('\n')}\nRemove the line: what it says is found out again.`,
      );
    }
    const { key, value } = result.data as { readonly key: string; readonly value: z.output<T> };
    values.set(key, value);
    if (values.size > MAX_RUNS) {
      throw new StudyError(
        'invalid-records',
        `${path} has more than ${MAX_RUNS} lines. Remove it, or take another folder.`,
      );
    }
  }
  return values;
}

// A folder of records that one process writes: a line for every run that ended, and the `.bnm` of each by its hash.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type FolderLock,
  lockFolder,
  removeOrphanedTemporaries,
  writeFileAtomic,
} from '@bitnetmcu/models/internal/node';
import { StudyError } from '../errors.js';
import { type CheckpointStore, checkpointFolder } from '../run/checkpoint-store.js';
import type { RunRecord } from '../run/run-record.js';
import { JsonLinesFile } from './json-lines.js';
import { FOLDER_FILE, RECORDS_FILE, RECORDS_VERSION, readRecords, requireRecordsFolder } from './read-records.js';

const MODELS = 'models';
const UNFINISHED = 'unfinished';
const LOCK = 'study';

/** Records that can be added to; see `openRecords`. */
export class RunRecords {
  readonly folder: string;
  /** Where runs that are under way are kept. */
  readonly unfinished: string;
  readonly checkpoints: CheckpointStore;
  readonly #lock: FolderLock;
  readonly #file: JsonLinesFile;
  readonly #known: Map<string, RunRecord>;

  constructor(folder: string) {
    this.folder = folder;
    this.unfinished = join(folder, UNFINISHED);
    this.checkpoints = checkpointFolder(this.unfinished);
    this.#lock = lockFolder(folder, LOCK);
    try {
      prepare(folder);
      this.#file = new JsonLinesFile(join(folder, RECORDS_FILE));
      this.#known = new Map(readRecords(folder).map((record) => [record.key, record]));
    } catch (error) {
      this.#lock.release();
      throw error;
    }
  }

  get size(): number {
    return this.#known.size;
  }

  /** The record of a run, if it ended: in this study or in another one. */
  find(key: string): RunRecord | undefined {
    return this.#known.get(key);
  }

  /**
   * Keeps a run: it is on the disk when this returns, and its checkpoint is removed.
   * @param model its `.bnm`, where it finished
   * @throws StudyError `invalid-argument` where the model is not the record's; ModelError `file-error`
   */
  add(record: RunRecord, model?: Uint8Array): void {
    if (record.status === 'finished' && record.model !== undefined) this.#writeModel(record.model, model);
    this.#file.append(record);
    this.#known.set(record.key, record);
    if (record.status === 'finished') this.checkpoints.remove(record.key);
  }

  /** The path of a `.bnm`. */
  modelPath(sha256: string): string {
    return join(this.folder, MODELS, `${sha256}.bnm`);
  }

  /** Gives the lock back. */
  close(): void {
    this.#file.close();
    this.#lock.release();
  }

  #writeModel(sha256: string, model: Uint8Array | undefined): void {
    const found = model && createHash('sha256').update(model).digest('hex');
    if (model === undefined || found !== sha256) {
      throw new StudyError(
        'invalid-argument',
        `A record names the model ${sha256}, and ${found === undefined ? 'no model was' : `the one with SHA-256 ${found} was`} given. Give the bytes of its .bnm.`,
      );
    }
    const path = this.modelPath(sha256);
    if (!existsSync(path)) writeFileAtomic(path, model);
  }
}

/** A new folder gets its description; one of something else is refused. */
function prepare(folder: string): void {
  const path = join(folder, FOLDER_FILE);
  if (!existsSync(path)) {
    const there = readdirSync(folder).filter((name) => !name.startsWith('.'));
    if (there.length > 0) {
      throw new StudyError(
        'invalid-records',
        `${folder} holds something else (${there.slice(0, 6).join(', ')}); a folder of records, or an empty one, wanted. Give another folder (--output).`,
      );
    }
    writeFileAtomic(path, `${JSON.stringify({ holds: 'records of bitnetmcu runs', version: RECORDS_VERSION })}\n`);
  }
  requireRecordsFolder(folder);
  mkdirSync(join(folder, MODELS), { recursive: true });
  mkdirSync(join(folder, UNFINISHED), { recursive: true });
  // What killed processes left; nobody else writes here while it is locked.
  for (const part of [folder, join(folder, MODELS)]) removeOrphanedTemporaries(part, 0);
}

/**
 * Opens a folder of records for a study, and makes it where it is missing; it is locked until `close`. Studies that share a folder share their runs.
 * @throws StudyError `invalid-records` where it holds something else, or records of another version; ModelError `folder-in-use`, `file-error`
 *
 * @example
 * ```ts
 * import { openRecords } from '@bitnetmcu/studies';
 *
 * const records = openRecords('study');
 * console.log(`${records.size} runs are there already`);
 * records.close();
 * ```
 */
export function openRecords(folder: string): RunRecords {
  return new RunRecords(folder);
}

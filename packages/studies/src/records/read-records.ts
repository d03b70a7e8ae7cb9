// Reading the records of a folder, also while a study writes them.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { showIssues } from '@bitnetmcu/models/internal';
import { readRegularFile } from '@bitnetmcu/models/internal/node';
import { z } from 'zod';
import { StudyError } from '../errors.js';
import { MAX_FOLDER_BYTES, MAX_RECORD_BYTES, MAX_RUNS } from '../limits.js';
import type { RunRecord } from '../run/run-record.js';
import { readJsonLines } from './json-lines.js';
import { recordSchema } from './record-schema.js';

/** Says what a folder is. */
export const FOLDER_FILE = 'study-records.json';
export const RECORDS_FILE = 'records.jsonl';
export const RECORDS_VERSION = 1;

const folderSchema = z.looseObject({ version: z.int() });

/** @throws StudyError `invalid-records` where a folder is none of records, or one of another version */
export function requireRecordsFolder(folder: string): void {
  const path = join(folder, FOLDER_FILE);
  if (!existsSync(path)) {
    throw new StudyError(
      'invalid-records',
      `${folder} holds no records of runs: there is no ${FOLDER_FILE}. Give the folder that \`bitnetmcu study run\` wrote (--output).`,
    );
  }
  const { version } = versionOf(path);
  if (version === RECORDS_VERSION) return;
  throw new StudyError(
    'invalid-records',
    `${folder} holds records of version ${version}; version ${RECORDS_VERSION} wanted. Use the version of bitnetmcu that wrote them, or another folder.`,
  );
}

function versionOf(path: string): z.output<typeof folderSchema> {
  try {
    return folderSchema.parse(JSON.parse(new TextDecoder().decode(readRegularFile(path, MAX_FOLDER_BYTES))));
  } catch (cause) {
    throw new StudyError(
      'invalid-records',
      `${path} does not say of which version the records are: a JSON document with "version": ${RECORDS_VERSION} wanted. Give another folder.`,
      { cause },
    );
  }
}

/**
 * The records of a folder in the order in which runs ended; of a run that was made again the last one. A study may be writing them.
 * @throws StudyError `invalid-records` naming the line; ModelError `file-error`
 *
 * @example
 * ```ts
 * import { readRecords } from '@bitnetmcu/studies';
 *
 * const finished = readRecords('study').filter((record) => record.status === 'finished');
 * console.log(finished.map(({ weightBytes, validation }) => [weightBytes, validation?.integer.accuracy]));
 * ```
 */
export function readRecords(folder: string): RunRecord[] {
  requireRecordsFolder(folder);
  const path = join(folder, RECORDS_FILE);
  const records = new Map<string, RunRecord>();
  if (!existsSync(path)) return [];
  for (const { value, line } of readJsonLines(path, MAX_RECORD_BYTES)) {
    const record = checked(value, path, line);
    records.delete(record.key);
    records.set(record.key, record);
    if (records.size > MAX_RUNS) {
      throw new StudyError(
        'invalid-records',
        `${path} has more than ${MAX_RUNS} runs; divide them among several folders.`,
      );
    }
  }
  return [...records.values()];
}

function checked(value: unknown, path: string, line: number): RunRecord {
  const result = recordSchema.safeParse(value);
  // What is asked of a record beyond this was checked by who wrote it.
  if (result.success) return result.data as unknown as RunRecord;
  const { lines } = showIssues(recordSchema, value, result.error.issues);
  throw new StudyError(
    'invalid-records',
    `${path}: line ${line} is no record of a run:\n${lines.join('\n')}\nRemove the line: its run is made again.`,
  );
}

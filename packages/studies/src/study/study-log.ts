// Which runs belong to a study: a file of JSON lines beside the records, which several studies may share. `study status` reads it.
import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { showIssues } from '@bitnetmcu/models/internal';
import { appendToFile, writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { z } from 'zod';
import { StudyError } from '../errors.js';
import { MAX_RUNS } from '../limits.js';
import { readJsonLines } from '../records/json-lines.js';

const FOLDER = 'studies';
const VERSION = 1;
const MAX_LINE_BYTES = 2 ** 16;

const headSchema = z.looseObject({ version: z.literal(VERSION), name: z.string(), runs: z.int().min(0).optional() });
const entrySchema = z.looseObject({
  key: z.string().regex(/^[0-9a-f]{64}$/),
  label: z.string(),
  seed: z.number(),
});

export interface LoggedRun {
  readonly key: string;
  /** Of its configuration. */
  readonly label: string;
  readonly seed: number;
}

export interface LoggedStudy {
  readonly name: string;
  /** How many runs there will be; absent where a sampler decides. */
  readonly runs?: number | undefined;
  /** Those that were begun, in their order. */
  readonly begun: readonly LoggedRun[];
}

/** Writes which runs a study begins; what it began before it says again. Lines are not flushed: each is written again with the next start. */
export class StudyLog {
  readonly #path: string;

  constructor(folder: string, name: string, runs: number | undefined) {
    this.#path = join(folder, FOLDER, `${name}.jsonl`);
    writeFileAtomic(this.#path, `${JSON.stringify({ version: VERSION, name, ...(runs !== undefined && { runs }) })}\n`);
  }

  begin(run: LoggedRun): void {
    appendToFile(this.#path, `${JSON.stringify(run)}\n`);
  }
}

/** The studies of a folder by name. @throws StudyError `invalid-records` */
export function readStudyLogs(folder: string): LoggedStudy[] {
  const path = join(folder, FOLDER);
  if (!existsSync(path)) return [];
  const files = readdirSync(path).filter((name) => name.endsWith('.jsonl') && !name.startsWith('.'));
  return files.sort().map((name) => readStudyLog(join(path, name)));
}

function readStudyLog(path: string): LoggedStudy {
  let head: z.output<typeof headSchema> | undefined;
  const begun: LoggedRun[] = [];
  for (const { value, line } of readJsonLines(path, MAX_LINE_BYTES)) {
    if (head === undefined) head = checked(headSchema, value, path, line);
    else begun.push(checked(entrySchema, value, path, line));
    if (begun.length > MAX_RUNS) throw invalid(path, `has more than ${MAX_RUNS} runs; at most so many wanted`);
  }
  if (head === undefined) throw invalid(path, 'is empty; the description of a study wanted');
  return { name: head.name, runs: head.runs, begun };
}

function checked<T extends z.ZodType>(schema: T, value: unknown, path: string, line: number): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const { lines } = showIssues(schema, value, result.error.issues);
  throw invalid(
    path,
    `has a line ${line} that is no run of a study:\n${lines.join('\n')}\nA key, a label and a seed wanted`,
  );
}

function invalid(path: string, problem: string): StudyError {
  return new StudyError(
    'invalid-records',
    `${path} ${problem}. Remove ${basename(path)}: its runs are kept, start the study again.`,
  );
}

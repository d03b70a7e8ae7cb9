// The folder of a front: front.json and, by number, a model and the configuration that it is trained by again. Written by a search, read by --pick.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { findSimulationTarget, type SimulationTargetName } from '@bitnetmcu/mcu-runtime/targets';
import { parseWithSchema, visibleText } from '@bitnetmcu/models/internal';
import { readFileBounded } from '@bitnetmcu/models/internal/node';
import { z } from 'zod';
import { CliError } from '../errors.js';

/** Of a search that ended. */
export const FRONT_FOLDER = 'front';
/** Of one that was interrupted: the next end replaces it. */
export const SO_FAR_FOLDER = 'front-so-far';
export const TABLE_FILE = 'front.json';
export const PLOT_FILE = 'front.svg';
const VERSION = 1;
const MAX_BYTES = 2 ** 26;

const amount = z.number().min(0);
const pointSchema = z.looseObject({
  number: z.int().min(1).describe('names its files'),
  validation: z.number(),
  test: z.number().optional(),
  weightBytes: amount,
  flashBytes: amount,
  ramBytes: amount,
  cycles: amount.optional(),
  milliseconds: amount.optional(),
});
const frontSchema = z.looseObject({
  version: z.literal(VERSION),
  status: z.enum(['finished', 'interrupted']),
  target: z.string(),
  points: z.array(pointSchema).min(1).max(100_000),
});

/** A network of a front as its table has it. */
export type FrontPoint = z.output<typeof pointSchema>;

export interface Front {
  /** Where its files are. */
  readonly folder: string;
  readonly status: 'finished' | 'interrupted';
  /** The part that was searched for. */
  readonly target: SimulationTargetName;
  readonly points: readonly FrontPoint[];
}

export function frontDocument(
  front: { readonly status: Front['status']; readonly target: string },
  points: readonly object[],
): string {
  return `${JSON.stringify({ version: VERSION, ...front, points }, null, 2)}\n`;
}

export function modelFile(number: number): string {
  return `${number}.bnm`;
}

export function configFile(number: number): string {
  return `${number}.json`;
}

/**
 * The front of a search's folder; of one that never ended what it had when it was interrupted.
 * @throws CliError `bad-file`; ModelError `invalid-file` for a table that is none; SimulatorError `unknown-target`
 */
export function readFront(records: string): Front {
  const folder = [FRONT_FOLDER, SO_FAR_FOLDER]
    .map((name) => join(records, name))
    .find((one) => existsSync(join(one, TABLE_FILE)));
  if (folder === undefined) {
    throw new CliError(
      'bad-file',
      `${visibleText(records)} holds no networks of a search: there is no ${join(FRONT_FOLDER, TABLE_FILE)}. Give the folder that \`bitnetmcu search\` wrote (--output), or the data, so that there is a search.`,
    );
  }
  const path = join(folder, TABLE_FILE);
  const table = `table of networks ${visibleText(path)}`;
  const front = parseWithSchema(frontSchema, jsonOf(path, MAX_BYTES), table, 'invalid-file');
  const target = findSimulationTarget(front.target).name as SimulationTargetName;
  return { folder, status: front.status, target, points: front.points };
}

/** @throws CliError `bad-file` */
export function jsonOf(path: string, maxBytes: number): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(readFileBounded(path, maxBytes)));
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new CliError(
      'bad-file',
      `${visibleText(path)} is no JSON (${cause.message}); what a search wrote there is wanted. Run the search again: what was trained is kept.`,
      { cause },
    );
  }
}

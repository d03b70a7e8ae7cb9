// One network of a front, to be used: its .bnm, C for the part, and the configuration that trains it again.
import { basename, dirname, join, relative, resolve } from 'node:path';
import { exportC } from '@bitnetmcu/exporter';
import { exportName } from '@bitnetmcu/exporter/internal';
import { exportFolder, MODEL_FOLDER } from '@bitnetmcu/exporter/internal/node';
import { CONFIG_LIMITS } from '@bitnetmcu/models/internal';
import { writeFileAtomic, writeFiles } from '@bitnetmcu/models/internal/node';
import { parseTrainingConfig } from '@bitnetmcu/trainer';
import { mapPaths } from '@bitnetmcu/trainer/internal';
import { withPathsOf } from '../config/training-config.js';
import { CliError } from '../errors.js';
import type { Budget } from '../inputs/budget.js';
import { withLayout } from '../inputs/c-layout.js';
import { readQuantizedModel } from '../inputs/model.js';
import { encodeModelFor } from '../inputs/written-model.js';
import { shellPath } from '../render/shell-word.js';
import type { Terminal } from '../terminal.js';
import { configFile, type Front, type FrontPoint, jsonOf, modelFile } from './front-folder.js';

const PICKED_FOLDER = 'picked';
/** Which of two is picked by a word; of equal ones the more accurate, then the smaller one. */
const WORDS = {
  smallest: ({ flashBytes }: FrontPoint) => flashBytes,
  fastest: ({ cycles = Number.POSITIVE_INFINITY }: FrontPoint) => cycles,
  best: ({ validation }: FrontPoint) => -validation,
} as const;

export const PICK_HELP = `a number of the table, ${Object.keys(WORDS).join(', ')} (the most accurate)`;

type Asked = number | keyof typeof WORDS;

export interface PickLimits extends Budget {
  readonly weights: number | undefined;
}

/** @throws CliError `usage` */
export function parsePick(text: string): Asked {
  const word = Object.keys(WORDS).find((one) => one === text) as keyof typeof WORDS | undefined;
  if (word !== undefined) return word;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new CliError('usage', `--pick ${text}: ${PICK_HELP} is wanted.`);
}

/**
 * The network of a front that is asked for, among those within the limits.
 * @throws CliError `usage` where there is none
 */
export function pickOf({ points }: Pick<Front, 'points'>, asked: Asked, limits: PickLimits): FrontPoint {
  if (typeof asked === 'number') {
    const point = points.find(({ number }) => number === asked);
    if (point === undefined) {
      throw new CliError(
        'usage',
        `--pick ${asked}: the table has the numbers ${points[0]!.number} to ${points.at(-1)!.number}; one of them is wanted, or ${Object.keys(WORDS).join(', ')}.`,
      );
    }
    const [broken] = exceeded(point, limits);
    if (broken !== undefined)
      throw new CliError('usage', `--pick ${asked}: ${broken}. Pick another one, or allow more.`);
    return point;
  }
  const within = points.filter((point) => exceeded(point, limits).length === 0);
  if (within.length === 0) {
    throw new CliError(
      'usage',
      `--pick ${asked}: none of the ${points.length} networks keeps the limits; the smallest has ${Math.min(...points.map(({ flashBytes }) => flashBytes))} B of flash, the least RAM is ${Math.min(...points.map(({ ramBytes }) => ramBytes))} B. Allow more, or search with these limits.`,
    );
  }
  const by = WORDS[asked];
  const order = (a: FrontPoint, b: FrontPoint) =>
    by(a) - by(b) || b.validation - a.validation || a.flashBytes - b.flashBytes || a.number - b.number;
  return [...within].sort(order)[0]!;
}

function exceeded(point: FrontPoint, { milliseconds, flash, ram, weights }: PickLimits): string[] {
  const { milliseconds: time = Number.POSITIVE_INFINITY } = point;
  const limits = [
    ['B of flash', point.flashBytes, flash],
    ['B of RAM', point.ramBytes, ram],
    ['B of weights', point.weightBytes, weights],
    ['ms', time, milliseconds],
  ] as const;
  return limits.flatMap(([unit, found, limit]) =>
    limit === undefined || found <= limit ? [] : [`it takes ${found} ${unit}, at most ${limit} wanted`],
  );
}

export interface PickedPoint {
  readonly point: FrontPoint;
  readonly folder: string;
  readonly model: string;
  readonly config: string;
  /** Paths of the C and its host program. */
  readonly c: readonly string[];
  /** What is typed to train it again, to the same weights. */
  readonly reproduce: string;
}

/**
 * Writes a network of the front into a folder of its own beside it.
 * @throws CliError `bad-file`, ModelError `file-error`, `file-exists` where files there were changed
 */
export async function writePicked(front: Front, point: FrontPoint, terminal: Terminal): Promise<PickedPoint> {
  const { number } = point;
  const folder = join(dirname(front.folder), PICKED_FOLDER, String(number));
  const [model, config] = [join(folder, 'model.bnm'), join(folder, 'config.json')];
  const network = await readQuantizedModel(join(front.folder, modelFile(number)), terminal);
  const from = join(front.folder, configFile(number));
  // Paths of a configuration are relative to its file.
  const document = jsonOf(from, CONFIG_LIMITS.bytes) as Record<string, unknown>;
  const trained = parseTrainingConfig(withPathsOf(from, document));
  const here = { ...trained, data: mapPaths(trained.data, (path) => relative(folder, resolve(path))) };
  const name = exportName(network, undefined);
  const { target } = front;
  const files = exportFolder([exportC(network, { name, ...(await withLayout({ target }, network)) })], true);
  const { written } = writeFiles(folder, files, { existing: 'refuse', generatedFolder: MODEL_FOLDER });
  writeFileAtomic(model, encodeModelFor(model, network));
  writeFileAtomic(config, `${JSON.stringify(here, null, 2)}\n`);
  return {
    ...{ point, folder, model, config },
    c: written.map((path) => join(folder, path)),
    reproduce: `bitnetmcu train ${shellPath(config)} --output ${shellPath(join('runs', `${basename(dirname(front.folder))}-${number}`))}`,
  };
}

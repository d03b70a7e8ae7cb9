// What a search found, as files: every network of the front with the configuration that it is trained by again, the table as JSON, a picture.
import { copyFileSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import type { RunRecords, SearchPoint, SearchResult } from '@bitnetmcu/studies';
import type { TrainingConfig } from '@bitnetmcu/trainer';
import { mapPaths } from '@bitnetmcu/trainer/internal';
import { frontPlot } from '../render/front-plot.js';
import {
  configFile,
  FRONT_FOLDER,
  frontDocument,
  modelFile,
  PLOT_FILE,
  SO_FAR_FOLDER,
  TABLE_FILE,
} from './front-folder.js';

/** A network of the front, with its files. */
export interface WrittenPoint extends SearchPoint {
  /** From 1. */
  readonly number: number;
  readonly model: string;
  readonly config: string;
}

export interface WrittenFront {
  readonly points: readonly WrittenPoint[];
  readonly plot?: string;
}

/**
 * Writes the files into the folder of the records; those of a search before are replaced when all are there. What an interrupted search has goes into a
 * folder of its own: it may be less than one before it found. Without a network nothing is written.
 * @throws ModelError `file-error`
 */
export function writeFront(
  { status, points, runs }: SearchResult,
  records: Pick<RunRecords, 'folder' | 'modelPath'>,
  { title, target }: { readonly title: string; readonly target: string },
): WrittenFront {
  if (points.length === 0) return { points: [] };
  const soFar = join(records.folder, SO_FAR_FOLDER);
  const folder = status === 'finished' ? join(records.folder, FRONT_FOLDER) : soFar;
  const beside = `${folder}.new`;
  rmSync(beside, { recursive: true, force: true });
  mkdirSync(beside, { recursive: true });
  const written = points.map((point, i): WrittenPoint => {
    const number = i + 1;
    const [model, config] = [modelFile(number), configFile(number)];
    copyFileSync(records.modelPath(point.record.model!), join(beside, model));
    writeFileAtomic(
      join(beside, config),
      `${JSON.stringify(inFolder(point.record.request.config, folder), null, 2)}\n`,
    );
    return { ...point, number, model: join(folder, model), config: join(folder, config) };
  });
  writeFileAtomic(join(beside, TABLE_FILE), frontDocument({ status, target }, written.map(pointJson)));
  const tried = runs.flatMap(({ record, costs }) =>
    record.status === 'finished' && record.validation
      ? [{ cost: costs.flashBytes, error: 1 - record.validation.integer.accuracy }]
      : [],
  );
  const front = points.map(({ costs, validation }) => ({ cost: costs.flashBytes, error: 1 - validation }));
  writeFileAtomic(join(beside, PLOT_FILE), frontPlot({ title, cost: 'flash in bytes', front, tried }));
  rmSync(folder, { recursive: true, force: true });
  renameSync(beside, folder);
  if (status === 'finished') rmSync(soFar, { recursive: true, force: true });
  return { points: written, plot: join(folder, PLOT_FILE) };
}

/** A configuration as a file of this folder: paths of data are relative to it. */
function inFolder(config: TrainingConfig, folder: string): TrainingConfig {
  return { ...config, data: mapPaths(config.data, (path) => relative(folder, resolve(path))) };
}

/** A network of the front for JSON. */
export function pointJson({ number, model, config, validation, test, costs, record }: WrittenPoint): object {
  const { network, epochs, learningRate } = record.request.config;
  return { number, validation, test, ...costs, epochs, learningRate, network, model, config, key: record.key };
}

/** What is said where no network is as accurate as was wanted. */
export function belowWanted({ points }: Pick<SearchResult, 'points'>, wanted = 0): string | undefined {
  const best = Math.max(...points.map(({ validation }) => validation));
  if (points.length === 0 || best >= wanted) return undefined;
  return `No network came to --min-accuracy ${wanted}: the most accurate one found has ${best.toFixed(4)}. Search longer, or allow more flash, RAM or time.`;
}

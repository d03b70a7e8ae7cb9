// The space of a study's document: by path into the training configuration what may stand there, and a point of it as a configuration.
import type { TrainingConfig } from '@bitnetmcu/trainer';
import { z } from 'zod';
import { StudyError } from '../errors.js';
import { type Dimension, type Genes, geneValue, type Space } from '../samplers/space.js';
import { checkedConfig } from './study.js';

const MOST_DIMENSIONS = 200;
const MOST_VALUES = 1000;
/** optimizer.weightDecay, network.layers.0.outputs */
const PATH = /^[A-Za-z][A-Za-z0-9]*(\.([A-Za-z][A-Za-z0-9]*|\d{1,4}))*$/;

const rangeSchema = z.strictObject({
  min: z.number(),
  max: z.number(),
  log: z.boolean().default(false).describe('drawn by the logarithm, for what spans orders of magnitude'),
  whole: z.boolean().default(false).describe('whole numbers alone'),
});
const entrySchema = z.union([z.array(z.unknown()).min(1).max(MOST_VALUES), rangeSchema]);

export const spaceSchema = z
  .record(z.string().regex(PATH, 'a path of keys with dots is wanted, such as optimizer.weightDecay'), entrySchema)
  .refine((entries) => Object.keys(entries).length > 0, 'at least one key that may differ is wanted')
  .refine((entries) => Object.keys(entries).length <= MOST_DIMENSIONS, `at most ${MOST_DIMENSIONS} keys are wanted`)
  .describe('by path into the configuration: a list of values, or {min, max} with log or whole');

type Json = Record<string, unknown>;

export interface StudySpace {
  readonly dimensions: Space;
  /** @throws StudyError `invalid-study` naming the point that cannot be trained */
  config(genes: Genes): TrainingConfig;
  /** What a configuration has at the paths of the space, and its epochs. */
  label(config: TrainingConfig): string;
}

/**
 * @param base what every point changes
 * @throws StudyError `invalid-study` for a range that is none, and for ends and values that cannot be trained on the base
 */
export function parseStudySpace(entries: z.output<typeof spaceSchema>, base: Json): StudySpace {
  const paths = Object.keys(entries);
  const dimensions = Object.fromEntries(paths.map((path) => [path, dimensionOf(path, entries[path]!)]));
  const valueAt = (path: string, gene: number): unknown => {
    const entry = entries[path]!;
    return Array.isArray(entry) ? entry[gene] : geneValue(dimensions[path]!, gene);
  };
  const config = (genes: Genes) => {
    const values = paths.map((path) => [path, valueAt(path, genes[path]!)] as const);
    const changed = structuredClone(base);
    for (const [path, value] of values) setAt(changed, path, structuredClone(value));
    return checkedConfig(changed, values.map(([path, value]) => `${path}=${shown(value)}`).join(' '));
  };
  // Each value by itself, beside the first ones of the others: a mistake is found before the first run.
  const first = Object.fromEntries(paths.map((path) => [path, endsOf(dimensions[path]!)[0]!]));
  for (const path of paths) for (const gene of endsOf(dimensions[path]!)) config({ ...first, [path]: gene });
  return { dimensions, config, label: (trained) => labelOf(paths, trained) };
}

function dimensionOf(path: string, entry: z.output<typeof entrySchema>): Dimension {
  // Positions stand for the values, which may be of any kind.
  if (Array.isArray(entry)) return { kind: 'choice', values: entry.map((_, i) => i) };
  const { min, max, log, whole } = entry;
  const problem =
    max < min
      ? `from ${min} to ${max}: min below max`
      : log && min <= (whole ? 0.5 : 0)
        ? `from ${min} by the logarithm: a min above 0`
        : whole && !(Number.isInteger(min) && Number.isInteger(max))
          ? `of whole numbers from ${min} to ${max}: whole ends`
          : undefined;
  if (problem !== undefined) {
    throw new StudyError('invalid-study', `The study has the range ${path} ${problem} wanted. Change its ends.`);
  }
  return { kind: whole ? 'integer' : 'real', min, max, log };
}

/** All values of a choice, the ends of a range. */
function endsOf(dimension: Dimension): readonly number[] {
  return dimension.kind === 'choice' ? dimension.values.map((_, i) => i) : [dimension.min, dimension.max];
}

/** Sets a value within a document; objects on the way are made. */
function setAt(document: Json, path: string, value: unknown): void {
  const keys = path.split('.');
  let at: Json = document;
  for (const [i, key] of keys.slice(0, -1).entries()) {
    const next = Object.hasOwn(at, key) ? at[key] : undefined;
    if (next === undefined) at[key] = {};
    else if (typeof next !== 'object' || next === null) {
      throw new StudyError(
        'invalid-study',
        `The study has the path ${path}, and its base has ${shown(next)} at ${keys.slice(0, i + 1).join('.')}: an object or a list wanted. Write the base so that the path leads somewhere.`,
      );
    }
    at = at[key] as Json;
  }
  at[keys.at(-1)!] = value;
}

function labelOf(paths: readonly string[], config: TrainingConfig): string {
  const all = paths.includes('epochs') ? paths : [...paths, 'epochs'];
  return all
    .map((path) => {
      const value = path
        .split('.')
        .reduce<unknown>((at, key) => (at as Readonly<Record<string, unknown>> | undefined)?.[key], config);
      return `${path}=${shown(value)}`;
    })
    .join(' ');
}

const MOST_CHARACTERS = 40;

function shown(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)));
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'none');
  return text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text;
}

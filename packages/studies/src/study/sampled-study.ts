// A study whose runs a sampler chooses; and its document: what the runs have in common, what may differ, what is to be made small.
import { findSimulationTarget } from '@bitnetmcu/mcu-runtime/targets';
import { nameSchema, showIssues } from '@bitnetmcu/models/internal';
import { z } from 'zod';
import { StudyError } from '../errors.js';
import type { Fitness } from '../front/domination.js';
import { MAX_RUNS } from '../limits.js';
import type { FinishedRun } from '../run/run-record.js';
import type { RunRequest } from '../run/run-request.js';
import type { Sampler } from '../samplers/sampler.js';
import { evolutionSampler, halvingSampler, randomSampler } from '../samplers/samplers.js';
import type { Genes } from '../samplers/space.js';
import { unknownValue } from '../unknown-value.js';
import { checkedConfig, configSchema, seedSchema, targetsSchema, testSchema } from './study.js';
import { parseStudySpace, type StudySpace, spaceSchema } from './study-space.js';

/** A study whose runs a sampler chooses. */
export interface SampledStudy {
  readonly name: string;
  readonly sampler: Sampler;
  /** How many runs there will be at most, where that is known. */
  readonly runs?: number | undefined;
  /** What a run differs in, to stand behind its number; default: nothing. */
  label?(request: RunRequest): string;
  /** What a finished run came to; of a study from a document. */
  fitness?(record: FinishedRun): Fitness;
}

const OBJECTIVES = ['error', 'weights', 'flash', 'ram', 'cycles'] as const;
type ObjectiveName = (typeof OBJECTIVES)[number];

const common = {
  runs: z.int().min(1).max(MAX_RUNS).describe('trainings at most, short ones included'),
  seed: seedSchema.default(1).describe('of what is drawn'),
  lag: z
    .int()
    .min(1)
    .max(4096)
    .optional()
    .describe('how many runs may be under way; the same number gives the same study'),
  objectives: z
    .array(z.enum(OBJECTIVES))
    .min(1)
    .max(OBJECTIVES.length)
    .optional()
    .describe('what is to be made small; flash, ram and cycles are those of the first target'),
};
const rungs = z
  .array(z.number().gt(0).max(1))
  .min(1)
  .max(16)
  .optional()
  .describe('shares of the epochs, rising, the last 1: the best of each rung go on to the next');
const reduction = z.number().gt(1).max(1000).optional().describe('one of so many goes on');

const samplerSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('random'), ...common }),
  z.strictObject({ kind: z.literal('asha'), ...common, rungs, reduction }),
  z.strictObject({
    kind: z.literal('nsga2'),
    ...common,
    rungs,
    reduction,
    population: z.int().min(2).max(10_000).optional().describe('parents at a time; as many random points come first'),
  }),
]);

export const sampledStudySchema = z.strictObject({
  name: nameSchema.describe('what its runs are listed under'),
  base: configSchema.default({}).describe('what all runs have in common: a training configuration'),
  sampler: samplerSchema.describe('how runs are chosen: random, asha (successive halving) or nsga2 (evolution)'),
  space: spaceSchema,
  targets: targetsSchema,
  test: testSchema,
});

/** @throws StudyError `invalid-study`; SimulatorError `unknown-target` */
export function parseSampledStudy(value: unknown): SampledStudy {
  const result = sampledStudySchema.safeParse(value);
  if (!result.success) {
    const { lines } = showIssues(sampledStudySchema, value, result.error.issues);
    throw new StudyError('invalid-study', `The study is not valid:\n${lines.join('\n')}`);
  }
  const { name, base, sampler, targets: named, test } = result.data;
  const space = parseStudySpace(result.data.space, base);
  const targets = named.map((target) => findSimulationTarget(target).name);
  const { objectives = sampler.kind === 'nsga2' ? (['error', 'weights'] as const) : (['error'] as const) } = sampler;
  requireJudged(objectives, targets, checkedConfig(base, 'base').validation);
  const fitness = fitnessOf(objectives);
  const chosen = samplerOf(sampler, space, {
    decode: (genes) => ({ config: space.config(genes), targets, test }),
    fitness,
  });
  const label = ({ config }: RunRequest) => space.label(config);
  return { name, sampler: chosen, runs: sampler.runs, label, fitness };
}

interface Judging {
  decode(genes: Genes): RunRequest;
  fitness(record: FinishedRun): Fitness;
}

function samplerOf(sampler: z.output<typeof samplerSchema>, { dimensions }: StudySpace, judging: Judging): Sampler {
  const { kind, objectives: _, ...options } = sampler;
  const all = { space: dimensions, ...options, ...judging };
  switch (kind) {
    case 'random':
      return randomSampler(all);
    case 'asha':
      return halvingSampler(all);
    case 'nsga2':
      return evolutionSampler(all);
    default:
      throw unknownValue('kind of sampler', kind);
  }
}

/** Of the first target where flash, RAM or cycles are wanted; what does not fit it breaks a limit. */
function fitnessOf(objectives: readonly ObjectiveName[]) {
  return (record: FinishedRun): Fitness => {
    const [part] = record.targets;
    const violation = part === undefined || part.fits ? 0 : 1;
    return { objectives: objectives.map((name) => amountOf(name, record)), violation };
  };
}

function amountOf(name: ObjectiveName, { validation, weightBytes, targets: [part] }: FinishedRun): number {
  switch (name) {
    case 'error':
      return 1 - (validation?.integer.accuracy ?? 0);
    case 'weights':
      return weightBytes;
    case 'flash':
      return part!.flashBytes;
    case 'ram':
      return part!.ramBytes;
    case 'cycles':
      return part!.cycles ?? Number.POSITIVE_INFINITY;
    default:
      throw unknownValue('objective', name);
  }
}

function requireJudged(
  objectives: readonly ObjectiveName[],
  targets: readonly string[],
  validation: number | undefined,
): void {
  const ofPart = objectives.find((name) => name === 'flash' || name === 'ram' || name === 'cycles');
  if (ofPart !== undefined && targets.length === 0) {
    throw new StudyError(
      'invalid-study',
      `The study has the objective ${ofPart} and no target: a part whose ${ofPart} is meant is wanted. Name one, as in targets: [ch32v003].`,
    );
  }
  if (objectives.includes('error') && validation === 0) {
    throw new StudyError(
      'invalid-study',
      'The study has the objective error and validation 0: held-out samples are wanted that say how large the error is. Set validation in the base.',
    );
  }
}

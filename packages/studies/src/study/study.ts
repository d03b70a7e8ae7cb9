// A study that is a list: configurations × seeds. As a document, checked; and as the sampler of its runs.
import { nameSchema, showIssues } from '@bitnetmcu/models/internal';
import { parseTrainingConfig, TrainerError, type TrainingConfig } from '@bitnetmcu/trainer';
import { z } from 'zod';
import { StudyError } from '../errors.js';
import { MAX_RUNS } from '../limits.js';
import type { RunRequest } from '../run/run-request.js';
import { parseTarget } from '../run/target-name.js';
import { mergePatch } from './merge-patch.js';

export const seedSchema = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);
export const configSchema = z.record(z.string(), z.unknown());
export const targetsSchema = z
  .array(z.string())
  .max(64)
  .default([])
  .describe('parts of which flash, RAM and cycles are wanted');
export const testSchema = z
  .boolean()
  .default(false)
  .describe('whether the integer networks are judged by the test part as well');

export const studySchema = z.strictObject({
  name: nameSchema.describe('what its runs are listed under'),
  base: configSchema.default({}).describe('what all runs have in common: a training configuration'),
  configurations: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(200),
        config: configSchema
          .default({})
          .describe('what is other than in the base, as a JSON merge patch: null removes a key'),
        float: z
          .boolean()
          .optional()
          .describe('whether its networks are judged as they are trained alone: for what has no integer form'),
      }),
    )
    .min(1)
    .max(MAX_RUNS)
    .default([{ name: 'base', config: {} }]),
  seeds: z
    .union([z.array(seedSchema).min(1).max(MAX_RUNS), z.int().min(1).max(MAX_RUNS)])
    .optional()
    .describe(
      'every configuration is trained once a seed; a number n stands for the seeds 1 … n; default: that of the base',
    ),
  targets: targetsSchema,
  test: testSchema,
});

/** One of the configurations of a study, its defaults filled in. Every seed makes a run of it. */
export interface StudyConfiguration {
  readonly name: string;
  readonly config: TrainingConfig;
  /** Whether its networks are judged as they are trained alone. */
  readonly float?: boolean | undefined;
}

/** A list of runs: every configuration with every seed. */
export interface Study {
  readonly name: string;
  readonly configurations: readonly StudyConfiguration[];
  readonly seeds: readonly number[];
  readonly targets: readonly string[];
  readonly test: boolean;
}

/** @throws StudyError `invalid-study`; SimulatorError `unknown-target` */
export function parseListStudy(value: unknown): Study {
  const result = studySchema.safeParse(value);
  if (!result.success) {
    const { lines } = showIssues(studySchema, value, result.error.issues);
    throw new StudyError('invalid-study', `The study is not valid:\n${lines.join('\n')}`);
  }
  const { name, base, configurations, seeds, targets, test } = result.data;
  const all = seedsOf(seeds ?? [seedSchema.safeParse(base.seed).data ?? 1]);
  requireDistinct(
    'name of a configuration',
    configurations.map((configuration) => configuration.name),
  );
  requireDistinct('seed', all);
  if (configurations.length * all.length > MAX_RUNS) {
    throw new StudyError(
      'invalid-study',
      `The study has ${configurations.length} configurations and ${all.length} seeds: at most ${MAX_RUNS} runs wanted. Divide it.`,
    );
  }
  return {
    name,
    configurations: configurations.map((one) => ({
      name: one.name,
      config: checkedConfig(mergePatch(base, one.config), one.name),
      ...(one.float && { float: true }),
    })),
    seeds: all,
    targets: targets.filter((target) => parseTarget(target)),
    test,
  };
}

function seedsOf(seeds: readonly number[] | number): readonly number[] {
  return typeof seeds === 'number' ? Array.from({ length: seeds }, (_, i) => i + 1) : seeds;
}

/** @throws StudyError `invalid-study` naming the configuration that cannot be trained */
export function checkedConfig(document: Record<string, unknown>, name: string): TrainingConfig {
  try {
    const { output: _output, ...config } = parseTrainingConfig(document);
    return config;
  } catch (cause) {
    if (!TrainerError.isInstance(cause)) throw cause;
    throw new StudyError('invalid-study', `The configuration ${JSON.stringify(name)} of the study: ${cause.message}`, {
      cause,
    });
  }
}

function requireDistinct(what: string, values: readonly (string | number)[]): void {
  const seen = new Set<string | number>();
  const twice = values.find((value) => seen.size === seen.add(value).size);
  if (twice === undefined) return;
  throw new StudyError(
    'invalid-study',
    `The study has the ${what} ${JSON.stringify(twice)} twice: one of each wanted. Remove one.`,
  );
}

/** The requests of a study in the order in which they are run: all configurations with the first seed, then with the second one. */
export function studyRequests({ configurations, seeds, targets, test }: Study): RunRequest[] {
  return seeds.flatMap((seed) =>
    configurations.map(({ config, float }) => ({
      ...{ config: { ...config, seed }, targets, test },
      ...(float && { float }),
    })),
  );
}

/** The name of the configuration of the n-th request. */
export function configurationOf({ configurations }: Study, index: number): string {
  return configurations[index % configurations.length]!.name;
}

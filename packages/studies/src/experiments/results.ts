// What the runs of an experiment came to: a small JSON document that pages are made from, with everything that tells whether it is still valid.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { z } from 'zod';
import { StudyError } from '../errors.js';
import { canonicalJson } from '../run/canonical-json.js';
import { mergePatch } from '../study/merge-patch.js';
import type { Experiment, ExperimentConfiguration, ExperimentStudy } from './experiment.js';
import { MEASURE_NAMES } from './measures.js';

const RESULTS_VERSION = 1;
const MAX_RESULTS_BYTES = 2 ** 24;

const number = z.number();
const runSchema = z.object({
  seed: number,
  figures: z.partialRecord(z.enum(MEASURE_NAMES), number),
});
const targetSchema = z.object({
  target: z.string(),
  fits: z.boolean(),
  flashBytes: number,
  ramBytes: number,
  cycles: number.optional(),
  worstCycles: number.optional(),
  milliseconds: number.optional(),
});
const configurationSchema = z.object({
  label: z.string(),
  /** SHA-256 of what was trained, by which a row that was changed since is told. */
  trained: z.string(),
  runs: z.array(runSchema).describe('by seed'),
  failed: z.array(z.object({ seed: number, message: z.string() })),
  targets: z.array(targetSchema).describe('of each part the run that takes most of it'),
});
const resultsSchema = z.object({
  version: z.literal(RESULTS_VERSION),
  experiment: z.string(),
  command: z.string(),
  date: z.string(),
  costsMeasured: z
    .string()
    .optional()
    .describe('when flash, RAM and cycles were measured again, of runs that were there'),
  quick: z.boolean(),
  machine: z.object({ cpu: z.string(), cores: number, node: z.string() }),
  versions: z.record(z.string(), z.string()),
  /** Of all runs together, on one core. */
  trainingSeconds: number,
  studies: z.array(
    z.object({
      title: z.string(),
      configurations: z.array(configurationSchema),
      found: z
        .array(z.object({ label: z.string(), config: z.record(z.string(), z.unknown()) }))
        .optional()
        .describe('configurations that a search added'),
    }),
  ),
});

export type ExperimentResults = z.infer<typeof resultsSchema>;
export type ConfigurationResults = z.infer<typeof configurationSchema>;
export type RunFigures = z.infer<typeof runSchema>;

/** @throws StudyError `invalid-records` where the file is none, or of another version; the system's error where it cannot be read */
export function readExperimentResults(path: string): ExperimentResults {
  const bytes = readFileSync(path);
  const found = bytes.length > MAX_RESULTS_BYTES ? undefined : resultsSchema.safeParse(parsed(bytes.toString('utf8')));
  if (found?.success) return found.data;
  throw new StudyError(
    'invalid-records',
    `${path} holds no results of an experiment of version ${RESULTS_VERSION}. Run the experiment again.`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One line a run, so that changes of results can be read. @throws ModelError `file-error` */
export function writeExperimentResults(path: string, results: Omit<ExperimentResults, 'version'>): void {
  const text = JSON.stringify({ version: RESULTS_VERSION, ...results }, undefined, 2);
  const short = text.replace(/\{\s+"seed": [^{}]*\{[^{}]*\}\s+\}/g, (run) => JSON.stringify(JSON.parse(run)));
  writeFileAtomic(path, `${short}\n`);
}

/** A study with what its search found. */
export function withFound(study: ExperimentStudy, results: ExperimentResults | undefined): ExperimentStudy {
  const { found = [] } = results?.studies.find(({ title }) => title === study.title) ?? {};
  return { ...study, configurations: [...study.configurations, ...found] };
}

/** What a configuration trains, as its row says it, without what later versions add as defaults. */
export function configurationConfig(
  { base }: Pick<ExperimentStudy, 'base'>,
  { config = {} }: ExperimentConfiguration,
): Record<string, unknown> {
  return mergePatch(base as Record<string, unknown>, config);
}

export function trainedHash(experiment: Experiment, study: ExperimentStudy, one: ExperimentConfiguration): string {
  const config = configurationConfig(study, one);
  const text = canonicalJson({ config, ...(usesTeacher(config) && { teachers: experiment.teachers }) });
  return createHash('sha256').update(text).digest('hex');
}

const TEACHER = /^teacher:(.+)$/;

function usesTeacher(config: unknown): boolean {
  return JSON.stringify(config).includes('"teacher:');
}

/** A configuration with `teacher:<name>` replaced by what is at that name. @throws StudyError `invalid-study` for a teacher that is not there */
export function withTeacherPaths(value: unknown, paths: ReadonlyMap<string, string>): unknown {
  if (Array.isArray(value)) return value.map((member) => withTeacherPaths(member, paths));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, withTeacherPaths(member, paths)]));
  }
  const name = typeof value === 'string' ? TEACHER.exec(value)?.[1] : undefined;
  if (name === undefined) return value;
  const path = paths.get(name);
  if (path !== undefined) return path;
  throw new StudyError(
    'invalid-study',
    `A configuration wants the teacher ${JSON.stringify(name)}, and the experiment has ${[...paths.keys()].join(', ') || 'none'}. Add it to its teachers.`,
  );
}

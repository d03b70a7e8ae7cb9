// The networks that an experiment's students learn from: trained once, kept as run folders, gone on with where they were stopped.
import { createHash } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createTrainingRun, type Progress, readCheckpoint, resumeTrainingRun } from '@bitnetmcu/trainer';
import { canonicalJson } from '../run/canonical-json.js';
import { packageVersions } from '../run/run-key.js';
import type { Experiment, ExperimentTeacher } from './experiment.js';

export interface TrainTeachersOptions {
  /** They go into `teachers` there. */
  readonly folder: string;
  readonly signal?: AbortSignal | undefined;
  onTeacher?: ((name: string, progress: Progress) => void) | undefined;
}

/**
 * Paths of the checkpoints by the teachers' names; undefined where the signal stopped one.
 * @throws TrainerError as `createTrainingRun`
 */
export async function trainTeachers(
  { teachers = [] }: Experiment,
  options: TrainTeachersOptions,
): Promise<ReadonlyMap<string, string> | undefined> {
  const paths = new Map<string, string>();
  for (const teacher of teachers) {
    const path = await trainTeacher(teacher, options);
    if (path === undefined) return undefined;
    paths.set(teacher.name, path);
  }
  return paths;
}

async function trainTeacher(
  { name, config }: ExperimentTeacher,
  { folder, signal, onTeacher }: TrainTeachersOptions,
): Promise<string | undefined> {
  const basis = canonicalJson({ config, versions: packageVersions() });
  const hash = createHash('sha256').update(basis).digest('hex').slice(0, 16);
  const output = join(folder, 'teachers', `${name}-${hash}`);
  const path = join(output, 'checkpoint.bnc');
  const kept = existsSync(path);
  if (kept && isFinished(path)) return path;
  const run = kept ? await resumeTrainingRun(path) : await fresh();
  try {
    const { status } = await run.run({ signal, test: false, onProgress: (progress) => onTeacher?.(name, progress) });
    return status === 'finished' ? path : undefined;
  } finally {
    await run.close();
  }

  /** What a killed process left before its first checkpoint is nobody's. */
  function fresh() {
    rmSync(output, { recursive: true, force: true });
    return createTrainingRun({ ...config, output });
  }
}

function isFinished(path: string): boolean {
  const { epoch, config } = readCheckpoint(path);
  return epoch >= config.epochs;
}

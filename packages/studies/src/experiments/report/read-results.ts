// Results of experiments from a folder, as they belong to the experiments of now.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StudyError } from '../../errors.js';
import { type ComparedExperiment, compareExperiment } from '../comparisons.js';
import type { Experiment } from '../experiment.js';
import { type ExperimentResults, readExperimentResults, trainedHash, withFound } from '../results.js';

/**
 * The comparison of an experiment with a file `<name>.json` in the folder; undefined where there is none.
 * @throws StudyError `invalid-records` for a file of something else, or of configurations that the experiment has changed since
 */
export function readComparison(experiment: Experiment, folder: string): ComparedExperiment | undefined {
  const path = join(folder, `${experiment.name}.json`);
  if (!existsSync(path)) return undefined;
  const results = readExperimentResults(path);
  if (!results.quick) requireCurrent(experiment, results, path);
  return compareExperiment(experiment, results);
}

function requireCurrent(experiment: Experiment, results: ExperimentResults, path: string): void {
  for (const row of experiment.studies) {
    const study = withFound(row, results);
    const found = results.studies.find(({ title }) => title === study.title);
    for (const one of found?.configurations ?? []) {
      const wanted = study.configurations.find(({ label }) => label === one.label);
      if (wanted !== undefined && trainedHash(experiment, study, wanted) === one.trained) continue;
      throw new StudyError(
        'invalid-records',
        `${path} has runs of ${JSON.stringify(one.label)}, which ${wanted === undefined ? 'the experiment has no more' : 'trained something else than the experiment does now'}. Run \`bitnetmcu experiment run ${experiment.name}\` again: what did not change is not trained again.`,
      );
    }
  }
}

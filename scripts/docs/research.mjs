// Pages of the experiments, from the results that are committed.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { builtPackage } from './markdown.mjs';

const RESULTS = join(root, 'packages', 'studies', 'bench', 'results', 'experiments');

/** Texts by path, from the root. */
export async function researchPages() {
  const { EXPERIMENTS, readComparison, reportFiles } = await builtPackage('studies');
  const experiments = EXPERIMENTS.map((experiment) => ({
    ...experiment,
    compared: readComparison(experiment, RESULTS),
  }));
  return new Map([...reportFiles(experiments)].map(([name, text]) => [join('docs', 'research', name), text]));
}

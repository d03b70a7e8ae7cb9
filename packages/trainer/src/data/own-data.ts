// Users' own pictures as idx files, with or without a test part.
import { assemble } from './assemble.js';
import type { DataSpec } from './data-spec.js';
import type { Dataset } from './dataset.js';
import { idxSamples, readIdx } from './idx.js';
import { testNames } from './load-arrays.js';
import { LoadBudget } from './load-budget.js';
import type { ModelInput } from './read-like.js';

type Spec<Kind extends DataSpec['kind']> = Extract<DataSpec, { kind: Kind }>;

/** @throws TrainerError `data-not-found` or `invalid-data`, as all loaders here. */
export async function loadIdx(spec: Spec<'idx'>, like?: ModelInput): Promise<Dataset> {
  const budget = new LoadBudget();
  const read = async (images: string, labels: string) =>
    idxSamples(await readIdx(images, budget), await readIdx(labels, budget), images);
  const train = await read(spec.trainImages, spec.trainLabels);
  const test = testNames(spec);
  return assemble({ ...spec, like }, train, test && (await read(test.images, test.labels)));
}

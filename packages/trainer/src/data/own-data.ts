// Users' own pictures: idx files and image folders, with or without a test part.
import { assemble, type Part } from './assemble.js';
import type { DataSpec } from './data-spec.js';
import type { Dataset } from './dataset.js';
import { idxSamples, readIdx } from './idx.js';
import { classFolders, readImageFolder } from './image-folder.js';
import { testNames } from './load-arrays.js';
import { LoadBudget } from './load-budget.js';

type Spec<Kind extends DataSpec['kind']> = Extract<DataSpec, { kind: Kind }>;

/** @throws TrainerError `data-not-found` or `invalid-data`, as all loaders here. */
export async function loadIdx(spec: Spec<'idx'>): Promise<Dataset> {
  const budget = new LoadBudget();
  const read = async (images: string, labels: string) =>
    idxSamples(await readIdx(images, budget), await readIdx(labels, budget), images);
  const train = await read(spec.trainImages, spec.trainLabels);
  const test = testNames(spec);
  return assemble(spec, train, test && (await read(test.images, test.labels)));
}

export async function loadFolder(spec: Spec<'folder'>): Promise<Dataset> {
  const budget = new LoadBudget();
  const labels = await classFolders(spec.train);
  const { channels, background } = spec;
  const notes: string[] = [];
  const read = async (folder: string, size = spec.size): Promise<Part> => {
    const { samples, height, width, transparent } = await readImageFolder(
      folder,
      labels,
      { channels, size, background },
      budget,
    );
    if (transparent > 0) {
      const ground =
        background === 'ignore' ? 'their stored colour is taken' : `they are put on grey ${background} of 255`;
      notes.push(
        `${folder}: ${transparent} of ${samples.count} pictures have transparent pixels; ${ground} (--data-background, key \`background\`).`,
      );
    }
    return { samples, shape: [channels, height, width] };
  };
  const train = await read(spec.train);
  const test = spec.test === undefined ? undefined : await read(spec.test);
  return assemble({ ...spec, labels, notes }, train, test);
}

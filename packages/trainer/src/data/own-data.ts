// Users' own data: idx, image folders, npy and npz, with or without a test part.
import { TrainerError } from '../errors.js';
import { assemble, type Part } from './assemble.js';
import { readBounded } from './compressed-file.js';
import type { DataSpec } from './data-spec.js';
import type { Dataset } from './dataset.js';
import { idxSamples, readIdx } from './idx.js';
import { classFolders, readImageFolder } from './image-folder.js';
import { LoadBudget } from './load-budget.js';
import { numpySamples, openNpz, readNpy } from './numpy-dataset.js';

type Spec<Kind extends DataSpec['kind']> = Extract<DataSpec, { kind: Kind }>;

/** @throws TrainerError `data-not-found` or `invalid-data`, as all loaders here. */
export async function loadIdx(spec: Spec<'idx'>): Promise<Dataset> {
  const budget = new LoadBudget();
  const read = async (images: string, labels: string) =>
    idxSamples(await readIdx(images, budget), await readIdx(labels, budget), images);
  const train = await read(spec.trainImages, spec.trainLabels);
  return assemble(spec, train, await testPart(spec, read));
}

/** Arrays in one .npz; without names the test arrays are `x_test` and `y_test`, as Keras has them, where they exist. */
export async function loadNpz(spec: Spec<'npz'>): Promise<Dataset> {
  const budget = new LoadBudget();
  const archive = openNpz(await readBounded(spec.path), spec.path, budget);
  const usual = archive.names.includes('x_test') && archive.names.includes('y_test');
  const { testImages = usual ? 'x_test' : undefined, testLabels = usual ? 'y_test' : undefined } = spec;
  const open = async (name: string) => archive.array(name);
  return loadArrays({ ...spec, testImages, testLabels }, open, (name) => `${name} in ${spec.path}`, budget);
}

export async function loadNpy(spec: Spec<'npy'>): Promise<Dataset> {
  return loadArrays(spec, readNpy, (path) => path);
}

async function loadArrays(
  spec: Spec<'npy'> | Spec<'npz'>,
  open: (name: string) => ReturnType<typeof readNpy>,
  title: (name: string) => string,
  budget?: LoadBudget,
): Promise<Dataset> {
  const notes: string[] = [];
  let labels: readonly string[] | undefined = spec.labels;
  const read = async (images: string, numbers: string): Promise<Part> => {
    const options = { range: spec.range, layout: spec.layout, labels };
    const array = await open(images);
    const part = numpySamples(array, await open(numbers), options, title(images));
    // Where values had to be mapped, they are in memory twice.
    if ('values' in array && part.samples.bytes !== array.values)
      budget?.take(part.samples.bytes.length, title(images));
    notes.push(...part.notes);
    // The test part's classes are those of the training part.
    labels ??= part.labels;
    return part;
  };
  const train = await read(spec.trainImages, spec.trainLabels);
  const test = await testPart(spec, read);
  return assemble({ ...spec, labels, notes }, train, test);
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

async function testPart(
  { testImages, testLabels }: { readonly testImages?: string | undefined; readonly testLabels?: string | undefined },
  read: (images: string, labels: string) => Promise<Part>,
): Promise<Part | undefined> {
  if (testImages === undefined && testLabels === undefined) return undefined;
  if (testImages !== undefined && testLabels !== undefined) return read(testImages, testLabels);
  throw new TrainerError('invalid-data', 'testImages and testLabels belong together: give both or neither.');
}

// .npy files of every type, as a data set, then three steps of training.
import { loadDataset } from '@bitnetmcu/trainer';
import { trainOn } from '../further.mjs';
import { npyFile, smallArrays } from '../mutators/arrays.mjs';
import { chance, pick } from '../mutators/bytes.mjs';

export const onDisk = true;

export async function prepare() {}

export function make(random) {
  const { count, shape, images, labels } = smallArrays(random);
  const range = chance(random, 0.3)
    ? pick(random, [
        [0, 1],
        [-1, 1],
        [255, 0],
        [0, 1e300],
        [1e-320, 1],
      ])
    : undefined;
  return {
    'x.npy': npyFile(random, [count, ...shape], images, 0.7),
    'y.npy': npyFile(random, chance(random, 0.8) ? [count] : [count, 1], labels, 0.3),
    'range.json': Buffer.from(JSON.stringify(range ?? null)),
  };
}

export async function run(files) {
  const range = JSON.parse(files['range.json']) ?? undefined;
  await trainOn(await loadDataset({ kind: 'npy', trainImages: 'x.npy', trainLabels: 'y.npy', range }));
}

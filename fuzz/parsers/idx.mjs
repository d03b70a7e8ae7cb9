// idx files, plain: as a data set, then three steps of training.
import { loadDataset } from '@bitnetmcu/trainer';
import { trainOn } from '../further.mjs';
import { idxFile, smallArrays } from '../mutators/arrays.mjs';

export const onDisk = true;

export async function prepare() {}

export function make(random) {
  const { count, shape, images, labels } = smallArrays(random);
  return { images: idxFile(random, [count, ...shape], images, 0.8), labels: idxFile(random, [count], labels, 0.3) };
}

export async function run() {
  await trainOn(await loadDataset({ kind: 'idx', trainImages: 'images', trainLabels: 'labels' }));
}

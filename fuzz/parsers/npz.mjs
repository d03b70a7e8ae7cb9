// .npz archives: members damaged, sizes and offsets that lie, bombs; as a data set, then three steps of training.
import { loadDataset } from '@bitnetmcu/trainer';
import { trainOn } from '../further.mjs';
import { npyFile, smallArrays } from '../mutators/arrays.mjs';
import { chance, mutateBytes } from '../mutators/bytes.mjs';
import { makeZip, mutateMembers } from '../mutators/zip.mjs';

export const onDisk = true;

export async function prepare() {}

export function make(random) {
  const { count, shape, images, labels } = smallArrays(random);
  const damage = chance(random, 0.3) ? 0.6 : 0;
  const deflate = chance(random, 0.6);
  let members = [
    { name: 'x_train.npy', data: npyFile(random, [count, ...shape], images, damage), deflate },
    { name: 'y_train.npy', data: npyFile(random, [count], labels, damage / 2), deflate },
  ];
  if (chance(random, 0.3)) members.push({ ...members[0], name: 'x_test.npy' }, { ...members[1], name: 'y_test.npy' });
  if (chance(random, 0.6)) members = mutateMembers(members, random);
  const file = makeZip(members);
  return { 'data.npz': chance(random, 0.25) ? mutateBytes(file, random) : file };
}

export async function run() {
  await trainOn(await loadDataset({ kind: 'npz', path: 'data.npz' }));
}

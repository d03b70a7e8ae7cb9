// idx files in gzip: damaged inside, outside, in several members, and larger than they say.
import { gzipSync } from 'node:zlib';
import { loadDataset } from '@bitnetmcu/trainer';
import { trainOn } from '../further.mjs';
import { idxFile, makeIdx, smallArrays } from '../mutators/arrays.mjs';
import { chance, mutateBytes, pick } from '../mutators/bytes.mjs';

export const onDisk = true;

/** A stream of zeros packed once: packing one takes longer than reading it. */
let zeros;

export async function prepare() {
  zeros = gzipSync(Buffer.alloc(2 ** 26));
}

function packed(random, content) {
  const file = gzipSync(content);
  switch (chance(random, 0.5) ? random.nextBelow(7) : 99) {
    case 0:
      return mutateBytes(file, random);
    case 1:
      return Buffer.concat([file, mutateBytes(file, random)]);
    case 2: {
      const cut = random.nextBelow(content.length + 1);
      return Buffer.concat([gzipSync(content.subarray(0, cut)), gzipSync(content.subarray(cut))]);
    }
    case 3: {
      // Flags of RFC 1952 that announce fields which are not there.
      const flagged = Buffer.from(file);
      flagged[3] = random.nextBelow(256);
      return flagged;
    }
    case 4:
      return gzipSync(file);
    case 5:
      return file.subarray(0, random.nextBelow(file.length + 1));
    case 6:
      // A bomb: a header of some size, then 64 MB and more of zeros.
      return Buffer.concat([
        gzipSync(makeIdx([pick(random, [1, 1000, 2 ** 17, 2 ** 20]), 28, 28], Buffer.alloc(0))),
        ...Array(1 + random.nextBelow(3)).fill(zeros),
      ]);
    default:
      return file;
  }
}

export function make(random) {
  const { count, shape, images, labels } = smallArrays(random);
  return {
    images: packed(random, idxFile(random, [count, ...shape], images, 0.4)),
    labels: chance(random, 0.7) ? makeIdx([count], labels) : packed(random, idxFile(random, [count], labels, 0.2)),
  };
}

export async function run() {
  await trainOn(await loadDataset({ kind: 'idx', trainImages: 'images', trainLabels: 'labels' }));
}

// Folders of pictures: odd names, links, cycles, other files, pictures of other sizes; as a data set, then three steps of training.
import { loadDataset } from '@bitnetmcu/trainer';
import { trainOn } from '../further.mjs';
import { chance, pick } from '../mutators/bytes.mjs';
import { makePng } from '../mutators/png.mjs';

export const onDisk = true;

const CLASSES = [
  'a',
  'b',
  'ü',
  ' ',
  '.hidden',
  '-x',
  'a"b',
  "it's",
  'x\ny',
  '$(touch x)',
  'constructor',
  '__proto__',
  'a'.repeat(200),
];
const FILES = [
  '1.png',
  '2.PNG',
  '3.jpeg',
  'x.jpg',
  '.png',
  'text.txt',
  'no-extension',
  '%s%n.png',
  'é.png',
  `${'n'.repeat(180)}.png`,
];
const TARGETS = ['/dev/zero', '/dev/null', '/etc', '..', '.', 'missing', '/proc/self/mem', '1.png'];

export async function prepare() {}

export function make(random) {
  const files = {};
  const classes = Array.from({ length: 1 + random.nextBelow(4) }, () =>
    pick(random, chance(random, 0.7) ? CLASSES.slice(0, 2) : CLASSES),
  );
  for (const name of classes) {
    for (let i = 1 + random.nextBelow(4); i > 0; i--) {
      const path = `data/${name}/${pick(random, chance(random, 0.7) ? FILES.slice(0, 2) : FILES)}`;
      files[path] = chance(random, 0.07) ? pick(random, TARGETS) : makePng(random, chance(random, 0.15) ? 1 : 0);
    }
  }
  if (chance(random, 0.1)) files['data/link'] = pick(random, TARGETS);
  if (chance(random, 0.1)) files['data/readme.txt'] = Buffer.from('x');
  const spec = {
    channels: pick(random, [1, 3]),
    ...(chance(random, 0.8) && {
      size: pick(random, [
        [8, 8],
        [1, 1],
        [30, 3],
        [4096, 2],
      ]),
    }),
  };
  files['spec.json'] = Buffer.from(JSON.stringify(spec));
  return files;
}

export async function run(files) {
  await trainOn(await loadDataset({ kind: 'folder', train: 'data', ...JSON.parse(files['spec.json']) }));
}

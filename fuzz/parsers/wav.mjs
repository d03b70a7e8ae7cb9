// WAV recordings of every format: headers, chunks and lengths changed; as a data set, at another rate, then three steps of training.
import { loadDataset } from '@bitnetmcu/trainer';
import { trainOn } from '../further.mjs';
import { chance, mutateBytes, pick } from '../mutators/bytes.mjs';

export const onDisk = true;

const FORMATS = [
  [1, 8],
  [1, 16],
  [1, 24],
  [1, 32],
  [3, 32],
  [3, 64],
];
const CODES = [0, 2, 6, 7, 17, 85, 0xfffe, 0xffff];
const LENGTHS = [0, 1, 3, 0x7fffffff, 0xffffffff, 0x80000000];

export async function prepare() {}

function chunk(name, data, length = data.length) {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

/** A file of `frames` samples of noise; `damage` is the chance that a field is wrong. */
function wav(random, frames, damage) {
  const [code, bits] = pick(random, FORMATS);
  const channels = pick(random, [1, 1, 2, 3]);
  const rate = pick(random, [8000, 16_000, 44_100, 7999]);
  const wrong = (value, values) => (chance(random, damage) ? pick(random, values) : value);
  const isExtended = chance(random, 0.2);
  const format = Buffer.alloc(isExtended ? wrong(40, [16, 18, 25]) : wrong(16, [0, 8, 15, 18]));
  const fields = [
    [0, 2, wrong(isExtended ? 0xfffe : code, CODES)],
    [2, 2, wrong(channels, [0, 7, 64, 65, 0xffff])],
    [4, 4, wrong(rate, [0, 1, 100, 767_999, 0xffffffff])],
    [12, 2, wrong((channels * bits) / 8, [0, 1, 0xffff])],
    [14, 2, wrong(bits, [0, 1, 4, 12, 64, 0xffff])],
    [24, 2, code],
  ];
  for (const [at, width, value] of fields) if (at + width <= format.length) format.writeUIntLE(value, at, width);
  const data = Buffer.alloc((frames * channels * bits) / 8);
  for (let i = 0; i < data.length; i++) data[i] = random.nextBelow(256);
  if (code === 3 && !chance(random, damage)) {
    for (let i = 0; i < data.length; i += bits / 8) {
      if (bits === 32) data.writeFloatLE(random.nextFloat() * 2 - 1, i);
      else data.writeDoubleLE(random.nextFloat() * 2 - 1, i);
    }
  }
  const chunks = [chunk('fmt ', format), chunk('data', data, wrong(data.length, LENGTHS))];
  if (chance(random, 0.2)) chunks.unshift(chunk('LIST', Buffer.from('abc'), wrong(3, LENGTHS)));
  if (chance(random, damage)) chunks.reverse();
  const file = chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...chunks]));
  return chance(random, damage) ? mutateBytes(file, random) : file;
}

export function make(random) {
  const files = {};
  for (const name of ['no', 'yes']) {
    for (let i = 1 + random.nextBelow(4); i > 0; i--) {
      files[`data/${name}/${i}.wav`] = wav(random, pick(random, [0, 1, 40, 200, 3000]), pick(random, [0, 0, 0.05]));
    }
  }
  const spec = {
    ...(chance(random, 0.5) && { rate: pick(random, [1, 8000, 11_025, 48_000, 768_000]) }),
    ...(chance(random, 0.7) && { window: pick(random, [1, 32, 64, 4000]) }),
    ...(chance(random, 0.4) && { hop: pick(random, [1, 16, 10_000]) }),
    skipDamaged: chance(random, 0.5),
  };
  files['spec.json'] = Buffer.from(JSON.stringify(spec));
  return files;
}

export async function run(files) {
  await trainOn(await loadDataset({ kind: 'recordings', train: 'data', ...JSON.parse(files['spec.json']) }));
}

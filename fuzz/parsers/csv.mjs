// Tables as CSV: quotes, separators, encodings, long cells and rows; as a data set, then three steps of training.
import { loadDataset } from '@bitnetmcu/trainer';
import { trainOn } from '../further.mjs';
import { chance, mutateText, NUMBERS, pick } from '../mutators/bytes.mjs';

export const onDisk = true;

const PIECES = [
  '"',
  '""',
  ',',
  ';',
  '\t',
  '\r',
  '\r\n',
  '\n\n',
  '\u0000',
  '\ufeff',
  '\xff\xfe',
  '\u20ac',
  '#',
  "'",
  ' ',
  '-',
  'label',
  'class',
  ',,,,',
  '"\n"',
  'x'.repeat(10_000),
  ','.repeat(10_000),
  '\n'.repeat(1000),
  ...NUMBERS,
];

export async function prepare() {}

export function make(random) {
  const columns = 1 + random.nextBelow(8);
  const rows = 3 + random.nextBelow(40);
  const separator = pick(random, [',', ',', ',', ';', '\t', '|']);
  const end = pick(random, ['\n', '\n', '\r\n', '\r']);
  const cell = () => {
    const value = String(random.nextBelow(256));
    return chance(random, 0.1) ? `"${value}"` : value;
  };
  const lines = Array.from({ length: rows }, (_, i) =>
    [pick(random, ['a', 'b', `${i % 3}`]), ...Array.from({ length: columns }, cell)].join(separator),
  );
  if (chance(random, 0.5))
    lines.unshift(['label', ...Array.from({ length: columns }, (_, i) => `f${i}`)].join(separator));
  let text = Buffer.from(lines.join(end));
  if (chance(random, 0.8)) text = mutateText(text.toString(), random, PIECES);
  if (chance(random, 0.05)) text = Buffer.from(text.toString('utf8'), 'utf16le');
  const spec = {};
  if (chance(random, 0.2)) spec.labelColumn = pick(random, [0, 1, 100, 'label', 'f1', '']);
  if (chance(random, 0.2))
    spec.range = pick(random, [
      [0, 1],
      [-1e308, 1e308],
      [255, 0],
    ]);
  if (chance(random, 0.1))
    spec.shape = pick(random, [
      [1, 1, columns],
      [2, 2, 2],
    ]);
  if (chance(random, 0.2)) spec.missing = pick(random, ['error', 'drop', 'mean']);
  if (chance(random, 0.1)) Object.assign(spec, { window: pick(random, [1, 2, 5, 60_000]), hop: pick(random, [1, 3]) });
  if (chance(random, 0.1)) spec.columns = pick(random, [['0'], ['f0', 'f1'], ['99'], ['label']]);
  if (chance(random, 0.1)) spec.groups = pick(random, [0, 1, 'f0', 'none']);
  if (chance(random, 0.1)) spec.rawType = pick(random, ['u8', 'i16', 'i32', 'f32']);
  if (chance(random, 0.1)) spec.constants = 'keep';
  if (chance(random, 0.1)) spec.decimal = pick(random, ['point', 'comma']);
  if (chance(random, 0.1)) spec.separator = pick(random, ['comma', 'semicolon', 'space']);
  return { 'train.csv': text, 'spec.json': Buffer.from(JSON.stringify(spec)) };
}

export async function run(files) {
  await trainOn(await loadDataset({ kind: 'csv', train: 'train.csv', ...JSON.parse(files['spec.json']) }));
}

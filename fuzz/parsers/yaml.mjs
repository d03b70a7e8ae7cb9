// Configurations as YAML: the command trains with them, in this process.
import { main } from '@bitnetmcu/cli';
import { dump } from 'js-yaml';
import { chance, mutateText, NUMBERS, pick } from '../mutators/bytes.mjs';
import { mutateJson } from '../mutators/json.mjs';
import { SPEC_VOCABULARY, SPECS } from '../seeds.mjs';

export const onDisk = true;

const PIECES = [
  '*a',
  '&a ',
  '&a [*a]',
  '!!binary ',
  '!!set ',
  '{',
  '[',
  ']: ',
  '\t',
  '- ',
  '? ',
  ': ',
  ', ',
  '\u0000',
  '\u2028',
  '1e999',
  '.nan',
  '~',
  '__proto__',
  'constructor',
  '<<: ',
  '<<: *a',
  '"',
  "'",
  '|\n',
  '>-\n',
  '\n---\n',
  '...\n',
  '%YAML 1.1\n',
  '#',
  '\ufeff',
  ...NUMBERS,
];
const rows = (features) =>
  Array.from({ length: 24 }, (_, i) =>
    [i % 3, ...Array.from({ length: features }, (_, k) => (i * 31 + k * 7) % 256)].join(','),
  ).join('\n');
const CONFIG = {
  network: SPECS[0],
  data: { kind: 'csv', train: 'data.csv', labelColumn: 0, labels: ['0', '1', '2'] },
  schedule: { kind: 'step', every: 2, factor: 0.5 },
  optimizer: { kind: 'sgd', momentum: 0.5 },
  loss: [{ kind: 'crossEntropy', labelSmoothing: 0.1 }],
  augmentation: 'none',
  validation: 3,
  seed: 4,
};
/** Hostile as a whole: what once hung or ended the process. */
const WHOLE = [
  (n) => `${'? '.repeat(n)}x`,
  (n) => `epochs: ${'['.repeat(n)}`,
  (n) => '{a: '.repeat(n),
  (n) => `epochs: [${','.repeat(n * 10)}]`,
  (n) => Array.from({ length: n * 4 }, (_, i) => `key${i}: ${i}`).join('\n'),
  (n) => Array.from({ length: n }, (_, i) => `${' '.repeat(i % 500)}a:`).join('\n'),
  (n) =>
    `a0: &a0 [1, 1]\n${Array.from({ length: Math.min(n, 60) }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}, *a${i}]`).join('\n')}`,
  (n) => `a: ${'"\\x41'.repeat(n)}`,
  (n) => '- '.repeat(n * 3),
];

/** As YAML; what nests too deep for the writer as JSON, which is YAML too. */
function written(value, options) {
  try {
    return dump(value, options);
  } catch {
    return JSON.stringify(value);
  }
}

export async function prepare() {
  return {};
}

export function make(random) {
  const network = pick(random, SPECS);
  const { shape } = network.input;
  const config = { ...CONFIG, network, data: { ...CONFIG.data, ...(shape.length === 3 && { shape }) } };
  let text;
  if (chance(random, 0.05)) text = pick(random, WHOLE)(1 + random.nextBelow(6000));
  else if (chance(random, 0.5))
    text = written(mutateJson(config, random, SPEC_VOCABULARY, 2), {
      flowLevel: random.nextBelow(4) - 1,
      noRefs: chance(random, 0.5),
    });
  else text = mutateText(dump(config, { flowLevel: random.nextBelow(5) - 1 }), random, PIECES);
  return { 'config.yaml': Buffer.from(text), 'data.csv': Buffer.from(rows(shape.reduce((a, b) => a * b, 1))) };
}

/** What the command writes. */
class Sink {
  text = '';
  write(text) {
    this.text += text;
    return true;
  }
}

export async function run() {
  const [stdout, stderr] = [new Sink(), new Sink()];
  // What decides how long training takes is given by flags, so that a case ends.
  const flags = [
    '--epochs',
    '1',
    '--batch-size',
    '8',
    '--checkpoint-every',
    '1',
    '--output',
    'out',
    '--overwrite',
    '--json',
  ];
  const exitCode = await main(['train', 'config.yaml', ...flags], { stdout, stderr, environment: {} });
  if (exitCode === 0) return;
  const { error } = JSON.parse(stdout.text.slice(stdout.text.search(/^\{/m)));
  if (exitCode === 70) throw new Error(`exit code 70: ${stderr.text}`);
  throw Object.assign(new Error(error.message), { code: error.code });
}

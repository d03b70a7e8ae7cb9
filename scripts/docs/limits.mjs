// The limits of everything that is read, from the constants that hold them, and what came of fuzzing.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { builtPackage, count, measured, table } from './markdown.mjs';

const bytes = (value) => {
  for (const [unit, size] of [
    ['GiB', 2 ** 30],
    ['MiB', 2 ** 20],
    ['KiB', 2 ** 10],
  ]) {
    if (value >= size && value % size === 0) return `${value / size} ${unit}`;
  }
  return `${count(value)} bytes`;
};

async function limits() {
  const models = await builtPackage('models');
  const trainer = await builtPackage('trainer');
  const exporter = await builtPackage('exporter');
  const studies = await builtPackage('studies');
  const { CONFIG_LIMITS, CONTAINER_LIMITS, SPEC_LIMITS } = models;
  const documents = [
    ['configuration (YAML or JSON)', 'CONFIG_LIMITS', CONFIG_LIMITS],
    ['network spec (JSON)', 'SPEC_LIMITS', SPEC_LIMITS],
    ['directory of a `.bnm`, `.bnt` or `.bnc` file', 'CONTAINER_LIMITS', CONTAINER_LIMITS],
  ].flatMap(([what, name, limit]) => [
    [what, 'size', bytes(limit.bytes), `\`${name}.bytes\``],
    ['', 'lists and mappings inside each other', count(limit.depth), `\`${name}.depth\``],
    ['', 'keys and list entries together', count(limit.entries), `\`${name}.entries\``],
  ]);
  const row = (what, limit, from, name, show = count) => [what, limit, show(from[name]), `\`${name}\``];
  return table(
    ['what', 'limit of', 'at most', 'constant'],
    [
      ...documents,
      row('any model, network or checkpoint file', 'size', models, 'MAX_FILE_BYTES', bytes),
      row('', 'sections', models, 'MAX_SECTIONS'),
      row('network', 'layers', models, 'MAX_LAYERS'),
      row('integer network', 'nodes', models, 'MAX_NODES'),
      row('both', 'weights', models, 'MAX_WEIGHTS'),
      row('', 'activations, all layers together', models, 'MAX_ACTIVATIONS'),
      row('', 'kernel, window or stride', models, 'MAX_WINDOW'),
      row('', 'labels', models, 'MAX_LABELS'),
      row('', 'characters of a label', models, 'MAX_LABEL_LENGTH'),
      row('ONNX file', 'size', exporter, 'MAX_ONNX_BYTES', bytes),
      row('', 'nodes', exporter, 'MAX_ONNX_NODES'),
      row('', 'messages', exporter, 'MAX_ONNX_MESSAGES'),
      row('', 'messages inside each other', exporter, 'MAX_ONNX_DEPTH'),
      row('', 'numbers outside raw bytes', exporter, 'MAX_ONNX_NUMBERS'),
      row('', 'elements of a tensor', exporter, 'MAX_ONNX_ELEMENTS'),
      row('BitNetMCU header', 'characters', exporter, 'MAX_HEADER_CHARACTERS'),
      row('data file', 'size on disk', trainer, 'MAX_DATA_BYTES', bytes),
      row('one load of data', 'unpacked from npz, gz, PNG, JPEG, all together', trainer, 'MAX_UNPACKED_BYTES', bytes),
      row('EMNIST', 'the same', trainer, 'MAX_EMNIST_BYTES', bytes),
      row('picture', 'pixels', trainer, 'MAX_PIXELS'),
      row('WAV file', 'samples of a channel', trainer, 'MAX_WAV_SAMPLES'),
      row('folder of records', 'size of one record', studies, 'MAX_RECORD_BYTES', bytes),
      row('', 'runs', studies, 'MAX_RUNS'),
      row('queue', 'size of a request', studies, 'MAX_JOB_BYTES', bytes),
      row('', 'size of a record and its model, compressed', studies, 'MAX_OUTCOME_BYTES', bytes),
      row('message about a document', 'problems named; the rest is counted', models, 'MAX_SHOWN_ISSUES'),
    ],
  );
}

function fuzzing() {
  const found = measured(join(root, 'bench', 'results', 'fuzz.json'));
  if (found === undefined) return 'Not measured yet: `npm run fuzz -- --cases 10000 --record bench/results/fuzz.json`.';
  const { results, command, date, machine, limits: bars } = found;
  return [
    table(
      [
        'parser',
        'cases',
        'accepted',
        'crashes',
        `over ${bars.cpuSeconds} s`,
        `over ${bars.rssBytes / 1e9} GB`,
        'untyped errors',
        'late errors',
        'other logits',
        'slowest',
        'largest process',
      ],
      results.map((row) => [
        row.parser,
        count(row.cases),
        count(row.accepted),
        row.crash,
        row.slow,
        row.memory,
        row.untyped,
        row.late,
        row.mismatch,
        `${row.slowestSeconds.toFixed(1)} s`,
        `${row.peakMB} MB`,
      ]),
    ),
    `\`${command}\`, ${date}, ${machine}. Seconds are processor time of one case.`,
  ].join('\n\n');
}

export const limitsTables = { limits, fuzzing };

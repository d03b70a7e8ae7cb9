// How the cost of training the convolutional network grows with its width, the batch and the data, beside PyTorch in the same run.
//   node bench/growth.mjs [--repetitions 5] [--quick] [--no-pytorch] [--output bench/results/growth.json]
// Widths and batches are timed on 12 800 images and told for an epoch of 60 000; that time is proportional to the images is what the
// study of the data shows. Of each point the fastest repetition counts: whatever else the machine does only makes it slower.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { machine, peerSeconds, trainSeconds } from './measure.mjs';
import { cnn } from './networks.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    repetitions: { type: 'string', default: '5' },
    quick: { type: 'boolean', default: false },
    'no-pytorch': { type: 'boolean', default: false },
    output: { type: 'string', default: join(here, 'results', 'growth.json') },
  },
});
const EPOCH = 60_000;
const TIMED = values.quick ? 1280 : 12_800;
/** PyTorch needs ten times as long; fewer images and repetitions tell the same. */
const TIMED_PYTORCH = values.quick ? 640 : 3840;
const repetitions = Number(values.repetitions);

/** Each study varies one thing and leaves the others at CNN-64, batch 128. */
const STUDIES = {
  width: [8, 16, 32, 48, 64, 96, 128].map((channels) => ({ channels, batch: 128, images: TIMED })),
  batch: [8, 16, 32, 64, 128, 256, 512].map((batch) => ({ channels: 64, batch, images: TIMED })),
  data: [6000, 15_000, 30_000, 60_000, 120_000].map((images) => ({ channels: 64, batch: 128, images })),
};

const threadCounts = [...new Set([1, Math.min(2, availableParallelism())])];
const plural = (threads) => `${threads} thread${threads > 1 ? 's' : ''}`;
const ENGINES = [
  ...threadCounts.map((threads) => ({ name: `native, ${plural(threads)}`, options: { kind: 'native', threads } })),
  { name: 'WebAssembly, 1 thread', options: { kind: 'wasm' } },
];

const results = [];
let torch;
for (const [study, points] of Object.entries(STUDIES)) {
  for (const point of values.quick ? points.filter((_, i) => i % 2 === 0) : points) {
    for (const { name, options } of ENGINES) {
      const size = { images: point.images, batch: point.batch, epochs: repetitions };
      try {
        add(study, name, point, point.images, await trainSeconds(cnn(point.channels), options, size));
      } catch (error) {
        if (options.kind !== 'native') throw error;
        console.log(`${name}: ${error.message}`);
      }
    }
    // PyTorch's epochs of 120 000 images would take minutes to say again that time is proportional to them.
    if (values['no-pytorch'] || study === 'data') continue;
    for (const threads of threadCounts) {
      // Its threads wait spinning: where others work too, one point takes minutes. CNN-64 at batch 128 is the one that is compared.
      if (threads > 1 && (point.channels !== 64 || point.batch !== 128)) continue;
      const size = { images: TIMED_PYTORCH, batch: point.batch, epochs: Math.min(3, repetitions) };
      const measured = peerSeconds('pytorch', cnn(point.channels), { threads, ...size });
      if (measured === null) continue;
      torch = measured.version;
      add(study, `PyTorch, ${plural(threads)}`, point, TIMED_PYTORCH, measured);
    }
  }
}

function add(study, engine, { channels, batch, images }, timed, { seconds, cpuSeconds }) {
  // The study of the data tells the time of its own number of images.
  const scale = (study === 'data' ? images : EPOCH) / timed;
  const row = {
    ...{ study, engine, channels, batch },
    images: study === 'data' ? images : EPOCH,
    timed,
    seconds: Math.min(...seconds) * scale,
    cpuSeconds: Math.min(...cpuSeconds) * scale,
  };
  results.push(row);
  console.log(
    `${study.padEnd(6)} ${`${channels} channels, batch ${batch}, ${row.images} images`.padEnd(40)} ${engine.padEnd(24)} ${row.seconds.toFixed(3).padStart(9)} s  (processor ${row.cpuSeconds.toFixed(3)} s)`,
  );
}

const described = machine();
const { version } = JSON.parse(readFileSync(join(here, '..', 'package.json'), 'utf8'));
let commit = 'unknown';
try {
  commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: here, encoding: 'utf8', stdio: 'pipe' }).trim();
} catch {}
mkdirSync(dirname(values.output), { recursive: true });
const document = { date: new Date().toISOString(), version, commit, machine: described, torch, repetitions, results };
writeFileSync(values.output, `${JSON.stringify(document, null, 2)}\n`);
console.log(
  `\n${described.cpu}, Node ${described.node}, load ${described.load.toFixed(1)}. Written to ${values.output}`,
);
if (described.load > 2.5)
  console.log('The machine was busy: wall seconds are upper bounds; compare processor seconds.');

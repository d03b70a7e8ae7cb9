// Seconds for one epoch of quantization-aware training: this engine (native, WebAssembly) against PyTorch in the same run.
// node bench/train.mjs [--network fc,cnn-64] [--images 60000] [--epochs 5] [--threads 2] [--no-pytorch]
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadKernels } from '@bitnetmcu/trainer';
import { machine as describeMachine, measure, pytorchSeconds, trainSeconds } from './measure.mjs';
import { networks } from './networks.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    network: { type: 'string', default: 'fc,cnn-64' },
    images: { type: 'string', default: '60000' },
    epochs: { type: 'string', default: '5' },
    threads: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    'no-pytorch': { type: 'boolean', default: false },
  },
});
const images = Number(values.images);
const epochs = Number(values.epochs);
const most = Number(values.threads);
const BATCH = 128;
const size = { images, batch: BATCH, epochs };

/** Augmentation as in the default recipe: affine on 28×28, resized to 16×16. */
async function augmentSeconds(kind) {
  const kernels = await loadKernels({ kind });
  const source = { bytes: new Uint8Array(images * 784).map((_, i) => i * 31), channels: 1, height: 28, width: 28 };
  const deformed = { bytes: new Uint8Array(256 * 784), channels: 1, height: 28, width: 28 };
  const result = { bytes: new Uint8Array(256 * 256), channels: 1, height: 16, width: 16 };
  const matrices = Float32Array.from({ length: 256 * 6 }, (_, i) => [0.98, 0.17, -1.5, -0.17, 0.98, 2.2][i % 6]);
  const indices = new Uint32Array(256);
  const measured = measure(epochs, () => {
    for (let from = 0; from < images; from += 256) {
      const count = Math.min(256, images - from);
      for (let i = 0; i < count; i++) indices[i] = from + i;
      kernels.augmentBatch({ source, indices, count, matrices, destination: deformed });
      kernels.resizeBatch({ source: deformed, count, destination: result });
    }
  });
  return { simd: kernels.simd, ...measured };
}

/** One PyTorch measurement, or null. A convolutional epoch takes many seconds: a tenth of the images tells the same. */
function pytorch(network, threads) {
  const fewer = network === 'fc' ? images : Math.min(images, 6400);
  const kind = network === 'fc' ? 'fc' : 'cnn';
  const measured = pytorchSeconds({ network: kind, images: fewer, batch: BATCH, epochs: 3, threads });
  const scaled = (list) => list.map((seconds) => (seconds * images) / fewer);
  return measured && { ...measured, seconds: scaled(measured.seconds), cpuSeconds: scaled(measured.cpuSeconds) };
}

const best = (seconds) => Math.min(...seconds);
const rows = [];
const record = [];
function add(network, what, { seconds, cpuSeconds }, detail = {}) {
  rows.push({ network, what, seconds: best(seconds), cpuSeconds: best(cpuSeconds) });
  record.push({ network, what, best: best(seconds), bestCpu: best(cpuSeconds), seconds, cpuSeconds, ...detail });
}

let missing = false;
for (const network of values.network.split(',')) {
  const threadCounts = network === 'fc' ? [1] : [...new Set([1, most])];
  for (const threads of threadCounts) {
    try {
      const { info, ...measured } = await trainSeconds(networks[network], { kind: 'native', threads }, size);
      add(network, `native ${info.simd}, ${threads} thread${threads > 1 ? 's' : ''}`, measured);
    } catch (error) {
      console.log(`native: ${error.message}`);
    }
  }
  add(network, 'WebAssembly, 1 thread', await trainSeconds(networks[network], { kind: 'wasm' }, size));
  if (values['no-pytorch']) continue;
  for (const threads of [...new Set([1, most])]) {
    const measured = pytorch(network, threads);
    if (measured === null) missing = true;
    else
      add(network, `PyTorch ${measured.torch} ${measured.blas}, ${threads} thread${threads > 1 ? 's' : ''}`, measured, {
        torch: measured.torch,
        python: measured.python,
      });
  }
}
for (const kind of ['native', 'wasm']) {
  try {
    const { simd, ...measured } = await augmentSeconds(kind);
    add('augment', `${kind} ${simd}, 1 thread`, measured);
  } catch (error) {
    console.log(`${kind}: ${error.message}`);
  }
}

const machine = describeMachine();
console.log(
  `\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load.toFixed(1)}; ${images} images, batch ${BATCH}, best of ${epochs} epochs\n`,
);
const line = ([network, engine, ...numbers]) =>
  network.padEnd(9) + engine.padEnd(40) + numbers.map((number) => number.padStart(13)).join('');
console.log(line(['network', 'engine', 'seconds', 'cpu seconds', 'images/s', 'cpu ratio']));
for (const { network, what, seconds, cpuSeconds } of rows) {
  const first = rows.find((row) => row.network === network).cpuSeconds;
  const rate = Math.round(images / seconds).toString();
  console.log(
    line([network, what, seconds.toFixed(3), cpuSeconds.toFixed(3), rate, `${(cpuSeconds / first).toFixed(2)}×`]),
  );
}
if (missing) console.log('\nPyTorch did not run. On Debian: apt-get install python3-torch libopenblas0-pthread');
if (machine.load > 1.5)
  console.log('\nThe machine was busy: compare processor seconds; wall seconds are upper bounds.');

const { version } = JSON.parse(readFileSync(join(here, '..', 'package.json'), 'utf8'));
const command = ['node bench/train.mjs', ...process.argv.slice(2)].join(' ');
let commit = 'unknown';
try {
  commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: here, encoding: 'utf8', stdio: 'pipe' }).trim();
} catch {}
mkdirSync(join(here, 'results'), { recursive: true });
const output = join(here, 'results', 'train.json');
writeFileSync(
  output,
  `${JSON.stringify({ command, date: new Date().toISOString(), version, commit, machine, images, batch: BATCH, results: record }, null, 2)}\n`,
);
console.log(`\nWritten to ${output}`);

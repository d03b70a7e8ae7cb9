// Seconds for one epoch of quantization-aware training: this engine (native, WebAssembly) against PyTorch and JAX in the same run, and each as
// a share of what a core's multiply-adds can do at most.
// node bench/train.mjs [--network fc,cnn-64] [--images 60000] [--epochs 5] [--threads 2] [--peers pytorch,pytorch-compiled,jax | --peers none]
// node scripts/training-peers.mjs installs the peers.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { loadKernels } from '@bitnetmcu/trainer';
import {
  machine as describeMachine,
  measure,
  measurePeak,
  PEERS,
  peerSeconds,
  trainingOperations,
  trainSeconds,
} from './measure.mjs';
import { networks } from './networks.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    network: { type: 'string', default: Object.keys(networks).join(',') },
    images: { type: 'string', default: '60000' },
    epochs: { type: 'string', default: '5' },
    threads: { type: 'string', default: String(Math.min(2, availableParallelism())) },
    peers: { type: 'string', default: Object.keys(PEERS).join(',') },
    output: { type: 'string', default: join(here, 'results', 'train.json') },
  },
});
const images = Number(values.images);
const epochs = Number(values.epochs);
const most = Number(values.threads);
const peers = values.peers === 'none' ? [] : values.peers.split(',');
for (const [what, given, known] of [
  ['network', values.network.split(','), Object.keys(networks)],
  ['peer', peers, Object.keys(PEERS)],
]) {
  const wrong = given.find((name) => !known.includes(name));
  if (wrong !== undefined) throw new Error(`there is no ${what} ${wrong}; there are ${known.join(', ')}`);
}
const BATCH = 128;
const size = { images, batch: BATCH, epochs };
const isConvolutional = (network) => networks[network].layers.some((layer) => layer.type === 'conv2d');

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

/** One measurement of a peer, or null. A convolutional epoch takes them minutes: a tenth of the images, or less, tells the same. */
function peer(name, network, threads) {
  const fewer = isConvolutional(network) ? Math.min(images, name === 'jax' ? 1280 : 6400) : images;
  const measured = peerSeconds(name, networks[network], { images: fewer, batch: BATCH, epochs: 3, threads });
  const scaled = (list) => list.map((seconds) => (seconds * images) / measured.images);
  return measured && { ...measured, seconds: scaled(measured.seconds), cpuSeconds: scaled(measured.cpuSeconds) };
}

const best = (seconds) => Math.min(...seconds);
const results = [];
let simd;
const named = ({ engine, detail, threads }) =>
  `${engine}${detail ? ` ${detail}` : ''}, ${threads} thread${threads > 1 ? 's' : ''}`;
/** @param detail instruction set or version */
function add(network, engine, detail, threads, { seconds, cpuSeconds }, timed = images) {
  const row = { network, engine, detail, threads, best: best(seconds), bestCpu: best(cpuSeconds), timed };
  results.push({ ...row, seconds, cpuSeconds });
  console.log(`${network.padEnd(15)} ${named(row).padEnd(40)} ${row.best.toFixed(3)} s`);
}

const missing = new Set();
for (const network of values.network.split(',')) {
  for (const threads of new Set([1, isConvolutional(network) ? most : 1])) {
    try {
      const { info, ...measured } = await trainSeconds(networks[network], { kind: 'native', threads }, size);
      simd = info.simd;
      add(network, 'native', info.simd, threads, measured);
    } catch (error) {
      console.log(`native: ${error.message}`);
    }
  }
  add(network, 'WebAssembly', 'simd128', 1, await trainSeconds(networks[network], { kind: 'wasm' }, size));
  // One thread each: those of PyTorch wait spinning, and on small networks are slower than one.
  for (const name of peers) {
    const measured = peer(name, network, 1);
    if (measured === null) missing.add(name);
    else add(network, measured.name, measured.version, 1, measured, measured.images);
  }
}
for (const kind of ['native', 'wasm']) {
  try {
    const { simd: of, ...measured } = await augmentSeconds(kind);
    add('augment', kind === 'wasm' ? 'WebAssembly' : kind, of, 1, measured);
  } catch (error) {
    console.log(`${kind}: ${error.message}`);
  }
}

const machine = describeMachine();
const peak = simd === undefined ? undefined : measurePeak(simd);
for (const row of results) {
  if (peak === undefined || row.network === 'augment') continue;
  row.share = (trainingOperations(networks[row.network]) * images) / (row.threads * peak * 1e9) / row.best;
}
console.log(
  `\n${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, load ${machine.load.toFixed(1)}; ${images} images, batch ${BATCH}, best of ${epochs} epochs` +
    `${peak === undefined ? '' : `; one core's multiply-adds at most ${peak.toFixed(1)}·10⁹ operations a second (${simd})`}\n`,
);
const line = ([network, engine, ...numbers]) =>
  network.padEnd(15) + engine.padEnd(40) + numbers.map((number) => number.padStart(13)).join('');
console.log(line(['network', 'engine', 'seconds', 'cpu seconds', 'images/s', 'of the peak', 'ratio']));
for (const result of results) {
  const { network, best, bestCpu, share } = result;
  const first = results.find((row) => row.network === network).best;
  const rate = Math.round(images / best).toString();
  const percent = share === undefined ? '' : `${(share * 100).toFixed(1)} %`;
  console.log(
    line([network, named(result), best.toFixed(3), bestCpu.toFixed(3), rate, percent, `${(best / first).toFixed(2)}×`]),
  );
}
if (missing.size > 0)
  console.log(`\nNot installed: ${[...missing].join(', ')}. node scripts/training-peers.mjs installs them.`);
if (machine.load > 1.5)
  console.log('\nThe machine was busy: compare processor seconds; wall seconds are upper bounds.');

const { version } = JSON.parse(readFileSync(join(here, '..', 'package.json'), 'utf8'));
const command = ['node bench/train.mjs', ...process.argv.slice(2)].join(' ');
let commit = 'unknown';
try {
  commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: here, encoding: 'utf8', stdio: 'pipe' }).trim();
} catch {}
mkdirSync(dirname(values.output), { recursive: true });
writeFileSync(
  values.output,
  `${JSON.stringify({ command, date: new Date().toISOString(), version, commit, machine, peak, images, batch: BATCH, results }, null, 2)}\n`,
);
console.log(`\nWritten to ${values.output}`);

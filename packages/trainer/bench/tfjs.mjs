// Training speed of the TensorFlow.js engine beside the compiled one: seconds per epoch of 60 000 images, extrapolated from a few
// steps. Usage: node bench/tfjs.mjs [--steps 20] [--runs 3] [--networks fc-12k,cnn-16-small]; writes bench/results/tfjs.json.
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildPreset } from '@bitnetmcu/models';
import { createEngine, Random } from '../dist/index.js';
import { createTfjsEngine } from '../dist/tfjs.js';

const { values: flags } = parseArgs({
  options: {
    steps: { type: 'string', default: '20' },
    runs: { type: 'string', default: '3' },
    networks: { type: 'string', default: 'fc-12k' },
  },
});
const IMAGES = 60_000;
const BATCH = 128;
const [steps, runs] = [Number(flags.steps), Number(flags.runs)];

/** Engines that load here; a missing one is a line in the results. */
const engines = [
  ['native', () => createEngine({ kind: 'native' })],
  ['wasm', () => createEngine({ kind: 'wasm' })],
  ['tfjs node', () => createTfjsEngine({ backend: 'node' })],
  ['tfjs wasm', () => createTfjsEngine({ backend: 'wasm' })],
  ['tfjs cpu', () => createTfjsEngine({ backend: 'cpu' })],
];

const results = [];
for (const network of flags.networks.split(',')) {
  const spec = buildPreset(network);
  const rows = [];
  for (const [name, create] of engines) {
    let engine;
    try {
      engine = await create();
    } catch (error) {
      // The reason names paths of this machine: it is shown, not written.
      console.error(`${name}: ${error.message}`);
      rows.push({ network, engine: name, absent: true });
      continue;
    }
    rows.push({
      network,
      engine: name,
      simd: engine.info.simd,
      threads: engine.info.threads,
      ...measure(engine, spec),
    });
  }
  const native = rows.find(({ engine, absent }) => engine === 'native' && !absent)?.secondsPerEpoch;
  for (const row of rows) if (native && row.secondsPerEpoch) row.timesNative = row.secondsPerEpoch / native;
  results.push(...rows);
}

console.log(
  `Seconds per epoch of ${IMAGES} images, batch ${BATCH}, Adam, extrapolated from the fastest of ${runs} runs of ${steps} steps.`,
);
console.table(
  results.map(({ network, engine, simd, secondsPerEpoch, timesNative, absent }) => ({
    network,
    engine,
    runs: absent ? 'absent' : simd,
    's/epoch': secondsPerEpoch?.toPrecision(3),
    '× native': timesNative?.toPrecision(3),
  })),
);
const file = join(dirname(fileURLToPath(import.meta.url)), 'results', 'tfjs.json');
mkdirSync(dirname(file), { recursive: true });
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
writeFileSync(
  file,
  `${JSON.stringify({ command: `node bench/tfjs.mjs ${process.argv.slice(2).join(' ')}`.trim(), date: new Date().toISOString().slice(0, 10), machine, images: IMAGES, batch: BATCH, steps, runs, extrapolated: true, results }, null, 2)}\n`,
);

/** Fastest of the runs: others on the machine only ever make a run slower. */
function measure(engine, spec) {
  const samples = steps * BATCH;
  const features = spec.input.shape.reduce((a, b) => a * b, 1);
  const random = new Random(1);
  const network = engine.compile(spec, {
    batchSize: BATCH,
    optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
    loss: [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }],
    seed: 1,
  });
  network.load('training', {
    count: samples,
    bytes: Uint8Array.from({ length: samples * features }, () => random.nextBelow(256)),
    labels: Uint16Array.from({ length: samples }, () => random.nextBelow(10)),
  });
  const order = Uint32Array.from({ length: samples }, (_, i) => i);
  const rates = new Float32Array(steps).fill(1e-3);
  network.updateClipping(0);
  const first = Math.min(steps, 2);
  network.train('training', { order, to: Math.min(samples, first * BATCH), learningRates: rates.subarray(0, first) });
  let fastest = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    network.train('training', { order, from: 0, to: samples, learningRates: rates });
    fastest = Math.min(fastest, performance.now() - start);
  }
  network.dispose();
  const millisecondsPerStep = fastest / steps;
  return { millisecondsPerStep, secondsPerEpoch: (millisecondsPerStep / 1000) * Math.ceil(IMAGES / BATCH) };
}

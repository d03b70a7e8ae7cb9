// What learned clipping scalars and damping do for the smallest networks: OCTAV or learned, weights damped or not, on MNIST.
//   node bench/clipping.mjs [--epochs 20] [--seeds 1,2] [--output bench/results/clipping.json]
// Scores are of the 5000 held-out images; the test part is not looked at. Finished runs are in the output and are not repeated.
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parseNetworkSpec, summarizeSpec } from '@bitnetmcu/models';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { createTrainingRun, loadDataset } from '../dist/index.js';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    epochs: { type: 'string', default: '20' },
    seeds: { type: 'string', default: '1,2' },
    output: { type: 'string', default: join(here, 'results', 'clipping.json') },
  },
});
const epochs = Number(values.epochs);
const seeds = values.seeds.split(',').map(Number);

const relu = (name) => ({ name, type: 'activation', function: 'relu' });
const input = { shape: [1, 16, 16] };
const crop = { name: 'crop', type: 'crop', top: 1, left: 1, height: 14, width: 14 };

/** Two layers on the 2×2 means of the centre. */
const fullyConnected = (first, width) => (weights) => ({
  name: `fc-${width}-${first}`,
  input,
  layers: [
    crop,
    { name: 'pool', type: 'avgPool2d' },
    { name: 'flatten', type: 'flatten' },
    { name: 'fc1', type: 'linear', outputs: width, weights: weights(first), activationQuantizer: 'shift' },
    relu('relu1'),
    { name: 'fc2', type: 'linear', outputs: 10, weights: weights('4bitsym'), activationQuantizer: 'shift' },
  ],
});

/** The shape of the zoo's mini-cnn-1k. */
const convolutional = (weights) => ({
  name: 'conv-ternary',
  input,
  layers: [
    { name: 'conv1', type: 'conv2d', channels: 9, weights: weights('4bitsym') },
    relu('relu1'),
    { name: 'pool', type: 'maxPool2d' },
    { name: 'conv2', type: 'conv2d', channels: 16, weights: weights('Ternary'), activationQuantizer: 'shift' },
    relu('relu2'),
    { name: 'conv3', type: 'conv2d', channels: 17, weights: weights('Ternary'), activationQuantizer: 'shift' },
    relu('relu3'),
    { name: 'flatten', type: 'flatten' },
    { name: 'fc', type: 'linear', outputs: 10, weights: weights('Ternary'), activationQuantizer: 'shift' },
  ],
});

const NETWORKS = {
  'linear 62-10, 2bitsym and 4bitsym': fullyConnected('2bitsym', 62),
  'linear 37-10, 4bitsym': fullyConnected('4bitsym', 37),
  'conv 9, 16, 17, linear 10, mostly Ternary': convolutional,
};
const VARIANTS = ['octav', 'learned'].flatMap((clipping) => [0, 0.3].map((damping) => ({ clipping, damping })));

const results = existsSync(values.output)
  ? JSON.parse(readFileSync(values.output, 'utf8'))
  : { epochs, machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version }, runs: [] };
if (results.epochs !== epochs) {
  console.error(`${values.output} has runs of ${results.epochs} epochs; remove it or give another --output.`);
  process.exit(2);
}
const dataset = await loadDataset({ kind: 'mnist' });
for (const seed of seeds) {
  for (const name of Object.keys(NETWORKS)) {
    for (const variant of VARIANTS) await runOnce(name, variant, seed);
  }
}

async function runOnce(name, { clipping, damping }, seed) {
  const isDone = (run) =>
    run.network === name && run.clipping === clipping && run.damping === damping && run.seed === seed;
  if (results.runs.some(isDone)) return;
  const network = parseNetworkSpec(
    NETWORKS[name]((format) => ({ format, scaling: 'PerTensor', clipping: { method: clipping } })),
  );
  const start = performance.now();
  const run = await createTrainingRun(
    {
      ...{ network, epochs, seed, learningRate: 5e-3 },
      optimizer: { kind: 'adamw', weightDecay: 0.02, damping },
      augmentation: { plain: 0, rotation: 6, rotations: 1, translation: 0.03, scale: [0.95, 1.05] },
    },
    { dataset },
  );
  const { status, history } = await run.run();
  await run.close();
  if (status !== 'finished') throw new Error(`${name}: ${status}`);
  const last = history.at(-1);
  const finished = {
    ...{ network: name, weightBytes: summarizeSpec(network).total.bytes, clipping, damping, seed },
    validation: last.validation.accuracy,
    // Weights that swing between two codes show as epochs that differ, though the learning rate is almost 0.
    lastFive: history.slice(-5).reduce((sum, { validation }) => sum + validation.accuracy, 0) / 5,
    trainingLoss: last.train.loss,
    seconds: (performance.now() - start) / 1000,
  };
  results.runs.push(finished);
  writeFileAtomic(values.output, `${JSON.stringify(results, null, 2)}\n`);
  const percent = (share) => `${(100 * share).toFixed(2)} %`;
  console.log(
    `${name.padEnd(44)}${clipping.padEnd(8)} damping ${damping}  seed ${seed}  validation ${percent(finished.validation)}  ` +
      `last five epochs ${percent(finished.lastFive)}  training loss ${finished.trainingLoss.toFixed(4)}  ${finished.seconds.toFixed(0)} s`,
  );
}

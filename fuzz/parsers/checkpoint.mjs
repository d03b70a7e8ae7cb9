// .bnc checkpoints: decoded, resumed, trained on for a few steps, encoded again.
import { createTrainingRun, makeDataset, Random, resumeTrainingRun } from '@bitnetmcu/trainer';
import { decodeCheckpoint, encodeCheckpoint } from '@bitnetmcu/trainer/internal';
import { engine } from '../further.mjs';
import { pick } from '../mutators/bytes.mjs';
import { mutateContainer } from '../mutators/container.mjs';
import { SPEC_VOCABULARY } from '../seeds.mjs';

const VOCABULARY = [
  ...SPEC_VOCABULARY,
  'adam',
  'adamw',
  'sgd',
  'cosine',
  'step',
  'constant',
  'none',
  'native',
  'wasm',
  'csv',
  'crossEntropy',
  'distillation',
  { kind: 'sgd' },
];

function dataset() {
  const random = new Random(5);
  const part = (count) => ({
    count,
    bytes: Uint8Array.from({ length: count * 36 }, () => random.nextBelow(256)),
    labels: Uint16Array.from({ length: count }, (_, i) => i % 2),
  });
  return makeDataset({ name: 'noise', shape: [1, 6, 6], labels: ['a', 'b'], train: part(40), test: part(8) });
}

const SPEC = {
  name: 'small',
  input: { shape: [1, 6, 6] },
  layers: [
    { type: 'conv2d', name: 'c', channels: 2, weights: { format: '8bit' } },
    { type: 'activation', name: 'r', function: 'relu' },
    { type: 'linear', name: 'fc', outputs: 2, weights: { format: '4bitsym' } },
  ],
};

export async function prepare() {
  const data = dataset();
  const seeds = [];
  for (const more of [
    {},
    { optimizer: { kind: 'sgd' }, validation: 8 },
    { schedule: { kind: 'step', every: 1, factor: 0.5 }, augmentation: {} },
  ]) {
    const run = await createTrainingRun(
      { network: SPEC, epochs: 3, batchSize: 10, validation: 0, augmentation: 'none', ...more },
      { dataset: data, engine: await engine() },
    );
    const stop = new AbortController();
    await run.run({ signal: stop.signal, onProgress: () => run.history.length === 1 && stop.abort() });
    seeds.push(encodeCheckpoint(run.checkpoint()));
    await run.run({});
    seeds.push(encodeCheckpoint(run.checkpoint()));
    await run.close();
  }
  return { data, seeds };
}

export function make(random, { seeds }) {
  return { 'checkpoint.bnc': mutateContainer(pick(random, seeds), random, VOCABULARY) };
}

export async function run(files, { data }) {
  const checkpoint = decodeCheckpoint(files['checkpoint.bnc']);
  // Where the file says that results go is not where they go here.
  const { output: _, ...config } = checkpoint.config;
  const resumed = await resumeTrainingRun({ ...checkpoint, config }, { dataset: data, engine: await engine() });
  try {
    const stop = new AbortController();
    let reports = 0;
    await resumed.run({ signal: stop.signal, onProgress: () => ++reports >= 2 && stop.abort() });
    decodeCheckpoint(encodeCheckpoint(resumed.checkpoint()));
  } finally {
    await resumed.close();
  }
}

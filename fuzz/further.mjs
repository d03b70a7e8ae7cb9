// What happens to inputs that a parser accepted: models are run by two implementations, data sets train a small network.
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { ReferenceInference } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import { createEngine, Random } from '@bitnetmcu/trainer';
import { Mismatch } from './outcome.mjs';

const SAMPLES = 2;
/** Larger ones are valid and only slow. */
const MOST_MACS = 2e7;
const MOST_FEATURES = 4096;
const OPTIMIZER = { kind: 'sgd', momentum: 0.9, nesterov: false, weightDecay: 0 };
const LOSS = [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }];

const engines = new Map();

/** The engine by kind, made once; the addon's where it loads. */
export async function engine(kind = 'auto') {
  if (!engines.has(kind)) engines.set(kind, await createEngine({ kind, threads: kind === 'wasm' ? undefined : 1 }));
  return engines.get(kind);
}

/** Runs an accepted integer network in TypeScript and WebAssembly. @throws Mismatch, and what the runtime refuses with a code */
export async function runModel(model, macs = 0) {
  if (macs > MOST_MACS) return;
  const random = new Random(7);
  const inputs = Int8Array.from(
    { length: SAMPLES * elementCount(model.input.shape) },
    () => random.nextBelow(256) - 128,
  );
  const reference = await new ReferenceInference().load(model);
  const wanted = await reference.infer(inputs, SAMPLES);
  const wasm = await new WasmBackend().load(model);
  try {
    const found = await wasm.infer(inputs, SAMPLES);
    const at = wanted.findIndex((logit, i) => logit !== found[i]);
    if (at >= 0) throw new Mismatch(`logit ${at}: TypeScript ${wanted[at]}, WebAssembly ${found[at]}`);
  } finally {
    wasm.close();
    reference.close();
  }
}

/** Trains three steps of a linear classifier on the first samples of an accepted data set. */
export async function trainOn({ train, shape, labels }) {
  const features = elementCount(shape);
  if (features > MOST_FEATURES || labels.length > 64 || train.count === 0) return;
  const count = Math.min(train.count, 16);
  const spec = {
    name: 'probe',
    input: { shape, preprocessing: { divisor: 255, mean: 0, deviation: 1 } },
    layers: [
      {
        type: 'linear',
        name: 'fc',
        outputs: labels.length,
        weights: { format: '4bitsym', scaling: 'PerTensor', clipping: { method: 'octav' } },
        norm: 'rms',
        activationQuantizer: 'max-abs',
        bias: false,
      },
    ],
  };
  const network = (await engine()).compile(spec, { batchSize: 8, optimizer: OPTIMIZER, loss: LOSS, seed: 1 });
  try {
    trainSteps(network, {
      count,
      bytes: train.bytes.subarray(0, count * features),
      labels: train.labels.subarray(0, count),
    });
  } finally {
    network.dispose();
  }
}

/** Three optimizer steps and an evaluation. */
export function trainSteps(network, samples) {
  network.load('samples', samples);
  network.updateClipping(0);
  const order = Uint32Array.from({ length: samples.count }, (_, i) => i);
  const learningRates = new Float32Array(Math.ceil(samples.count / network.batchSize)).fill(1e-3);
  for (let step = 0; step < 3; step++) network.train('samples', { order, learningRates });
  network.evaluate('samples', 0, samples.count);
  network.statistics();
}

/** Multiply-accumulates of a summary. */
export const macsOf = ({ total }) => total.macs;

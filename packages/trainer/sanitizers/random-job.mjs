// Random training to compare engines by: a network, how it is trained, samples and steps.
import { SeededRandom } from '@bitnetmcu/models/internal/conformance';
import { getFormat } from '@bitnetmcu/quant';
import { randomSpec } from './random-spec.mjs';

const OPTIMIZERS = [
  { kind: 'adam', weightDecay: 0.01 },
  { kind: 'adamw', weightDecay: 0.1 },
  { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 },
  { kind: 'sgd', momentum: 0 },
];
const LOSSES = [
  [{ kind: 'crossEntropy', labelSmoothing: 0.1 }],
  [{ kind: 'crossEntropy' }, { kind: 'distillation', weight: 0.5, temperature: 2 }],
  [{ kind: 'meanSquaredError' }],
  [{ kind: 'huber', delta: 0.7 }],
  [{ kind: 'binaryCrossEntropy' }],
];

/**
 * The job of a number, the same on every machine: spec, compile options, samples with targets, a teacher's logits where a loss reads them, and
 * `steps` steps of which the last has a short batch. All kinds of layers, formats, optimizers and losses occur.
 */
export function randomJob(seed, index, steps) {
  const random = new SeededRandom(seed, index);
  let spec = randomSpec(random);
  // of most random shapes convolutions come to nothing, and dense networks remain
  while (index % 2 === 1 && !spec.layers.some(({ type }) => type === 'conv2d')) spec = randomSpec(random);
  const features = spec.input.shape.reduce((a, b) => a * b, 1);
  const classes = spec.layers.at(-1).outputs;
  const [count, batchSize] = [random.integer(20, 90), random.integer(1, 70)];
  const numbers = () => Float32Array.from({ length: count * classes }, () => random.integer(-300, 300) / 100);
  const loss = [...LOSSES[index % LOSSES.length], ...weightTerms(spec)];
  const isLabels = loss[0].kind === 'binaryCrossEntropy';
  return {
    spec,
    options: { batchSize, loss, seed: random.integer(0, 1e6), optimizer: random.pick(OPTIMIZERS) },
    samples: {
      count,
      bytes: Uint8Array.from({ length: count * features }, () => (random.chance(0.3) ? 0 : random.integer(0, 255))),
      labels: Uint16Array.from({ length: count }, () => random.integer(0, classes - 1)),
      targets: isLabels ? numbers().map((value) => Number(value > 0)) : numbers(),
    },
    ...(loss.some(({ kind }) => kind === 'distillation') ? { teacher: numbers() } : {}),
    steps: {
      order: Uint32Array.from({ length: steps * batchSize - (batchSize >> 1) }, () => random.integer(0, count - 1)),
      learningRates: Float32Array.from({ length: steps }, (_, i) => 0.01 / (1 + i)),
      damping: random.pick([0, 0.1]),
    },
  };
}

/** All terms on the weights that the network can have. */
function weightTerms({ layers }) {
  const weights = layers.flatMap((layer) => (layer.weights ? [layer.weights] : []));
  const isUniform = ({ format }) => format !== 'None' && getFormat(format).encoding.kind === 'uniform';
  return [
    ...(weights.some(({ learnedBits }) => learnedBits) ? [{ kind: 'size', weight: 0.3 }] : []),
    ...(weights.every(isUniform) ? [{ kind: 'entropy', weight: 0.3 }] : []),
  ];
}

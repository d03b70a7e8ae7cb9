// Compares the engine's gradients with central differences of the independent forward pass in doubles.
import { type NetworkSpecInput, parseNetworkSpec } from '@bitnetmcu/models';
import { Random } from '../../random.js';
import type { LossTerm } from '../compile-options.js';
import type { CompiledNetwork } from '../compiled-network.js';
import type { Engine, Samples } from '../engine.js';
import { meanLoss } from './float64-loss.js';
import { forward, sampleBatch } from './float64-network.js';

const STEP = 1e-6;

export interface GradientCheck {
  readonly network: NetworkSpecInput;
  readonly loss?: readonly LossTerm[];
  readonly batch?: number;
  readonly seed?: number;
  readonly entries?: number;
}

export interface GradientDifference {
  /** The largest |engine − reference| of any parameter, relative to its tensor's largest |reference|. */
  readonly worst: number;
  readonly where: string;
  /** |engine − reference| of the mean loss. */
  readonly loss: number;
}

/** One network, one batch, and the gradients that every engine must find. */
export interface ExpectedGradients {
  readonly parameters: Readonly<Record<string, Float32Array>>;
  /** Compared entries of each tensor: index and derivative. */
  readonly derivatives: Readonly<Record<string, readonly (readonly [number, number])[]>>;
  readonly loss: number;
  readonly compiled: (engine: Engine) => CompiledNetwork;
  readonly order: Uint32Array;
}

export function randomSamples(count: number, features: number, classes: number, seed: number): Samples {
  const random = new Random(seed);
  const bytes = Uint8Array.from({ length: count * features }, () => random.nextBelow(256));
  const labels = Uint16Array.from({ length: count }, () => random.nextBelow(classes));
  return { count, bytes, labels };
}

/**
 * Central differences with rounding off. Parameters are the engine's initial ones, perturbed so that biases, gains and
 * shifts matter. Of each tensor about `entries` are compared.
 */
export function expectedGradients(
  engine: Engine,
  {
    network,
    loss = [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }],
    batch = 7,
    seed = 1,
    entries = 10,
  }: GradientCheck,
): ExpectedGradients {
  const spec = parseNetworkSpec(network);
  const optimizer = { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 } as const;
  const random = new Random(seed);
  const initial = engine.compile(spec, { batchSize: batch, optimizer, loss, seed }) as CompiledNetwork;
  const trained = Object.keys(initial.gradients).filter((name) => !name.endsWith('.clip'));
  const start = Object.fromEntries(
    trained.map((name) => [name, initial.parameters[name]!.map((value) => value + random.nextBetween(-0.3, 0.3))]),
  );
  const classes = initial.outputs;
  const samples = randomSamples(
    batch + 3,
    spec.input.shape.reduce((a, b) => a * b, 1),
    classes,
    seed,
  );
  const order = Uint32Array.from({ length: batch }, (_, i) => (i * 3 + 1) % samples.count);
  const teacher = Float32Array.from({ length: samples.count * classes }, () => random.nextBetween(-3, 3));
  initial.dispose();

  const inputs = sampleBatch(samples, order);
  const labels = Array.from(order, (n) => samples.labels[n]!);
  const targets = Array.from(order, (n) => Float64Array.from(teacher.subarray(n * classes, (n + 1) * classes)));
  const parameters = Object.fromEntries(trained.map((name) => [name, Float64Array.from(start[name]!)]));
  const lossNow = (): number => meanLoss(loss, forward(spec, parameters, inputs), labels, targets);
  const derivatives = Object.fromEntries(
    trained.map((name) => {
      const values = parameters[name]!;
      const stride = Math.max(1, Math.floor(values.length / entries));
      const compared = Array.from({ length: Math.ceil(values.length / stride) }, (_, k) => {
        const i = k * stride;
        const kept = values[i]!;
        values[i] = kept + STEP;
        const above = lossNow();
        values[i] = kept - STEP;
        const below = lossNow();
        values[i] = kept;
        return [i, (above - below) / (2 * STEP)] as const;
      });
      return [name, compared];
    }),
  );
  const compiled = (other: Engine): CompiledNetwork => {
    const made = other.compile(spec, { batchSize: batch, optimizer, loss, seed }) as CompiledNetwork;
    for (const name of trained) made.parameters[name]!.set(start[name]!);
    made.load('check', samples);
    made.loadTargets('check', teacher);
    made.setFakeQuantization(false);
    return made;
  };
  return { parameters: start, derivatives, loss: lossNow(), compiled, order };
}

export function gradientDifference(
  engine: Engine,
  { derivatives, loss, compiled, order }: ExpectedGradients,
): GradientDifference {
  const network = compiled(engine);
  const totals = network.computeGradients('check', order, 0, order.length);
  let [worst, where] = [0, ''];
  for (const [name, entries] of Object.entries(derivatives)) {
    const gradients = network.gradients[name]!();
    const largest = Math.max(...entries.map(([, derivative]) => Math.abs(derivative)), 1e-4);
    for (const [i, derivative] of entries) {
      const difference = Math.abs(gradients[i]! - derivative) / largest;
      if (!(difference <= worst))
        [worst, where] = [difference, `${name}[${i}]: ${gradients[i]} instead of ${derivative}`];
    }
  }
  network.dispose();
  return { worst, where, loss: Math.abs(totals.loss / order.length - loss) };
}

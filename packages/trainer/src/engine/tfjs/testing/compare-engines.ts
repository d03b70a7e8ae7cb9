// The same network, parameters and samples on two engines, and how far their results are apart.
import { type NetworkSpecInput, parseNetworkSpec } from '@bitnetmcu/models';
import { Random } from '../../../random.js';
import type { CompileOptions } from '../../compile-options.js';
import type { CompiledNetwork } from '../../compiled-network.js';
import type { Engine, StepTotals, TrainableNetwork } from '../../engine.js';
import { randomSamples } from '../../testing/gradient-check.js';
import type { TfjsNetwork } from '../tfjs-network.js';

export interface Comparison {
  readonly network: NetworkSpecInput;
  readonly options?: Partial<CompileOptions>;
  readonly samples?: number;
}

export type ComparedNetwork = CompiledNetwork | TfjsNetwork;

export const DEFAULT_OPTIONS: CompileOptions = {
  batchSize: 9,
  optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.01 },
  loss: [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }],
  seed: 5,
};

/** Compiled on every engine, with the first one's initial parameters, perturbed (biases, gains and shifts matter) and the same samples and teacher. */
export function compileOn(
  engines: readonly Engine[],
  { network, options, samples: count = 12 }: Comparison,
): ComparedNetwork[] {
  const spec = parseNetworkSpec(network);
  const first = new Map<string, Float32Array>();
  return engines.map((engine) => {
    const random = new Random(3);
    const compiled = engine.compile(spec, { ...DEFAULT_OPTIONS, ...options }) as ComparedNetwork;
    const samples = randomSamples(
      count,
      spec.input.shape.reduce((a, b) => a * b, 1),
      compiled.outputs,
      7,
    );
    for (const name of Object.keys(compiled.gradients).sort()) {
      if (name.endsWith('.clip')) continue;
      const values = compiled.parameters[name]!;
      const perturbed = first.get(name) ?? values.map((value) => value + random.nextBetween(-0.2, 0.2));
      values.set(perturbed);
      first.set(name, perturbed);
    }
    compiled.updateClipping(0);
    compiled.load('samples', samples);
    const teacher = new Random(4);
    compiled.loadTargets(
      'samples',
      Float32Array.from({ length: count * compiled.outputs }, () => teacher.nextBetween(-3, 3)),
    );
    return compiled;
  });
}

export interface Difference {
  /** The largest difference of any tensor, relative to the largest value of that tensor. */
  readonly worst: number;
  readonly where: string;
}

/** Largest differences between records of tensors; both must have the same names and lengths. */
export function difference(
  actual: Readonly<Record<string, ArrayLike<number>>>,
  expected: Readonly<Record<string, ArrayLike<number>>>,
): Difference {
  const names = Object.keys(expected).sort();
  const found = Object.keys(actual).sort();
  if (names.join() !== found.join()) return { worst: Number.POSITIVE_INFINITY, where: `${found} instead of ${names}` };
  let [worst, where] = [0, 'nowhere'];
  for (const name of names) {
    const [a, e] = [actual[name]!, Array.from(expected[name]!)];
    const largest = Math.max(...e.map(Math.abs), 1e-6);
    e.forEach((value, i) => {
      const relative = Math.abs(a[i]! - value) / largest;
      if (!(relative <= worst)) [worst, where] = [relative, `${name}[${i}]: ${a[i]} instead of ${value}`];
    });
  }
  return { worst, where };
}

export interface BatchResult {
  readonly totals: StepTotals;
  readonly gradients: Record<string, Float32Array>;
}

/** Loss and gradients of one batch. */
export function gradientsOf(network: ComparedNetwork): BatchResult {
  const order = Uint32Array.from({ length: network.batchSize }, (_, i) => (i * 5 + 1) % 12);
  const totals = network.computeGradients('samples', order, 0, order.length);
  return {
    totals,
    gradients: Object.fromEntries(Object.entries(network.gradients).map(([name, get]) => [name, get()])),
  };
}

export function snapshot({ parameters, state }: TrainableNetwork): Record<string, Float32Array> {
  return Object.fromEntries(
    [...Object.entries(parameters), ...Object.entries(state)].map(([name, values]) => [name, values.slice()]),
  );
}

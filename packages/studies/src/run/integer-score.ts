// How right an integer network is, on the C runtime as WebAssembly: the same score on every machine.
import type { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { classOf, type QuantizedModel } from '@bitnetmcu/models';
import { decide, taskOf } from '@bitnetmcu/models/internal';
import type { Samples } from '@bitnetmcu/trainer';
import { areaUnderRoc, coefficientOfDetermination } from '@bitnetmcu/trainer/internal';
import { unknownValue } from '../unknown-value.js';
import type { IntegerScore } from './run-record.js';

/** Samples inferred between two turns of the event loop. */
const BATCH = 1024;

export type ModelTask = ReturnType<typeof taskOf>;

export interface JudgedIntegers {
  readonly score: IntegerScore;
  /** By sample: 1 where the answer is right, else 0; absent where answers are numbers. */
  readonly right?: Uint8Array | undefined;
}

/** Samples as the model takes them: int8, one after another, with what belongs to each. */
export interface QuantizedSamples extends Pick<Samples, 'count' | 'labels' | 'targets'> {
  readonly inputs: Int8Array;
}

export async function judgeIntegers(
  model: QuantizedModel,
  samples: QuantizedSamples,
  backend: WasmBackend,
): Promise<JudgedIntegers> {
  const { logits, outputs } = await inferAll(model, samples, backend);
  const task = taskOf(model);
  switch (task) {
    case 'classification': {
      const right = Uint8Array.from(samples.labels, (label, i) =>
        Number(classOf(logits, i * outputs, outputs) === label),
      );
      return { score: { accuracy: shareOf(right) }, right };
    }
    case 'regression':
      return { score: regressionScore(model, samples, logits, outputs) };
    case 'anomaly':
      return { score: anomalyScores(model, samples, logits, outputs) };
    case 'multiLabel':
      return multiLabelScore(samples, logits, outputs);
    default:
      throw unknownValue('task', task);
  }
}

async function inferAll(model: QuantizedModel, { inputs, count }: QuantizedSamples, backend: WasmBackend) {
  const loaded = await backend.load(model);
  try {
    const { outputs } = loaded;
    const logits = new Int32Array(count * outputs);
    for (let from = 0; from < count; from += BATCH) {
      const some = Math.min(BATCH, count - from);
      const piece = inputs.subarray(from * loaded.inputs, (from + some) * loaded.inputs);
      logits.set(loaded.infer(piece, some), from * outputs);
      await new Promise((resolve) => setImmediate(resolve));
    }
    return { logits, outputs };
  } finally {
    loaded.close();
  }
}

/** R² and mean absolute error in the units of the values; the means over the values. */
function regressionScore(
  model: QuantizedModel,
  { count, targets }: QuantizedSamples,
  logits: Int32Array,
  outputs: number,
): IntegerScore {
  const decimals = model.output?.task === 'regression' ? model.output.values.map((value) => value.decimals) : [];
  const answers = Array.from({ length: count }, (_, i) => {
    const decision = decide(model, [], logits.subarray(i * outputs, (i + 1) * outputs));
    return decision.task === 'regression' ? decision.values : [];
  });
  let [r2, error] = [0, 0];
  for (const [column, places] of decimals.entries()) {
    const wanted = Float64Array.from({ length: count }, (_, i) => targets![i * decimals.length + column]!);
    const given = Float64Array.from(answers, (values) => values[column]! / 10 ** places);
    r2 += coefficientOfDetermination(wanted, given) / decimals.length;
    error += wanted.reduce((sum, value, i) => sum + Math.abs(value - given[i]!), 0) / count / decimals.length;
  }
  return { accuracy: r2, r2, meanAbsoluteError: error };
}

/** The share of the int8 input's variance that is reconstructed, and where there are abnormal samples how well scores tell them. */
function anomalyScores(
  model: QuantizedModel,
  { inputs, count, labels }: QuantizedSamples,
  logits: Int32Array,
  outputs: number,
): IntegerScore {
  const features = inputs.length / count;
  const scores = Float64Array.from({ length: count }, (_, i) => {
    const input = inputs.subarray(i * features, (i + 1) * features);
    const decision = decide(model, input, logits.subarray(i * outputs, (i + 1) * outputs));
    return decision.task === 'anomaly' ? decision.score : Number.NaN;
  });
  const area = areaUnderRoc(scores, labels);
  const residual = scores.reduce((sum, score) => sum + score, 0);
  const total = squaresAroundMeans(inputs, features);
  return { accuracy: total === 0 ? 0 : 1 - residual / total, ...(area !== undefined && { areaUnderRoc: area }) };
}

/** Σ over samples and features of (x − mean of the feature)². */
function squaresAroundMeans(inputs: Int8Array, features: number): number {
  const count = inputs.length / features;
  const [sums, squares] = [new Float64Array(features), new Float64Array(features)];
  for (let i = 0; i < inputs.length; i++) {
    sums[i % features]! += inputs[i]!;
    squares[i % features]! += inputs[i]! ** 2;
  }
  return squares.reduce((sum, square, i) => sum + square - sums[i]! ** 2 / count, 0);
}

function multiLabelScore({ count, targets }: QuantizedSamples, logits: Int32Array, outputs: number): JudgedIntegers {
  let hits = 0;
  const right = Uint8Array.from({ length: count }, (_, i) => {
    let every = true;
    for (let k = i * outputs; k < (i + 1) * outputs; k++) {
      const isHit = logits[k]! > 0 === targets![k]! > 0.5;
      hits += Number(isHit);
      every &&= isHit;
    }
    return Number(every);
  });
  return { score: { accuracy: shareOf(right), labelAccuracy: hits / (count * outputs) }, right };
}

function shareOf(right: Uint8Array): number {
  return right.reduce((sum, one) => sum + one, 0) / right.length;
}

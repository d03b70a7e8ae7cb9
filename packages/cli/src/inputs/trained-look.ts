// The look that ends a training: the integer network beside the fake-quantized one that was trained, on samples that trained nothing.
import type { AssessmentWarning } from '@bitnetmcu/exporter';
import { classOf, type QuantizedModel, quantizeInput } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import type { Samples } from '@bitnetmcu/trainer';
import { percent } from '../render/quantities.js';
import { taskScores } from '../results/task-score.js';

export interface TrainedLook {
  readonly samples: number;
  readonly part: 'validation' | 'test';
  readonly accuracy: { readonly trained: number; readonly integer: number };
  readonly loss: number;
  /** Numbers of classes that samples are of and the integer network gives none. */
  readonly neverPredicted: readonly number[];
  readonly warnings: readonly AssessmentWarning[];
}

/** What is lost without a word: a percentage point. */
const LOSS_LIMIT = 0.01;
/** Samples of a class that a network is expected to find one of. */
const ENOUGH_OF_A_CLASS = 5;
/** Samples inferred at once. */
const BATCH = 250;

/**
 * Runs the reference inference over all samples.
 * @param trained accuracy with fake quantization on the same samples, of several labels the share that is right in all
 */
export function lookAtTrained(
  model: QuantizedModel,
  { part, samples }: { readonly part: 'validation' | 'test'; readonly samples: Samples },
  trained: number,
  labels: readonly string[],
): TrainedLook {
  const reference = new ReferenceModel(model);
  const { bytes, count } = samples;
  if (model.output?.task === 'multiLabel') {
    const inputs = quantizeInput(model, bytes);
    const scores = taskScores(model, samples, inputs, {
      outputs: reference.outputs,
      logits: reference.infer(inputs, count),
    });
    const integer = scores?.main ?? trained;
    const loss = trained - integer;
    return {
      samples: count,
      part,
      accuracy: { trained, integer },
      loss,
      neverPredicted: [],
      warnings: lossWarning(model, part, trained, integer),
    };
  }
  const predicted = new Set<number>();
  const of = new Map<number, number>();
  let right = 0;
  for (let from = 0; from < count; from += BATCH) {
    const some = Math.min(BATCH, count - from);
    const inputs = quantizeInput(model, bytes.subarray(from * reference.inputs, (from + some) * reference.inputs));
    const logits = reference.infer(inputs, some);
    for (let i = 0; i < some; i++) {
      const [found, label] = [classOf(logits, i * reference.outputs, reference.outputs), samples.labels[from + i]!];
      predicted.add(found);
      of.set(label, (of.get(label) ?? 0) + 1);
      if (found === label) right++;
    }
  }
  const integer = right / count;
  const loss = trained - integer;
  const neverPredicted = [...of]
    .filter(([label, found]) => found >= ENOUGH_OF_A_CLASS && !predicted.has(label))
    .map(([label]) => label)
    .sort((a, b) => a - b);
  const warnings = lossWarning(model, part, trained, integer);
  if (neverPredicted.length > 0) {
    const names = neverPredicted.slice(0, 8).map((label) => labels[label] ?? label);
    const message = `Never predicted: ${names.join(', ')}${neverPredicted.length > 8 ? ', …' : ''}. The network did not learn ${names.length === 1 ? 'this class' : 'these classes'}: train longer, with a larger network, or with more samples of ${names.length === 1 ? 'it' : 'them'}.`;
    warnings.push({ issue: 'never-predicted', message });
  }
  return { samples: count, part, accuracy: { trained, integer }, loss, neverPredicted, warnings };
}

function lossWarning(
  { input, output }: QuantizedModel,
  part: string,
  trained: number,
  integer: number,
): AssessmentWarning[] {
  if (trained - integer <= LOSS_LIMIT) return [];
  const cause =
    input.quantization.kind === 'static'
      ? 'scales of activations that powers of two fit badly; train without biases, or with rms norms'
      : 'activations rounded by powers of two, as ShiftNorm does; more channels or outputs lose less';
  const right = output === undefined ? 'in their class' : 'under all of their labels';
  const message = `Integers put ${percent(integer)} of the ${part} samples ${right}, the network as it was trained ${percent(trained)}: ${cause}.`;
  return [{ issue: 'loss', message }];
}

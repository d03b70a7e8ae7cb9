// Which preprocessing the training used, by evidence: how the float graph scores on labelled samples under each plausible one.
import type { Preprocessing } from '@bitnetmcu/models';
import { classCount } from '@bitnetmcu/models/internal';
import { accuracyOf, floatClasses } from '../float/float-logits.js';
import type { FloatReference } from '../float/float-reference.js';
import { plausiblePreprocessings, sameClasses } from './plausible.js';

export interface PreprocessingScore {
  /** The caller's, one that training scripts often have, or standardization by the mean and deviation of these samples. */
  readonly kind: 'assumed' | 'common' | 'standardized';
  readonly preprocessing: Preprocessing;
  /** Share of the samples that the float graph puts in the class of their label. */
  readonly accuracy: number;
  /** The share where each class of the graph stands for the label that most of its samples have, if that is clearly more: it was trained with the classes in another order. */
  readonly renumbered?: number;
}

/** By how much the accuracy must rise with other numbers of the classes to be no chance. */
const CLEARLY_RENUMBERED = 0.2;

/** The accuracy with the classes in another order, where that is clearly more. */
export function renumberedAccuracy(
  classes: readonly number[],
  labels: ArrayLike<number>,
  outputs: number,
): number | undefined {
  const renumbered = sameClasses(classes, labels, classCount(outputs))?.accuracy ?? 0;
  return renumbered - accuracyOf(classes, labels) > CLEARLY_RENUMBERED ? renumbered : undefined;
}

/**
 * Scores of the assumed preprocessing, which comes first, and of the other plausible ones for bytes.
 * @param samples uint8 samples, one after another, a few hundred of every class
 * @param outputs of the graph
 * @throws ExporterError where the graph cannot be run.
 *
 * @example
 * ```ts
 * import { onnxReference, preprocessingScores, readOnnx } from '@bitnetmcu/exporter';
 *
 * const reference = onnxReference(await readOnnx(bytes), [1, 28, 28]);
 * const scores = await preprocessingScores(reference, samples.bytes, samples.labels, 10, { divisor: 255, mean: 0, deviation: 1 });
 * ```
 */
export async function preprocessingScores(
  reference: FloatReference,
  samples: Uint8Array,
  labels: ArrayLike<number>,
  outputs: number,
  assumed: Preprocessing,
): Promise<PreprocessingScore[]> {
  const scores: PreprocessingScore[] = [];
  const candidates = [
    { kind: 'assumed', preprocessing: assumed } as const,
    ...plausiblePreprocessings(samples, assumed),
  ];
  for (const { kind, preprocessing } of candidates) {
    const classes = await floatClasses(reference, samples, labels.length, outputs, preprocessing);
    const renumbered = renumberedAccuracy(classes, labels, outputs);
    scores.push({
      kind,
      preprocessing,
      accuracy: accuracyOf(classes, labels),
      ...(renumbered !== undefined && { renumbered }),
    });
  }
  return scores;
}

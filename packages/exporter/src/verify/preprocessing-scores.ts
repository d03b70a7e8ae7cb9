// Which preprocessing the training used, by evidence: how the float graph scores on labelled samples under each plausible one.
import type { Preprocessing } from '@bitnetmcu/models';
import { floatAccuracy } from '../float/float-logits.js';
import type { FloatReference } from '../float/float-reference.js';
import { plausiblePreprocessings } from './plausible.js';

export interface PreprocessingScore {
  /** The caller's, one that training scripts often have, or standardization by the mean and deviation of these samples. */
  readonly kind: 'assumed' | 'common' | 'standardized';
  readonly preprocessing: Preprocessing;
  /** Share of the samples that the float graph puts in the class of their label. */
  readonly accuracy: number;
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
    const accuracy = await floatAccuracy(reference, samples, labels, outputs, preprocessing);
    scores.push({ kind, preprocessing, accuracy });
  }
  return scores;
}

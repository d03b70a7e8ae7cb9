// Which preprocessing the training used, by evidence: how the float graph scores on labelled samples under each plausible one.
import type { Preprocessing } from '@bitnetmcu/models';
import type { FloatReference } from '../onnx/import/compare.js';
import { floatAccuracy } from './float-logits.js';
import { plausiblePreprocessings } from './plausible.js';

export interface PreprocessingScore {
  readonly preprocessing: Preprocessing;
  /** Share of the samples that the float graph puts in the class of their label. */
  readonly accuracy: number;
}

/**
 * Scores of the assumed preprocessing, which comes first, and of the other plausible ones for bytes.
 * @param samples uint8 samples, one after another, a few hundred of every class
 * @param outputs of the graph
 * @throws ExporterError where the graph cannot be run.
 */
export async function preprocessingScores(
  reference: FloatReference,
  samples: Uint8Array,
  labels: ArrayLike<number>,
  outputs: number,
  assumed: Preprocessing,
): Promise<PreprocessingScore[]> {
  const scores: PreprocessingScore[] = [];
  for (const preprocessing of [assumed, ...plausiblePreprocessings(samples, assumed)]) {
    scores.push({ preprocessing, accuracy: await floatAccuracy(reference, samples, labels, outputs, preprocessing) });
  }
  return scores;
}

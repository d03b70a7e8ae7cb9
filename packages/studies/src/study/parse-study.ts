// The document of a study of either kind.

import type { z } from 'zod';
import { parseSampledStudy, type SampledStudy, type sampledStudySchema } from './sampled-study.js';
import { parseListStudy, type Study, type studySchema } from './study.js';

/** What a user may write. */
export type StudyInput = z.input<typeof studySchema> | z.input<typeof sampledStudySchema>;

/**
 * Checks the description of a study and fills in defaults: a list of configurations and seeds, or with `sampler` and `space` one whose runs are chosen.
 * @throws StudyError `invalid-study` with one line for each wrong key, and for a configuration that cannot be trained; SimulatorError `unknown-target`
 *
 * @example
 * ```ts
 * import { parseStudy } from '@bitnetmcu/studies';
 *
 * const study = parseStudy({
 *   name: 'learning-rates',
 *   base: { network: 'fc-1k', epochs: 10 },
 *   configurations: [
 *     { name: 'slow', config: { learningRate: 1e-3 } },
 *     { name: 'fast', config: { learningRate: 4e-3 } },
 *   ],
 *   seeds: [1, 2, 3],
 * });
 * const chosen = parseStudy({
 *   name: 'recipes',
 *   base: { network: 'fc-1k', epochs: 20 },
 *   sampler: { kind: 'asha', runs: 60 },
 *   space: { learningRate: { min: 1e-4, max: 1e-2, log: true }, batchSize: [32, 64, 128] },
 * });
 * ```
 */
export function parseStudy(value: StudyInput & { readonly sampler: unknown }): SampledStudy;
export function parseStudy(value: StudyInput & { readonly sampler?: undefined }): Study;
export function parseStudy(value: unknown): Study | SampledStudy;
export function parseStudy(value: unknown): Study | SampledStudy {
  const isSampled = typeof value === 'object' && value !== null && 'sampler' in value;
  return isSampled ? parseSampledStudy(value) : parseListStudy(value);
}

// The `.bnm` of a run: the same bytes wherever and whenever the run is made, so that a hash names it.
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { encodeBnm, type Provenance, type QuantizedModel } from '@bitnetmcu/models';
import type { TrainingConfig } from '@bitnetmcu/trainer';
import { mapPaths, pathsOf } from '@bitnetmcu/trainer/internal';
import { canonicalJson } from './canonical-json.js';
import { decidingConfig, withTeachers } from './run-key.js';
import type { FinishedRun } from './run-record.js';

export interface ModelBytes {
  readonly bytes: Uint8Array;
  readonly sha256: string;
}

/** Scores of the integer network go with it; of a test part that was not asked for nothing is known. */
export function modelBytes(
  model: QuantizedModel,
  config: TrainingConfig,
  { dataset, validation, test }: Pick<FinishedRun, 'dataset' | 'validation' | 'test'>,
): ModelBytes {
  const data = namedData(config);
  const provenance: Provenance = {
    tool: '@bitnetmcu/studies',
    seed: config.seed,
    dataset: dataset.name,
    datasetSha256: dataset.sha256,
    data: ordered(data),
    metrics: {
      ...(validation && { validationAccuracy: validation.integer.accuracy }),
      ...(test && { testAccuracy: test.accuracy }),
    },
    config: ordered({ ...withTeachers(decidingConfig(config), (path) => basename(path)), data }),
  };
  const bytes = encodeBnm({ ...model, provenance });
  return { bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** With its keys in one order: a run that goes on has them in another one. */
function ordered<T>(value: T): T {
  return JSON.parse(canonicalJson(value)) as T;
}

/** The data by their file names: where they stand is another matter on every machine, and whoever opens them says so. */
function namedData({ data }: TrainingConfig): TrainingConfig['data'] {
  const { offline: _offline, ...named } = data as { readonly offline?: boolean } & TrainingConfig['data'];
  if (named.kind === 'mnist' || named.kind === 'fashion-mnist') return { kind: named.kind };
  return pathsOf(named).length === 0
    ? (named as TrainingConfig['data'])
    : mapPaths(named as TrainingConfig['data'], (path) => basename(path));
}

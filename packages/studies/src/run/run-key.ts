// The key of a run: the hash of what decides its result. Where files stand, who runs it and on how many threads is no part of it.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';
import { readFileBounded } from '@bitnetmcu/models/internal/node';
import type { Dataset, EngineInfo, Samples, TrainingConfig } from '@bitnetmcu/trainer';
import { pathsOf } from '@bitnetmcu/trainer/internal';
import { canonicalJson } from './canonical-json.js';
import { fileStamp } from './file-stamp.js';
import { numbersSha256 } from './numbers-hash.js';
import type { RunRequest } from './run-request.js';

/** Counts changes of what is hashed: keys of before are then no keys of now. */
const KEY_VERSION = 3;

/** Whose code makes a record of a request. */
const BUILDERS = ['trainer', 'exporter', 'mcu-runtime', 'models', 'quant', 'studies'] as const;

/** What of an engine decides the bits of its results; two engines of one meaning give the same weights. */
export function engineMeaning(info: EngineInfo): string {
  const { arithmetic } = info as EngineInfo & { readonly arithmetic?: string };
  // TensorFlow.js adds in whatever order its backend does.
  return arithmetic === undefined || info.kind === 'tfjs' ? `${info.kind} ${info.simd}` : arithmetic;
}

/** What of a data set decides a run: its samples, what a model says of their raw values, and the recordings that are held out as a whole. */
export type KeyedDataset = Pick<Dataset, 'sha256' | 'raw' | 'frontEnd' | 'missing'> & {
  readonly train: Pick<Samples, 'groups'>;
};

/** Of what is known before a run. */
export interface RunBasis {
  readonly dataset: KeyedDataset;
  readonly engine: EngineInfo;
}

/**
 * SHA-256, hexadecimal, of a run's request, its data, its teachers and its engine. Data and teachers count by what they are, not by where they stand.
 * @throws ModelError `file-error` where a teacher of the request cannot be read
 */
export function runKey({ config, targets, test, float }: RunRequest, { dataset, engine }: RunBasis): string {
  const basis = {
    version: KEY_VERSION,
    config: withTeachers(decidingConfig(config), teacherHash),
    targets,
    test,
    ...(float && { float }),
    dataset: datasetMeaning(dataset),
    engine: engineMeaning(engine),
    versions: packageVersions(),
  };
  return createHash('sha256').update(canonicalJson(basis)).digest('hex');
}

/** The SHA-256 of a data set is that of its samples as they are scaled: of a column of other units it is the same. */
function datasetMeaning({ sha256, raw, frontEnd, missing, train: { groups } }: KeyedDataset): object {
  return { sha256, raw, frontEnd, means: missing?.means, groups: groups && numbersSha256(groups) };
}

type DecidingConfig = Omit<TrainingConfig, 'output' | 'checkpointEvery' | 'engine' | 'data'> & {
  readonly data: object;
};

/** A configuration without what does not decide the result: files are known by their content. */
export function decidingConfig(config: TrainingConfig): DecidingConfig {
  const { output: _output, checkpointEvery: _every, engine: _engine, data, ...deciding } = config;
  const places = new Set(['offline', ...pathsOf(data).map(([key]) => key)]);
  return { ...deciding, data: Object.fromEntries(Object.entries(data).filter(([key]) => !places.has(key))) };
}

/** The configuration with its teachers named otherwise than by paths. */
export function withTeachers<T extends Pick<TrainingConfig, 'loss' | 'frozen'>>(
  config: T,
  name: (path: string) => string,
): T {
  const loss = config.loss?.map((term) => {
    if (term.kind === 'features') return { ...term, teacher: name(term.teacher) };
    if (term.kind !== 'distillation') return term;
    return { ...term, teacher: Array.isArray(term.teacher) ? term.teacher.map(name) : name(term.teacher) };
  });
  const frozen = config.frozen?.map((one) =>
    one.teacher === undefined ? one : { ...one, teacher: name(one.teacher) },
  );
  return { ...config, ...(loss && { loss }), ...(frozen && { frozen }) };
}

/** A teacher is read again where its file is another one: a run is trained with what is there then. */
const teacherHashes = new Map<string, { readonly stamp: string; readonly hash: string }>();

function teacherHash(path: string): string {
  const stamp = fileStamp(path);
  const known = teacherHashes.get(path);
  if (known?.stamp === stamp) return known.hash;
  const hash = createHash('sha256').update(readFileBounded(path)).digest('hex');
  teacherHashes.set(path, { stamp, hash });
  return hash;
}

let versions: Readonly<Record<string, string>> | undefined;

/** Of the packages that turn a request into a record. */
export function packageVersions(): Readonly<Record<string, string>> {
  const load = createRequire(import.meta.url);
  versions ??= Object.fromEntries(
    BUILDERS.map((name) => [name, (load(`@bitnetmcu/${name}/package.json`) as { version: string }).version]),
  );
  return versions;
}

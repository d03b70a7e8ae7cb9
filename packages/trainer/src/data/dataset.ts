// What a data set is: labelled uint8 samples, a training and a test part. Loaders make it; nothing here reads files.
import { createHash } from 'node:crypto';
import type { Shape } from '@bitnetmcu/models';
import { elementCount, type FrontEnd, type RawInput } from '@bitnetmcu/models/internal';
import type { Samples } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import { permutation, Random } from '../random.js';
import { runSteps, type Steps } from './slices.js';

/**
 * What a data set asks for besides classes. Regression: `Samples.targets` are its values, a column each. Anomaly: label 0 is normal, 1 abnormal;
 * training samples are all normal. Multi-label: `Samples.targets` are 1 and 0.
 */
export type DatasetOutput =
  | {
      readonly task: 'regression';
      readonly values: readonly {
        readonly name: string;
        readonly unit?: string | undefined;
        readonly decimals: number;
      }[];
    }
  | { readonly task: 'anomaly' }
  | { readonly task: 'multiLabel' };

/** How tables of training are written, where their files say it. */
export interface TablesAsFound {
  /** Decimal mark of their numbers. */
  readonly decimal?: 'point' | 'comma';
  /** Name or 0-based number of the column that has the class, the value or the labels. */
  readonly labelColumn?: string | number;
}

/** Labelled samples for training and for the one evaluation at the end. */
export interface Dataset {
  /** `mnist`; of files and folders their own name, `iris.csv`. */
  readonly name: string;
  readonly train: Samples;
  readonly test: Samples;
  /** Shape of one sample: [features] or [channels, height, width]. */
  readonly shape: Shape;
  /** Names of what the network gives: classes (a label is an index into them), values of a regression, labels; of anomalies normal and abnormal. */
  readonly labels: readonly string[];
  /** What is to be learned. Absent: one class a sample. */
  readonly output?: DatasetOutput | undefined;
  /** Where the bytes are int8 + 128 made from raw values: what those are. Learned from the training part alone. */
  readonly raw?: RawInput | undefined;
  /** Where `raw` describes features of signals: which. */
  readonly frontEnd?: FrontEnd | undefined;
  /** Where missing values count as the mean of the training part: how many there are, and the mean of each feature, or of each channel of a front end. */
  readonly missing?: { readonly count: number; readonly means: readonly number[] } | undefined;
  /** Of tables: what was found out of how they are written. Other files of their kind are read so where they leave it open. */
  readonly tables?: TablesAsFound | undefined;
  /** SHA-256 (hex) of shape, samples and labels as they were loaded, before any resizing. */
  readonly sha256: string;
  /** What was assumed in reading the files, and what looks wrong in them, in sentences for people. */
  readonly notes?: readonly string[];
}

/** Bytes that are hashed, and samples that are copied, between two turns of the event loop. */
const PIECE_BYTES = 2 ** 22;

/**
 * Checks the parts against each other and computes the hash.
 * @throws TrainerError `invalid-data` where lengths, shape and class names disagree or the training part is empty.
 *
 * @example
 * ```ts
 * import { makeDataset } from '@bitnetmcu/trainer';
 *
 * const part = { count: 2, bytes: Uint8Array.of(0, 255, 255, 0), labels: Uint16Array.of(0, 1) };
 * const dataset = makeDataset({ name: 'two', shape: [2], labels: ['left', 'right'], train: part, test: part });
 * ```
 */
export function makeDataset(parts: Omit<Dataset, 'sha256'>): Dataset {
  return runSteps(datasetSteps(parts));
}

/** As `makeDataset`, in steps. */
export function* datasetSteps(parts: Omit<Dataset, 'sha256'>): Steps<Dataset> {
  const features = elementCount(parts.shape);
  const { output } = parts;
  const hash = createHash('sha256').update(JSON.stringify([parts.shape, parts.labels, ...(output ? [output] : [])]));
  for (const part of ['train', 'test'] as const) {
    const { count, bytes, labels } = parts[part];
    if (bytes.length !== count * features || labels.length !== count) {
      throw new TrainerError(
        'invalid-data',
        `${parts.name}: the ${part} part has ${bytes.length} bytes and ${labels.length} labels for ${count} samples of ${features} values; expected ${count * features} and ${count}.`,
      );
    }
    const wrong = labels.findIndex((label) => label >= parts.labels.length);
    if (wrong >= 0) {
      throw new TrainerError(
        'invalid-data',
        `${parts.name}: label ${labels[wrong]} of ${part} sample ${wrong} is not below the number of classes, ${parts.labels.length}.`,
      );
    }
    const { targets } = parts[part];
    requireTargets(parts, part);
    const hashed = [bytes, asBytes(labels), ...(targets ? [asBytes(targets)] : [])];
    for (const values of hashed) {
      for (let at = 0; at < values.length; at += PIECE_BYTES) {
        hash.update(values.subarray(at, at + PIECE_BYTES));
        yield;
      }
    }
  }
  if (parts.train.count === 0) throw new TrainerError('invalid-data', `${parts.name}: there is no training sample.`);
  return { ...parts, sha256: hash.digest('hex') };
}

function asBytes({ buffer, byteOffset, byteLength }: Uint16Array | Float32Array): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** @throws TrainerError `invalid-data` where targets are missing, too many or no numbers */
function requireTargets({ name, output, labels, ...parts }: Omit<Dataset, 'sha256'>, part: 'train' | 'test'): void {
  const { count, targets } = parts[part];
  const wanted = output?.task === 'regression' || output?.task === 'multiLabel' ? count * labels.length : undefined;
  if (targets?.length !== wanted) {
    throw new TrainerError(
      'invalid-data',
      `${name}: the ${part} part has ${targets ? `${targets.length} targets` : 'no targets'} for ${count} samples; ${wanted ?? 'none'} wanted for ${output?.task ?? 'classification'}.`,
    );
  }
  const wrong = targets?.findIndex((target) => !Number.isFinite(target)) ?? -1;
  if (wrong < 0) return;
  throw new TrainerError(
    'invalid-data',
    `${name}: ${labels[wrong % labels.length]} of ${part} sample ${Math.floor(wrong / labels.length)} is ${targets![wrong]}; a number is wanted: leave the sample out, or correct it.`,
  );
}

/**
 * The samples with the given numbers, copied in that order.
 *
 * @example
 * ```ts
 * import { selectSamples } from '@bitnetmcu/trainer';
 *
 * const firstTwo = selectSamples(samples, Uint32Array.of(0, 1));
 * ```
 */
export function selectSamples(samples: Samples, numbers: Uint32Array): Samples {
  return runSteps(selectSteps(samples, numbers));
}

/** As `selectSamples`, in steps. @param into where the bytes go; default: memory of their own */
export function* selectSteps(samples: Samples, numbers: Uint32Array, into?: Uint8Array): Steps<Samples> {
  const features = samples.count === 0 ? 0 : samples.bytes.length / samples.count;
  const bytes = into ?? new Uint8Array(numbers.length * features);
  const labels = new Uint16Array(numbers.length);
  const outputs = samples.targets ? samples.targets.length / samples.count : 0;
  const targets = samples.targets && new Float32Array(numbers.length * outputs);
  const piece = Math.max(1, Math.min(10_000, Math.floor(PIECE_BYTES / Math.max(1, features))));
  // Samples that follow each other are copied at once: most do, where few are left out.
  for (let i = 0, copied = 0; i < numbers.length; ) {
    const first = numbers[i]!;
    let end = i + 1;
    while (end < numbers.length && end - i < piece && numbers[end] === first + end - i) end++;
    const last = first + end - i;
    bytes.set(samples.bytes.subarray(first * features, last * features), i * features);
    labels.set(samples.labels.subarray(first, last), i);
    targets?.set(samples.targets!.subarray(first * outputs, last * outputs), i * outputs);
    copied += end - i;
    i = end;
    if (copied < piece) continue;
    copied = 0;
    yield;
  }
  const { groups } = samples;
  return {
    count: numbers.length,
    bytes,
    labels,
    ...(targets && { targets }),
    ...(groups && { groups: Uint32Array.from(numbers, (number) => groups[number]!) }),
  };
}

/**
 * Takes `heldOut` randomly chosen samples away; both parts keep the original order. The choice depends on the seed alone.
 * @throws TrainerError `invalid-argument` if `heldOut` leaves nothing.
 */
export function splitSamples(samples: Samples, heldOut: number, seed: number): { rest: Samples; heldOut: Samples } {
  const numbers = splitNumbers(samples.count, heldOut, seed);
  return { heldOut: selectSamples(samples, numbers.heldOut), rest: selectSamples(samples, numbers.rest) };
}

/** The numbers of the samples of both parts, ascending. @throws TrainerError as `splitSamples` */
export function splitNumbers(
  count: number,
  heldOut: number,
  seed: number,
): { rest: Uint32Array; heldOut: Uint32Array } {
  if (!Number.isInteger(heldOut) || heldOut < 0 || heldOut >= count) {
    throw new TrainerError(
      'invalid-argument',
      `${heldOut} samples cannot be held out of ${count}; use 0 to ${count - 1}.`,
    );
  }
  const order = permutation(count, Random.of(seed, SPLIT_STREAM));
  const isHeldOut = new Uint8Array(count);
  for (let i = 0; i < heldOut; i++) isHeldOut[order[i]!] = 1;
  const [ascending, rest] = [new Uint32Array(heldOut), new Uint32Array(count - heldOut)];
  for (let i = 0, held = 0; i < count; i++) {
    if (isHeldOut[i]) ascending[held++] = i;
    else rest[i - held] = i;
  }
  return { heldOut: ascending, rest };
}

/** Keeps the split's stream apart from every other use of the same seed. */
export const SPLIT_STREAM = 0x5_9117;

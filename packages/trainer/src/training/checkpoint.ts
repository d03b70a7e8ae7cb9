// The checkpoint file (.bnc): everything that a run needs to go on to the same weights, in the container of @bitnetmcu/models.
import { ModelError, networkSpecSchema, type Provenance, type TrainedNetwork } from '@bitnetmcu/models';
import {
  type ContainerFormat,
  decodeContainer,
  encodeContainer,
  parseWithSchema,
  validateTrainedNetwork,
} from '@bitnetmcu/models/internal';
import { readFileBounded, writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { z } from 'zod';
import { provenanceForFile, provenanceOfFile } from '../data/data-paths.js';
import type { EngineInfo, StepTotals } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import { requireCounters } from './checkpoint-counters.js';
import { type TrainingConfig, trainingConfigSchema } from './config.js';
import type { EpochMetrics, Score } from './metrics.js';

/** A run between two optimizer steps. Random streams are counter-based, so seed, epoch and step are the generator's whole state. */
export interface Checkpoint {
  readonly config: TrainingConfig;
  readonly network: TrainedNetwork;
  /** Optimizer moments, running statistics, counters: `TrainableNetwork.state`. */
  readonly state: Readonly<Record<string, Float32Array>>;
  /** `EpochAction.state` of all actions; absent where none has any. */
  readonly actions?: Readonly<Record<string, Float32Array>>;
  /** Epochs completed. */
  readonly epoch: number;
  /** Optimizer steps done in the epoch after those. */
  readonly step: number;
  /** Sums over these steps. */
  readonly totals: StepTotals;
  readonly history: readonly EpochMetrics[];
  /** The evaluation at the end of a finished run. */
  readonly test?: Score;
  readonly dataset: { readonly name: string; readonly sha256: string };
  /** Bit-exact resumption needs the same arithmetic. */
  readonly engine: EngineInfo;
}

/** Version 2 writes windows, strides and padding of its spec as pairs; the numbers of version 1 are shorthands that the spec still takes. */
const FORMAT: ContainerFormat = { magic: 'BNC1', version: 2, what: 'checkpoint (.bnc)' };
const PARAMETER = 'parameter:';
const STATE = 'state:';
const ACTION = 'action:';

const count = z.int().min(0);
const scoreSchema = z.strictObject({
  loss: z.number(),
  accuracy: z.number().max(1),
  r2: z.number().max(1).optional(),
  meanAbsoluteError: z.number().min(0).optional(),
  areaUnderRoc: z.number().min(0).max(1).optional(),
  labelAccuracy: z.number().min(0).max(1).optional(),
});
/** Absent from files of older versions, and of TensorFlow.js. */
const arithmeticSchema = z.enum(['fused', 'separate']).optional();
const metricsSchema = z.strictObject({
  epoch: count,
  learningRate: z.number(),
  train: scoreSchema,
  validation: scoreSchema.optional(),
  layers: z.array(
    z.strictObject({ layer: z.string(), positiveShare: z.number(), clip: z.number(), codeEntropy: z.number() }),
  ),
  arithmetic: arithmeticSchema,
  imagesPerSecond: z.number(),
  seconds: z.number(),
});
const headerSchema = z.strictObject({
  config: trainingConfigSchema,
  spec: networkSpecSchema,
  labels: z.array(z.string()),
  provenance: z.record(z.string(), z.unknown()),
  epoch: count,
  step: count,
  totals: z.strictObject({ loss: z.number(), correct: z.number(), samples: count }),
  history: z.array(metricsSchema),
  test: scoreSchema.optional(),
  dataset: z.strictObject({ name: z.string(), sha256: z.string() }),
  engine: z.strictObject({
    kind: z.enum(['native', 'wasm', 'tfjs']),
    simd: z.string(),
    threads: count,
    arithmetic: arithmeticSchema,
  }),
});

/** The bytes of a checkpoint file. */
export function encodeCheckpoint({ network, state, actions = {}, ...rest }: Checkpoint): Uint8Array {
  const { spec, labels, provenance, parameters } = network;
  const sections = new Map<string, Float32Array>();
  for (const [key, values] of Object.entries(parameters)) sections.set(PARAMETER + key, values);
  for (const [key, values] of Object.entries(state)) sections.set(STATE + key, values);
  for (const [key, values] of Object.entries(actions)) sections.set(ACTION + key, values);
  return encodeContainer(FORMAT, { header: { ...rest, spec, labels, provenance }, sections });
}

/**
 * Reads a checkpoint file and checks it completely.
 * @param source name for messages
 * @throws TrainerError `invalid-checkpoint`.
 */
export function decodeCheckpoint(bytes: Uint8Array, source = 'the checkpoint'): Checkpoint {
  try {
    return decode(bytes);
  } catch (cause) {
    if (!ModelError.isInstance(cause)) throw cause;
    throw new TrainerError('invalid-checkpoint', `${source} cannot be used: ${cause.message}`, { cause });
  }
}

function decode(bytes: Uint8Array): Checkpoint {
  const container = decodeContainer(FORMAT, bytes);
  const { spec, labels, provenance, test, ...rest } = parseWithSchema(
    headerSchema,
    container.header,
    'header',
    'invalid-file',
  );
  const names = [...container.sections.keys()];
  const unknown = names.find((name) => ![PARAMETER, STATE, ACTION].some((prefix) => name.startsWith(prefix)));
  if (unknown !== undefined) {
    throw new ModelError(
      'invalid-file',
      `The section '${unknown}' of this checkpoint is unknown: it was written by a newer version. Read it with that.`,
    );
  }
  // From entries: a key may be '__proto__'.
  const part = (prefix: string): Record<string, Float32Array> =>
    Object.fromEntries(
      names
        .filter((name) => name.startsWith(prefix))
        .map((name) => [name.slice(prefix.length), container.section(name, 'f32')]),
    );
  const [parameters, state, actions] = [part(PARAMETER), part(STATE), part(ACTION)];
  const network: TrainedNetwork = { spec, parameters, labels, provenance: provenance as Provenance };
  validateTrainedNetwork(network);
  const history = rest.history.map(({ validation, ...metrics }) => ({ ...metrics, ...(validation && { validation }) }));
  const checkpoint: Checkpoint = {
    ...rest,
    ...{ network, state, history },
    ...(Object.keys(actions).length > 0 && { actions }),
    ...(test && { test }),
  };
  requireCounters(checkpoint);
  return checkpoint;
}

/**
 * Writes a checkpoint so that its path holds the old one or the new one, never a part.
 * @throws ModelError `file-error`.
 */
export function writeCheckpoint(path: string, checkpoint: Checkpoint): void {
  const { network } = checkpoint;
  const provenance = provenanceForFile(network.provenance, path);
  writeFileAtomic(path, encodeCheckpoint({ ...checkpoint, network: { ...network, provenance } }));
}

/**
 * Reads a checkpoint file and checks it completely. Paths of its data, which it holds relative to itself, are those of this process.
 * @throws TrainerError `invalid-checkpoint` (also where there is no such file).
 *
 * @example
 * ```ts
 * import { readCheckpoint } from '@bitnetmcu/trainer';
 *
 * const { epoch, history } = readCheckpoint('runs/first/checkpoint.bnc');
 * ```
 */
export function readCheckpoint(path: string): Checkpoint {
  let bytes: Uint8Array;
  try {
    bytes = readFileBounded(path);
  } catch (cause) {
    throw new TrainerError('invalid-checkpoint', (cause as Error).message, { cause });
  }
  const checkpoint = decodeCheckpoint(bytes, path);
  const { network, config } = checkpoint;
  const provenance = provenanceOfFile(network.provenance, path);
  if (provenance === network.provenance) return checkpoint;
  // What the run goes on with; its configuration has the paths as they were typed.
  const data = provenance.data as TrainingConfig['data'];
  return { ...checkpoint, config: { ...config, data }, network: { ...network, provenance } };
}

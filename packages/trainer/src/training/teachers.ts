// Teachers of a run: networks whose outputs, features or layers it takes over, read from their checkpoints.
import { inferShapes, type NetworkSpec, parseNetworkSpec, type TrainedNetwork } from '@bitnetmcu/models';
import { isWeighted, weightDimensions } from '@bitnetmcu/models/internal';
import type { Engine, TrainableNetwork } from '../engine/engine.js';
import { MOST_FEATURES } from '../engine/losses/schemas.js';
import { splitParameter } from '../engine/parameter-names.js';
import { TrainerError } from '../errors.js';
import type { EpochAction } from './actions/epoch-action.js';
import { teach } from './actions/teach.js';
import { teachFeatures } from './actions/teach-features.js';
import { type Checkpoint, readCheckpoint } from './checkpoint.js';
import type { TrainingConfig } from './config.js';
import { startFrom, takeOver } from './initial-network.js';
import { hasMasks, restoreNetwork } from './restore.js';

/** The network of a term on features up to the layer that it names. */
export interface FeatureTeacher {
  readonly checkpoint: Checkpoint;
  readonly spec: NetworkSpec;
  /** Numbers of a sample. */
  readonly width: number;
}

/** @throws TrainerError `invalid-checkpoint`, `invalid-config` for a layer that the teacher does not have */
export function readFeatureTeacher({ loss = [] }: Pick<TrainingConfig, 'loss'>): FeatureTeacher | undefined {
  const term = loss.find((one) => one.kind === 'features');
  if (term === undefined) return undefined;
  const checkpoint = readCheckpoint(term.teacher);
  const { spec } = checkpoint.network;
  const layers = inferShapes(spec);
  const end = layers.findIndex(({ layer }) => layer.name === term.teacherLayer);
  if (end < 0) {
    throw new TrainerError(
      'invalid-config',
      `The loss has a term features of the layer '${term.teacherLayer}' of a teacher, which its network ${spec.name} does not have: name one of ${layers.map(({ layer }) => layer.name).join(', ')}.`,
    );
  }
  const { output: _, ...rest } = spec;
  const width = layers[end]!.outputShape.reduce((a: number, b: number) => a * b, 1);
  if (width > MOST_FEATURES) {
    throw new TrainerError(
      'invalid-config',
      `The loss has a term features of the layer '${term.teacherLayer}' of the teacher ${spec.name}, which gives ${width} numbers a sample; at most ${MOST_FEATURES} can be learned. Name a layer behind its pooling.`,
    );
  }
  return { checkpoint, spec: parseNetworkSpec({ ...rest, layers: spec.layers.slice(0, end + 1) }), width };
}

/** What the terms of the loss that name teachers do with the samples of every epoch. */
export function teacherActions(
  { loss = [], batchSize, seed }: TrainingConfig,
  engine: Engine,
  outputs: number,
  features: FeatureTeacher | undefined,
): EpochAction[] {
  if (features) {
    const { checkpoint, spec, width } = features;
    const network = engine.compile(spec, { batchSize, seed, masks: hasMasks(checkpoint) });
    startFrom(network, checkpoint.network);
    return [teachFeatures(network, width)];
  }
  const named = loss.flatMap((term) => (term.kind === 'distillation' ? [[term.teacher].flat()] : []));
  const [paths] = named;
  if (paths === undefined) return [];
  if (named.some((other) => other.join('\n') !== paths.join('\n'))) {
    throw new TrainerError(
      'invalid-config',
      `The loss's distillation terms name different teachers (${named.map((of) => of.join(' and ')).join('; ')}). One run learns from one teacher, or from the mean of several: give every term the same list.`,
    );
  }
  return [
    teach(
      paths.map((path) => loadTeacher(path, { batchSize, seed }, engine)),
      outputs,
    ),
  ];
}

function loadTeacher(path: string, { batchSize, seed }: { batchSize: number; seed: number }, engine: Engine) {
  const checkpoint = readCheckpoint(path);
  // Its state can be restored into the optimizer that it was trained with only.
  const { damping: _, ...optimizer } = checkpoint.config.optimizer;
  const network = engine.compile(checkpoint.network.spec, { batchSize, optimizer, seed, masks: hasMasks(checkpoint) });
  restoreNetwork(network, checkpoint);
  return network;
}

/**
 * Copies the layers that shall be as a teacher has them: weights, biases, gains, and clipping scalars where both quantize alike.
 * @throws TrainerError `initial-mismatch` naming the parameter that the teacher lacks or has in another size
 */
export function copyFrozenLayers(network: TrainableNetwork, { frozen = [] }: Pick<TrainingConfig, 'frozen'>): void {
  for (const { layer, teacher, teacherLayer = layer } of frozen) {
    if (teacher === undefined) continue;
    const { network: trained } = readCheckpoint(teacher);
    const [own, its] = [weightShape(network.spec, layer), weightShape(trained.spec, teacherLayer)];
    const messageOf = (found: string, wanted: string | number, key: string) =>
      `The layer '${layer}' (${own}) shall be as ${teacherLayer} (${its}) of the teacher ${trained.spec.name}, which has ${found} for its ${splitParameter(key).part}; ${wanted} wanted. Give it, and the layer before it, as many outputs as the teacher's have.`;
    if (own !== its) throw new TrainerError('initial-mismatch', messageOf(its, own, `${layer}.weight`));
    takeOver(network, onlyLayer(trained, teacherLayer, layer), (name) => name === layer, messageOf);
  }
}

/** A network of one layer under another name. */
function onlyLayer({ spec, parameters }: TrainedNetwork, from: string, name: string): TrainedNetwork {
  const values = Object.entries(parameters).flatMap(([key, value]) => {
    const { layer, part } = splitParameter(key);
    return layer === from && part !== 'mask' ? [[`${name}.${part}`, value] as const] : [];
  });
  const layers = spec.layers.flatMap((layer) => (layer.name === from ? [{ ...layer, name }] : []));
  return { spec: { ...spec, layers }, parameters: Object.fromEntries(values), labels: [], provenance: {} };
}

/** Outputs and inputs of each, as in `64 × 96`. */
function weightShape(spec: NetworkSpec, name: string): string {
  const found = inferShapes(spec).find(({ layer }) => layer.name === name);
  if (found === undefined || !isWeighted(found.layer)) return 'no weights';
  const { outputs, perOutput } = weightDimensions(found.layer, found.inputShapes[0]!);
  return `${outputs} × ${perOutput}`;
}

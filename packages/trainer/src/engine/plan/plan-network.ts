// NetworkSpec → plan: layer by layer forward, back again for the gradients, then the updates.
import { inferShapes, type NetworkSpec, type ResolvedLayer } from '@bitnetmcu/models';
import { INPUT } from '@bitnetmcu/models/internal';
import { TrainerError } from '../../errors.js';
import { mixSeeds, Random } from '../../random.js';
import type { ResolvedOptions } from '../compile-options.js';
import { balanceTerms, featuresTerm, type LossTerm } from '../losses/schemas.js';
import { splitParameter } from '../parameter-names.js';
import { matchChain, planChain } from './chain.js';
import { planFeatures } from './feature-loss.js';
import { layerPlanOf } from './layers/index.js';
import { planLoss } from './loss.js';
import { planUpdate } from './optimizer.js';
import { PlanBuilder } from './plan-builder.js';
import type { Tensor } from './tensor.js';
import { planWeightTerms } from './weight-terms.js';

/** The loss kernels keep a sample's probabilities on the stack. */
const MAX_CLASSES = 4096;

export interface Plan {
  readonly builder: PlanBuilder;
  readonly logits: Tensor;
}

/** @throws TrainerError `unsupported-layer`, `invalid-argument`; ModelError of shape inference. */
export function planNetwork(spec: NetworkSpec, options: ResolvedOptions, threads: number): Plan {
  const layers = inferShapes(spec);
  // A term on a layer reads it like one more layer: it stays as it is then.
  const compared = featuresTerm(options.loss)?.layer;
  const counted = countReaders(layers);
  const readers = (name: string) => counted(name) + Number(name === compared);
  const plan = new PlanBuilder(spec, options, threads);
  const tensors = new Map<string, Tensor>();

  const labels = plan.allocateRows(1);
  const sample = plan.tensor(spec.input.shape, { needsGradient: false, readers: readers(INPUT), unit: undefined });
  tensors.set(INPUT, sample);
  plan.emit('forward', 'gatherSamples', {
    output: sample.offset,
    stride: sample.stride,
    features: sample.features,
    labels,
    ...spec.input.preprocessing,
  });

  let last = sample;
  for (let i = 0; i < layers.length; ) {
    const { inputs, outputShape, layer } = layers[i]!;
    const sources = inputs.map((name) => tensors.get(name)!) as [Tensor, ...Tensor[]];
    const [input] = sources;
    const chain = matchChain(chainCandidates(layers, i, readers), input.needsGradient);
    const end = i + (chain?.length ?? 1);
    const { name } = layers[end - 1]!.layer;
    last = chain
      ? planChain(plan, chain, input, readers(name), i)
      : layerPlanOf(layer)(plan, layer, sources, {
          outputShape,
          readers: readers(name),
          random: new Random(mixSeeds(options.seed, i)),
        });
    tensors.set(name, last);
    i = end;
  }
  if (plan.parameters.length === 0) {
    throw new TrainerError(
      'unsupported-layer',
      `The network '${spec.name}' has no layer with weights: nothing to train.`,
    );
  }
  if (last.features > MAX_CLASSES) {
    throw new TrainerError(
      'unsupported-layer',
      `Layer '${layers.at(-1)!.layer.name}' gives ${last.features} logits, at most ${MAX_CLASSES} wanted.`,
    );
  }
  requireChoices(options.loss, layers);
  requireFrozen(plan, layers);
  planLoss(plan, options.loss, last, labels);
  planFeatures(plan, options.loss, tensors, new Random(mixSeeds(options.seed, layers.length)));
  plan.emitBackward();
  planWeightTerms(plan, options.loss, layers);
  planUpdate(plan, options.optimizer);
  return { builder: plan, logits: last };
}

/** @throws TrainerError `invalid-argument` for a term on choices of a network that makes none */
function requireChoices(terms: readonly LossTerm[], layers: readonly ResolvedLayer[]): void {
  if (balanceTerms(terms).length === 0 || layers.some(({ layer }) => layer.type === 'topGroups')) return;
  throw new TrainerError(
    'invalid-argument',
    "The loss has a term 'balance', but no layer chooses among groups: give the network a layer of type topGroups, or leave the term out.",
  );
}

/** @throws TrainerError `invalid-argument` for frozen layers that have no weights, and where they leave nothing to train or to teach */
function requireFrozen({ options: { frozen, loss }, parameters }: PlanBuilder, layers: readonly ResolvedLayer[]): void {
  if (frozen.length === 0) return;
  const trained = new Set(parameters.flatMap(({ name, auxiliary }) => (auxiliary ? [] : splitParameter(name).layer)));
  const unknown = frozen.find((name) => !trained.has(name));
  if (unknown !== undefined) {
    throw new TrainerError(
      'invalid-argument',
      `The layer '${unknown}' shall be frozen, and the network has no weights of that name: name one of ${[...trained].join(', ')}.`,
    );
  }
  const isLeft = (names: readonly string[]) => names.some((name) => trained.has(name) && !frozen.includes(name));
  const taught = featuresTerm(loss)?.layer;
  const names = layers.map(({ layer }) => layer.name);
  if (taught !== undefined && !isLeft(names.slice(0, names.indexOf(taught) + 1))) {
    throw new TrainerError(
      'invalid-argument',
      `The loss has a term features of the layer '${taught}', and all layers with weights up to it are frozen: it teaches nothing. Leave one of them out of the frozen ones, or the term.`,
    );
  }
  if (isLeft(names)) return;
  throw new TrainerError(
    'invalid-argument',
    `All layers with weights are frozen (${[...trained].join(', ')}): nothing is left to train. Leave one out.`,
  );
}

/** How many layers read a tensor, by its name; counted once, so that compiling stays linear in the layers. */
function countReaders(layers: readonly ResolvedLayer[]): (name: string) => number {
  const counts = new Map<string, number>();
  for (const { inputs } of layers) {
    for (const name of new Set(inputs)) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return (name) => counts.get(name) ?? 0;
}

/** The layers from `first` on of which each reads the one before it and nothing else does; found as they are asked for. */
function* chainCandidates(
  layers: readonly ResolvedLayer[],
  first: number,
  readers: (name: string) => number,
): Generator<ResolvedLayer> {
  yield layers[first]!;
  for (let i = first + 1; i < layers.length; i++) {
    const before = layers[i - 1]!.layer.name;
    if (layers[i]!.inputs[0] !== before || readers(before) !== 1) return;
    yield layers[i]!;
  }
}

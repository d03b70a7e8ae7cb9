// simulateModel: any model on any target's prebuilt kernels, with cycles, sizes and layers. Needs no compiler.
import type { QuantizedModel } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { SimulatorError } from '../sim/errors.js';
import { type ChoiceOptions, chooseVariant } from './choose-variant.js';
import { denseWorstCase } from './dense-worst-case.js';
import { featureCosts } from './input-costs.js';
import { describeLayers, layerCycles } from './layer-cycles.js';
import { type InferenceRun, type LoadedSimulation, loadSimulation, tooLarge } from './loaded-simulation.js';
import { plainLayers } from './plain-layers.js';
import { ProfileSum } from './profile-sum.js';
import { type Costs, missingBytes, type Simulated, type Simulation } from './simulation.js';
import { findSimulationTarget, type SimulationTarget, type SimulationTargetName } from './simulation-targets.js';

/** How long a simulation may keep the event loop from other work. */
const BLOCKING_MILLISECONDS = 50;

export interface SimulationOptions extends ChoiceOptions {
  readonly target: SimulationTargetName;
  /** int8 samples one after another, at least one. */
  readonly inputs: Int8Array;
  /** Whether to return functions and call tree. Default false. */
  readonly profile?: boolean;
  readonly onProgress?: (progress: { readonly done: number; readonly images: number }) => void;
  /** Stops the simulation between two samples: its reason is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * Simulates a model sample by sample and compares all logits with the reference inference.
 * @throws SimulatorError `unknown-target`, `unknown-variant`, `bad-argument`, `does-not-fit` where the simulator cannot address it; `run-failed` and `logits-differ` are bugs
 * @throws ModelError, RuntimeError as layoutModel
 *
 * @example
 * ```ts
 * import { simulateModel } from '@bitnetmcu/mcu-runtime/targets';
 * import { quantizeInput } from '@bitnetmcu/models';
 *
 * const simulation = await simulateModel(model, { target: 'ch32v003', inputs: quantizeInput(model, pixels) });
 * console.log(simulation);
 * ```
 */
export async function simulateModel(model: QuantizedModel, options: SimulationOptions): Promise<Simulation> {
  const target = findSimulationTarget(options.target);
  const reference = new ReferenceModel(model);
  const { inputs } = options;
  const images = inputs.length / reference.inputs;
  if (!Number.isInteger(images) || images === 0) {
    throw new SimulatorError(
      'bad-argument',
      `${inputs.length} input values found, a multiple of ${reference.inputs} wanted: whole samples, at least one`,
    );
  }
  const { variant, memory, fits, firmwareCycles, features, passedOver } = await chooseVariant(
    model,
    options.target,
    options,
  );
  const described = {
    target: target.name,
    kernels: variant.name,
    layout: variant.layout,
    clockHz: target.clockHz,
    ...memory,
  };
  if (!fits) return { kind: 'does-not-fit', ...described, missing: missingBytes(memory) };
  const loading = await loadSimulation(model, target, variant);
  if (loading.kind === 'too-large') throw tooLarge(target, loading);
  const { simulation } = loading;

  const sums = new RunSums(simulation, images);
  const sampleOf = (i: number) => inputs.subarray(i * reference.inputs, (i + 1) * reference.inputs);
  let lastPause = performance.now();
  for (let i = 0; i < images; i++) {
    const run = simulation.infer(sampleOf(i));
    checkLogits(target, i, run, reference.infer(sampleOf(i), 1));
    sums.add(run);
    if (performance.now() - lastPause > BLOCKING_MILLISECONDS) {
      options.onProgress?.({ done: i + 1, images });
      await new Promise((resolve) => setTimeout(resolve, 0));
      options.signal?.throwIfAborted();
      lastPause = performance.now();
    }
  }
  options.onProgress?.({ done: images, images });
  const worst = denseWorstCase(simulation);

  const inference = sums.cycles(worst.cycles, firmwareCycles);
  const front = features && featureCosts(model.input.frontEnd!, features);
  if (front) sums.profile.add(features.profile, (images * front.frames) / features.frames);
  const cycles = front ? addCosts(inference, front.cycles) : inference;
  const inMilliseconds = (count: number) => (1000 * count) / target.clockHz;
  const { functions, callTree, mix } = sums.profile.summary();
  return {
    kind: 'simulated',
    ...described,
    images,
    predictions: sums.predictions,
    logits: sums.logits,
    cycles,
    milliseconds: {
      mean: inMilliseconds(cycles.mean),
      max: inMilliseconds(cycles.max),
      worst: inMilliseconds(cycles.worst),
    },
    instructions: sums.instructions / images + (front?.instructions ?? 0),
    layers: [
      ...(front ? [front.layer] : []),
      ...layersOf(model, simulation, sums, worst.layers, inference.mean / sums.cycles(0, (prebuilt) => prebuilt).mean),
    ],
    plainLayers: plainLayers(model, target.name, variant, passedOver),
    mix,
    ...(options.profile === true ? { profile: { functions, callTree, mix } } : {}),
  };
}

function addCosts(a: Costs, b: Costs): Costs {
  return { mean: a.mean + b.mean, max: a.max + b.max, worst: a.worst + b.worst };
}

/** What is added up over the samples. */
class RunSums {
  readonly profile = new ProfileSum();
  readonly predictions: Uint16Array;
  readonly logits: Int32Array;
  readonly layers = new Map<string, number>();
  instructions = 0;
  argmaxCycles = 0;
  #images = 0;
  #cycles = 0;
  #max = 0;

  constructor(
    private readonly simulation: LoadedSimulation,
    images: number,
  ) {
    this.predictions = new Uint16Array(images);
    this.logits = new Int32Array(images * simulation.placement.outputs);
  }

  add({ logits, prediction, calls }: InferenceRun): void {
    const [run, argmax] = calls;
    this.predictions[this.#images] = prediction;
    this.logits.set(logits, this.#images * logits.length);
    this.#images++;
    const cycles = run.cycles + argmax.cycles;
    this.#cycles += cycles;
    this.#max = Math.max(this.#max, cycles);
    this.argmaxCycles += argmax.cycles;
    this.instructions += run.instructions + argmax.instructions;
    for (const call of calls) this.profile.add(call.profile);
    const layers = layerCycles(this.simulation.placement.program.steps, run);
    for (const [name, value] of layers ?? []) this.layers.set(name, (this.layers.get(name) ?? 0) + value);
  }

  /** @param inFirmware cycles of firmware for those here */
  cycles(denseCycles: number, inFirmware: (cycles: number) => number): Simulated['cycles'] {
    const worst = denseCycles + this.argmaxCycles / this.#images;
    return {
      mean: inFirmware(this.#cycles / this.#images),
      max: Math.round(inFirmware(this.#max)),
      worst: Math.round(inFirmware(Math.max(this.#max, worst))),
    };
  }
}

function layersOf(
  model: QuantizedModel,
  { placement }: LoadedSimulation,
  sums: RunSums,
  worst: ReadonlyMap<string, number>,
  ratio: number,
): Simulated['layers'] {
  const images = sums.predictions.length;
  if (sums.layers.size === 0) return [];
  const argmax = (ratio * sums.argmaxCycles) / images;
  return [
    ...describeLayers(model, placement.program).map((layer) => {
      const cycles = (ratio * (sums.layers.get(layer.name) ?? 0)) / images;
      return { ...layer, cycles, worst: Math.max(ratio * (worst.get(layer.name) ?? 0), cycles) };
    }),
    { name: 'argmax', operation: 'argmax', weightBytes: 0, cycles: argmax, worst: argmax },
  ];
}

function checkLogits(target: SimulationTarget, sample: number, { logits }: InferenceRun, expected: Int32Array): void {
  const output = expected.findIndex((value, i) => value !== logits[i]);
  if (output === -1) return;
  throw new SimulatorError(
    'logits-differ',
    `Sample ${sample}, output ${output} on ${target.name}: ${logits[output]} found, ${expected[output]} wanted as in the reference inference. This is a bug in the kernels; please report it with the model.`,
  );
}

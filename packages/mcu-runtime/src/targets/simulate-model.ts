// simulateModel: any model on any target's prebuilt kernels, with cycles, sizes and layers. Needs no compiler.
import { type QuantizedModel, ReferenceModel } from '@bitnetmcu/models';
import { SimulatorError } from '../sim/errors.js';
import { denseWorstCase } from './dense-worst-case.js';
import { codeSize } from './kernel-image.js';
import { describeLayers, layerCycles } from './layer-cycles.js';
import { type InferenceRun, type LoadedSimulation, loadSimulation, type Placement } from './loaded-simulation.js';
import { ProfileSum } from './profile-sum.js';
import { type DoesNotFit, type MemoryUse, missingBytes, type Simulated, type Simulation } from './simulation.js';
import {
  findSimulationTarget,
  findVariant,
  type KernelVariant,
  type SimulationTarget,
  type SimulationTargetName,
} from './simulation-targets.js';

/** How long a simulation may keep the event loop from other work. */
const BLOCKING_MILLISECONDS = 50;

export interface SimulationOptions {
  readonly target: SimulationTargetName;
  /** int8 samples one after another, at least one. */
  readonly inputs: Int8Array;
  /** Name of the kernels; default: the target's first with which the model fits, as in firmware. */
  readonly kernels?: string;
  /** Whether to return functions and call tree. Default false. */
  readonly profile?: boolean;
  readonly onProgress?: (progress: { readonly done: number; readonly images: number }) => void;
  /** Stops the simulation between two samples: its reason is thrown. */
  readonly signal?: AbortSignal;
}

/**
 * Simulates a model sample by sample and compares all logits with the reference inference.
 * @throws SimulatorError `unknown-target`, `unknown-variant`, `bad-argument`; `run-failed` and `logits-differ` are bugs
 * @throws ModelError, RuntimeError as layoutModel
 */
export async function simulateModel(model: QuantizedModel, options: SimulationOptions): Promise<Simulation> {
  const target = findSimulationTarget(options.target);
  const variants = options.kernels === undefined ? target.variants : [findVariant(target, options.kernels)];
  let nearest: DoesNotFit | undefined;
  for (const variant of variants) {
    const simulation = await simulateVariant(model, target, variant, options);
    if (simulation.kind === 'simulated') return simulation;
    if (nearest === undefined || totalMissing(simulation) < totalMissing(nearest)) nearest = simulation;
  }
  return nearest!;
}

function totalMissing({ missing }: DoesNotFit): number {
  return missing.flash + missing.ram;
}

async function simulateVariant(
  model: QuantizedModel,
  target: SimulationTarget,
  variant: KernelVariant,
  options: SimulationOptions,
): Promise<Simulation> {
  const reference = new ReferenceModel(model);
  const { inputs } = options;
  const images = inputs.length / reference.inputs;
  if (!Number.isInteger(images) || images === 0) {
    throw new SimulatorError(
      'bad-argument',
      `${inputs.length} input values found, a multiple of ${reference.inputs} wanted: whole samples, at least one`,
    );
  }
  const described: Described = {
    target: target.name,
    kernels: variant.name,
    layout: variant.layout,
    clockHz: target.clockHz,
  };
  const loading = await loadSimulation(model, target, variant);
  if (loading.kind === 'too-large') {
    const code = codeSize(loading.kernels, ['bnm_argmax'], kernelCalls(loading.placement));
    return doesNotFit(described, memoryUse(target, loading.placement, code, undefined));
  }
  const { simulation } = loading;

  const sums = new RunSums(simulation, images);
  const sampleOf = (i: number) => inputs.subarray(i * reference.inputs, (i + 1) * reference.inputs);
  const first = simulation.infer(sampleOf(0));
  checkLogits(target, 0, first, reference.infer(sampleOf(0), 1));
  sums.add(first);
  const { kernels, placement } = simulation;
  const sizes = () => {
    const code = codeSize(kernels, sums.executed, kernelCalls(placement));
    return memoryUse(target, placement, code, Math.max(0, sums.stack - kernels.dispatcherStack) + CALLER_STACK);
  };
  const missing = missingBytes(sizes());
  if (missing.flash > 0 || missing.ram > 0) return doesNotFit(described, sizes());
  const worst = denseWorstCase(simulation);
  for (const run of worst.runs) sums.note(run);

  let lastPause = performance.now();
  options.onProgress?.({ done: 1, images });
  for (let i = 1; i < images; i++) {
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
  const memory = sizes();
  const stillMissing = missingBytes(memory);
  if (stillMissing.flash > 0 || stillMissing.ram > 0) return doesNotFit(described, memory);

  const cycles = sums.cycles(worst.cycles);
  const inMilliseconds = (count: number) => (1000 * count) / target.clockHz;
  const { functions, callTree, mix } = sums.profile.summary();
  return {
    kind: 'simulated',
    ...described,
    ...memory,
    images,
    predictions: sums.predictions,
    logits: sums.logits,
    cycles,
    milliseconds: {
      mean: inMilliseconds(cycles.mean),
      max: inMilliseconds(cycles.max),
      worst: inMilliseconds(cycles.worst),
    },
    instructions: sums.instructions / images,
    layers: layersOf(model, simulation, sums, worst.layers),
    mix,
    ...(options.profile === true ? { profile: { functions, callTree, mix } } : {}),
  };
}

/** Stack of the exported function that calls the kernels: its return address and the registers that it saves. */
const CALLER_STACK = 16;

/** Calls in the exported code: one a step, and argmax. */
function kernelCalls({ program }: Placement): number {
  return 1 + program.steps.reduce((sum, step) => sum + (step.op === 'channels' ? step.body.length : 1), 0);
}

/** What is added up over the samples. */
class RunSums {
  readonly profile = new ProfileSum();
  readonly predictions: Uint16Array;
  readonly logits: Int32Array;
  readonly layers = new Map<string, number>();
  instructions = 0;
  argmaxCycles = 0;
  stack = 0;
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
    for (const call of calls) {
      this.note(call);
      this.profile.add(call.profile);
    }
    const layers = layerCycles(this.simulation.placement.program.steps, run);
    for (const [name, value] of layers ?? []) this.layers.set(name, (this.layers.get(name) ?? 0) + value);
  }

  /** Keeps the stack and the functions of a run whose cycles do not count. */
  note({ stackBytes, profile }: InferenceRun['calls'][0]): void {
    this.stack = Math.max(this.stack, stackBytes);
    for (const { name } of profile.functions) this.#executed.add(name);
  }

  readonly #executed = new Set<string>();
  get executed(): Iterable<string> {
    return this.#executed;
  }

  cycles(denseCycles: number): Simulated['cycles'] {
    const worst = denseCycles + this.argmaxCycles / this.#images;
    return { mean: this.#cycles / this.#images, max: this.#max, worst: Math.max(this.#max, Math.round(worst)) };
  }
}

function layersOf(
  model: QuantizedModel,
  { placement }: LoadedSimulation,
  sums: RunSums,
  worst: ReadonlyMap<string, number>,
): Simulated['layers'] {
  const images = sums.predictions.length;
  if (sums.layers.size === 0) return [];
  const argmax = sums.argmaxCycles / images;
  return [
    ...describeLayers(model, placement.program).map((layer) => {
      const cycles = (sums.layers.get(layer.name) ?? 0) / images;
      return { ...layer, cycles, worst: Math.max(worst.get(layer.name) ?? 0, cycles) };
    }),
    { name: 'argmax', operation: 'argmax', weightBytes: 0, cycles: argmax, worst: argmax },
  ];
}

function memoryUse(
  { flashBytes, ramBytes, weightsIn }: SimulationTarget,
  { image, bufferBytes }: Placement,
  code: { readonly flash: number; readonly ram: number },
  stack: number | undefined,
): MemoryUse {
  return {
    flash: { code: code.flash, weights: image.length, available: flashBytes },
    ram: { static: bufferBytes + code.ram + (weightsIn === 'ram' ? image.length : 0), stack, available: ramBytes },
  };
}

type Described = Pick<Simulated, 'target' | 'kernels' | 'layout' | 'clockHz'>;

function doesNotFit(described: Described, memory: MemoryUse): DoesNotFit {
  return { kind: 'does-not-fit', ...described, ...memory, missing: missingBytes(memory) };
}

function checkLogits(target: SimulationTarget, sample: number, { logits }: InferenceRun, expected: Int32Array): void {
  const output = expected.findIndex((value, i) => value !== logits[i]);
  if (output === -1) return;
  throw new SimulatorError(
    'logits-differ',
    `sample ${sample}, output ${output} on ${target.name}: ${logits[output]} found, ${expected[output]} wanted as in the reference inference. This is a bug in the kernels; please report it with the model.`,
  );
}

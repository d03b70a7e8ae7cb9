// Which kernels a model gets on a part, and what the firmware with them takes: one choice, of simulation, firmware and zoo.
import type { QuantizedModel } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import { defaultsFor } from './default-variants.js';
import { denseWorstCase } from './dense-worst-case.js';
import type { DeviceRun } from './device.js';
import { type FactsSource, type FirmwareFacts, probeInput, recordedFacts } from './firmware-facts.js';
import { rawInputMemory, simulateFeatures } from './input-costs.js';
import { interpreterCycles } from './interpreter-cycles.js';
import { type CodeSize, codeSize } from './kernel-image.js';
import type { KernelVariant } from './kernel-variants.js';
import { describeLayers } from './layer-cycles.js';
import { type LoadedSimulation, loadSimulation, type Placement, tooLarge } from './loaded-simulation.js';
import { findPart } from './parts.js';
import type { PassedOver } from './plain-layers.js';
import type { SimulatedFrontEnd } from './simulate-front-end.js';
import { type MemoryUse, missingBytes } from './simulation.js';
import {
  findSimulationTarget,
  findVariant,
  type SimulationTarget,
  type SimulationTargetName,
} from './simulation-targets.js';

export interface ChoiceOptions {
  /** Name of the kernels. Default: the target's first with which the model fits. */
  readonly kernels?: string;
  /** Facts of firmware, before recorded ones. Where neither is known they are estimated. */
  readonly facts?: FactsSource;
}

export interface KernelChoice {
  readonly variant: KernelVariant;
  readonly memory: MemoryUse;
  readonly fits: boolean;
  /** Variants that come before it and do not fit; undefined where it was asked for by name. */
  readonly passedOver?: readonly PassedOver[];
  /** Cycles of firmware for those of the prebuilt kernels, by what is known of one inference. Without features. */
  readonly firmwareCycles: (prebuilt: number) => number;
  /** Of models that read features of signals. */
  readonly features?: SimulatedFrontEnd;
}

/**
 * The first of a target's variants with which a model fits, else the one that lacks least.
 * @throws SimulatorError `unknown-target`, `unknown-variant`; ModelError, RuntimeError as layoutModel
 */
export async function chooseVariant(
  model: QuantizedModel,
  name: SimulationTargetName,
  { kernels, facts }: ChoiceOptions = {},
): Promise<KernelChoice> {
  const target = findSimulationTarget(name);
  const variants = kernels === undefined ? defaultsFor(model, target) : [findVariant(target, kernels)];
  const recorded = recordedFacts(name, model);
  const features = await simulateFeatures(model, name);
  let nearest: KernelChoice | undefined;
  const passedOver: PassedOver[] = [];
  for (const variant of variants) {
    const known = (await facts?.(variant)) ?? (await recorded(variant));
    const choice =
      known === undefined
        ? await estimate(model, target, variant, features)
        : await fromFacts(model, target, variant, features, known);
    if (choice.fits) return kernels === undefined ? { ...choice, passedOver } : choice;
    passedOver.push({ variant, missing: missingBytes(choice.memory) });
    if (nearest === undefined || totalMissing(choice) < totalMissing(nearest)) nearest = choice;
  }
  return nearest!;
}

function totalMissing({ memory }: KernelChoice): number {
  const { flash, ram } = missingBytes(memory);
  return flash + ram;
}

function choiceOf(variant: KernelVariant, inference: MemoryUse, features: SimulatedFrontEnd | undefined): KernelChoice {
  // Features are computed before the inference begins: the deeper of the two stacks counts. Self-tests, which give stacks, compute none.
  const { stack } = inference.ram;
  const deepest = features && stack !== undefined ? Math.max(stack, features.stackBytes + CALLERS_STACK) : stack;
  const memory = { ...inference, ram: { ...inference.ram, stack: deepest } };
  const { flash, ram } = missingBytes(memory);
  const fits = flash === 0 && ram === 0 && deepest !== undefined;
  return { variant, memory, fits, firmwareCycles: (prebuilt) => prebuilt, ...(features && { features }) };
}

async function fromFacts(
  model: QuantizedModel,
  target: SimulationTarget,
  variant: KernelVariant,
  features: SimulatedFrontEnd | undefined,
  { flash, staticRam, stack, cycles }: FirmwareFacts,
): Promise<KernelChoice> {
  const loading = await loadSimulation(model, target, variant);
  const { placement } = loading.kind === 'loaded' ? loading.simulation : loading;
  const weights = weightBytes(model, placement);
  const memory: MemoryUse = {
    basis: 'built',
    flash: { code: flash - weights, weights, available: target.flashBytes },
    ram: { static: staticRam, stack, available: target.ramBytes },
  };
  const choice = choiceOf(variant, memory, features);
  if (!choice.fits || cycles === undefined || loading.kind !== 'loaded') return choice;
  const [run, argmax] = loading.simulation.infer(probeInput(model)).calls;
  const prebuilt = run.cycles + argmax.cycles;
  // The kernels are the same: what differs is the interpreter, which takes the same time for every sample. Optimized at link time they are
  // others.
  const firmwareCycles = variant.lto
    ? (value: number) => (value * cycles) / prebuilt
    : (value: number) => value + cycles - prebuilt;
  return { ...choice, firmwareCycles };
}

/** Tables of the model's layers. */
function weightBytes(model: QuantizedModel, { program }: Placement): number {
  return describeLayers(model, program).reduce((sum, layer) => sum + layer.weightBytes, 0);
}

/** Without a compiler: from the sizes of the functions of the prebuilt image that runs of the model execute. */
async function estimate(
  model: QuantizedModel,
  target: SimulationTarget,
  variant: KernelVariant,
  features: SimulatedFrontEnd | undefined,
): Promise<KernelChoice> {
  const estimated = (placement: Placement, code: CodeSize, stack: number | undefined) => {
    const raw = rawInputMemory(model, placement.outputs, findPart(target.name), features);
    const all = { flash: code.flash + raw.flash, ram: code.ram + raw.ram };
    return choiceOf(variant, estimatedMemory(model, target, placement, all, stack), features);
  };
  const loading = await loadSimulation(model, target, variant);
  const { kernels, placement } = loading.kind === 'loaded' ? loading.simulation : loading;
  // What no flash could hold need not be run.
  if (loading.kind === 'too-large' || placement.image.length > target.flashBytes) {
    const code = codeSize(kernels, ['bnm_argmax'], kernelCalls(placement));
    const choice = estimated(placement, code, undefined);
    // A refusal names what is missing, or it says nothing.
    if (loading.kind === 'too-large' && totalMissing(choice) === 0) throw tooLarge(target, loading);
    return choice;
  }
  const calls = runs(loading.simulation, model);
  const executed = new Set(calls.flatMap(({ profile }) => profile.functions.map(({ name }) => name)));
  const deepest = calls.reduce((most, { stackBytes }) => Math.max(most, stackBytes), 0);
  const stack = Math.max(0, deepest - kernels.dispatcherStack) + CALLERS_STACK;
  const code = codeSize(kernels, executed, kernelCalls(placement));
  // The first call is that of the network, the second that of argmax.
  const interpreter = interpreterCycles(calls[0]!.profile.callTree, kernels.dispatchers, kernelCalls(placement));
  return { ...estimated(placement, code, stack), firmwareCycles: (prebuilt) => prebuilt - interpreter };
}

function runs(simulation: LoadedSimulation, model: QuantizedModel): readonly DeviceRun[] {
  const blank = new Int8Array(elementCount(model.input.shape));
  const samples = [blank, probeInput(model)].flatMap((sample) => simulation.infer(sample).calls);
  return [...samples, ...denseWorstCase(simulation).runs];
}

/** Stack of main(), the self-test and the exported function that calls the kernels. */
const CALLERS_STACK = 72;

/** A convolution's or pool's geometry, a constant beside the call. */
const WINDOW_BYTES = 80;

/** Calls in the exported code: one a step, and argmax. */
const kernelCalls = (placement: Placement): number => 1 + stepsOf(placement).length;

const stepsOf = ({ program }: Placement) =>
  program.steps.flatMap((step) => (step.op === 'channels' ? step.body : [step]));

function estimatedMemory(
  model: QuantizedModel,
  { name, flashBytes, ramBytes, weightsIn }: SimulationTarget,
  placement: Placement,
  code: CodeSize,
  stack: number | undefined,
): MemoryUse {
  const {
    constantsIn,
    code: { frame },
  } = findPart(name);
  const weights = weightBytes(model, placement);
  // On AVR the descriptions of layers, but not the tables, stand in RAM; on the RP2040 code counts as RAM, and they with it.
  const descriptions = weightsIn === 'flash' && constantsIn === 'ram' ? placement.image.length - weights : 0;
  const inRam = weightsIn === 'ram' ? weights : descriptions;
  const windows = stepsOf(placement).filter(({ op }) => /^conv|Pool2d$/.test(op)).length;
  return {
    basis: 'estimated',
    flash: { code: code.flash + frame.flash + WINDOW_BYTES * windows, weights, available: flashBytes },
    ram: { static: placement.bufferBytes + code.ram + frame.ram + inRam, stack, available: ramBytes },
  };
}

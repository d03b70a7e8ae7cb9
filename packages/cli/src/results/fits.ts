// On which parts a model fits, and how long it takes there: the first part by firmware that is built where its compiler is installed, the others
// estimated from above, from the sizes of prebuilt kernels, of features of signals, and of the programs that read raw values.
import { quantize } from '@bitnetmcu/exporter';
import { staticScalesReason } from '@bitnetmcu/exporter/internal';
import { firmwareFacts } from '@bitnetmcu/exporter/internal/node';
import { BOARD_PART_NAMES, type PlainLayer } from '@bitnetmcu/mcu-runtime/internal/targets';
import {
  findSimulationTarget,
  type Simulation,
  type SimulationTargetName,
  simulateModel,
} from '@bitnetmcu/mcu-runtime/targets';
import { type QuantizedModel, quantizeInput, type TrainedNetwork } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import type { Dataset } from '@bitnetmcu/trainer';
import { CliError } from '../errors.js';
import { drawFitted } from '../inputs/drawn-samples.js';
import { bytes } from '../render/quantities.js';

/** What a model takes of one part, in bytes and milliseconds. */
export interface Fit {
  readonly target: SimulationTargetName;
  readonly fits: boolean;
  readonly flash: number;
  readonly ram: number;
  readonly available: { readonly flash: number; readonly ram: number };
  /** Estimated not to fit, by no more than estimates may be off: it may fit all the same. */
  readonly mayFit: boolean;
  /** Bytes that are missing, by the basis. */
  readonly missing: { readonly flash: number; readonly ram: number };
  /** Mean of `samples`; undefined where it does not fit. */
  readonly milliseconds: number | undefined;
  /** The first samples of those given, whose time was taken; 0 where it does not fit. */
  readonly samples: number;
  readonly basis: 'built' | 'estimated';
  /** Layers that run on plain kernels there. As a remedy stand only parts that may have room for the model and fast kernels for the layer. */
  readonly plainLayers: readonly PlainLayer[];
}

/** What estimates may be too large by: one of an attiny85 was 138 bytes of RAM too large, and flash is up to 1.5 kB. */
const ESTIMATE_ERROR = { flash: 1536, ram: 256 } as const;

/** As many samples as `bitnetmcu sim` takes by itself, so that both give one figure; large models would take too long. */
export const TIMED_SAMPLES = 100;
const MOST_CYCLES = 20e6;

/** Simulating takes time by the cycles of the model: of large ones the parts that come last are left out. Time of this process, whatever else runs. */
const BUDGET_MILLISECONDS = 2000;

/** Parts that firmware is built for; the one that most people begin with comes first. */
const ORDER: readonly SimulationTargetName[] = ['ch32v003', ...BOARD_PART_NAMES.filter((name) => name !== 'ch32v003')];

/**
 * The parts of the table one after another, as long as the time lasts. Estimates are from above, by up to 1.5 kB of flash.
 * @param samples int8, one after another; the first 100 are timed, of large models the first alone
 * @param options.targets default: all; `budget` in milliseconds
 */
export async function fitsOf(
  model: QuantizedModel,
  samples: Int8Array,
  {
    targets = ORDER,
    budget = BUDGET_MILLISECONDS,
  }: { readonly targets?: readonly SimulationTargetName[]; readonly budget?: number } = {},
): Promise<readonly Fit[]> {
  const started = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(started);
    return (user + system) / 1000;
  };
  const fits: Fit[] = [];
  for (const target of targets) {
    // Where the first part is too small, one that is not is worth the time.
    if (fits.some((one) => one.fits) && spent() > budget) break;
    // Of the first part firmware is built where its compiler is installed, as the command `firmware` does: the two must not disagree.
    const facts = fits.length === 0 ? { facts: firmwareFacts(model, target) } : {};
    fits.push(fitOf(target, await timed(model, samples, { target, ...facts })));
  }
  return fits.map((fit) => ({ ...fit, plainLayers: fit.plainLayers.map((layer) => withUsefulParts(layer, fits)) }));
}

/** One sample, and where all of them take little time too, those. */
async function timed(
  model: QuantizedModel,
  samples: Int8Array,
  options: Omit<Parameters<typeof simulateModel>[1], 'inputs'>,
): Promise<Simulation> {
  const values = elementCount(model.input.shape);
  const first = await simulateModel(model, { ...options, inputs: samples.subarray(0, values) });
  const count = Math.min(TIMED_SAMPLES, samples.length / values);
  if (first.kind !== 'simulated' || count === 1 || count * first.cycles.mean > MOST_CYCLES) return first;
  return simulateModel(model, { ...options, inputs: samples.subarray(0, count * values) });
}

/** A part is a remedy where the model is not known not to fit, and where the layer is not known to be slow too. */
export function withUsefulParts({ remedies, ...layer }: PlainLayer, fits: readonly Fit[]): PlainLayer {
  const isUseful = (part: string) => {
    const known = fits.find(({ target }) => target === part);
    if (known === undefined) return true;
    return (known.fits || known.mayFit) && !known.plainLayers.some(({ name }) => name === layer.name);
  };
  const useful = remedies.flatMap((remedy): PlainLayer['remedies'] => {
    if (remedy.kind !== 'parts') return [remedy];
    const parts = remedy.parts.filter(isUseful);
    return parts.length === 0 ? [] : [{ ...remedy, parts }];
  });
  return { ...layer, remedies: useful };
}

/** What a simulation says of a part. */
export function fitOf(target: SimulationTargetName, simulation: Simulation): Fit {
  const { flash, ram, basis } = simulation;
  const { missing } = simulation.kind === 'simulated' ? { missing: { flash: 0, ram: 0 } } : simulation;
  const isNear = missing.flash <= ESTIMATE_ERROR.flash && missing.ram <= ESTIMATE_ERROR.ram;
  return {
    target,
    fits: simulation.kind === 'simulated',
    flash: flash.code + flash.weights,
    ram: ram.static + (ram.stack ?? 0),
    available: { flash: flash.available, ram: ram.available },
    // What could not run there for another reason misses nothing.
    mayFit: simulation.kind !== 'simulated' && basis === 'estimated' && isNear && missing.flash + missing.ram > 0,
    missing,
    milliseconds: simulation.kind === 'simulated' ? simulation.milliseconds.mean : undefined,
    samples: simulation.kind === 'simulated' ? simulation.images : 0,
    basis,
    plainLayers: simulation.kind === 'simulated' ? simulation.plainLayers : [],
  };
}

/** Calibration samples of a network that is not trained: its sizes do not depend on them. */
const FEW_SAMPLES = 16;

/**
 * Refuses a network before training that a part has no room for, also where estimates are off.
 * @throws SimulatorError `unknown-target`; CliError `check-failed` with the bytes that are missing
 */
export async function requireFit(untrained: TrainedNetwork, name: string, dataset: Dataset): Promise<void> {
  const target = findSimulationTarget(name).name as SimulationTargetName;
  const { samples } = drawFitted(dataset.train, dataset.shape, untrained.spec.input.shape, FEW_SAMPLES);
  const isStatic = staticScalesReason(untrained) !== undefined;
  const { model } = quantize(untrained, isStatic ? { calibration: { samples: samples.bytes } } : {});
  const sample = quantizeInput(model, samples.bytes.subarray(0, elementCount(model.input.shape)));
  const [fit] = await fitsOf(model, sample, { targets: [target] });
  if (fit!.fits || fit!.mayFit) return;
  throw new CliError(
    'check-failed',
    `The network ${untrained.spec.name} does not fit ${target}: ${missingText(fit!)}. Take a smaller one (--preset, as table-s, signal-s or image-s), smaller samples, or another --target.`,
  );
}

/** 60.9 kB of flash and 120 B of RAM are missing. */
export function missingText({ missing: { flash, ram } }: Fit): string {
  const parts = [...(flash > 0 ? [`${bytes(flash)} of flash`] : []), ...(ram > 0 ? [`${bytes(ram)} of RAM`] : [])];
  return parts.length === 0 ? 'it could not run there' : `${parts.join(' and ')} missing`;
}

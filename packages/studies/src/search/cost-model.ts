// What a network will take of a part, before it is trained: weights exactly, the rest by simulating it with random weights on prebuilt kernels.
import { defaultsFor, probeInput } from '@bitnetmcu/mcu-runtime/internal/targets';
import {
  type FactsSource,
  findSimulationTarget,
  type Simulation,
  type SimulationTargetName,
  simulateModel,
} from '@bitnetmcu/mcu-runtime/targets';
import { type NetworkSpec, type QuantizedModel, summarizeModel, summarizeSpec } from '@bitnetmcu/models';
import { type NetworkCosts, type SearchBudget, violationOf } from './budget.js';
import { untrainedModel } from './untrained.js';

/** Stack and variables of the program beside the activations: 240 to 390 bytes were measured, so that nothing is refused that could fit. */
const LEAST_PROGRAM_RAM = 200;
/** Multiply-accumulates that a search trains and simulates at most, as both take time by them. */
const MOST_MACS = 1_000_000;
/** Cycles of one multiply-accumulate, of the fastest kernels of any part. */
const LEAST_CYCLES_PER_MAC = 1;
/** What smaller kernels save at most of those that come first. */
const SAVED_AT_MOST = { flash: 4096, ram: 384 } as const;

/**
 * By how much a network breaks the budget for certain, as far as its layers alone tell it: 0 where it may keep it. Takes no time.
 * @throws ModelError for a network that is none
 */
export function certainViolation(spec: NetworkSpec, budget: SearchBudget): number {
  const { flashBytes, ramBytes, clockHz } = findSimulationTarget(budget.target);
  const { bytes, ramBytes: activations, macs } = summarizeSpec(spec).total;
  const mostMacs =
    budget.maxMs === undefined
      ? MOST_MACS
      : Math.min(MOST_MACS, (budget.maxMs * clockHz) / 1000 / LEAST_CYCLES_PER_MAC);
  const excess = (found: number, limit: number) => Math.max(0, found / limit - 1);
  return (
    excess(bytes, Math.min(flashBytes, budget.maxFlash ?? flashBytes, budget.maxWeights ?? flashBytes)) +
    excess(activations + LEAST_PROGRAM_RAM, Math.min(ramBytes, budget.maxRam ?? ramBytes)) +
    excess(macs, mostMacs)
  );
}

/**
 * Costs of a network with random weights, estimated from prebuilt kernels.
 * @throws ExporterError, ModelError for a network without an integer form
 */
export async function estimateCosts(spec: NetworkSpec, budget: SearchBudget): Promise<NetworkCosts> {
  return modelCosts(untrainedModel(spec), budget);
}

/**
 * Costs of an integer network with the first of the part's kernels that keep the budget, else with those that break it least.
 * @param facts of built firmware, where they are known; else they are estimated
 */
export async function modelCosts(
  model: QuantizedModel,
  budget: SearchBudget,
  facts?: FactsSource,
): Promise<NetworkCosts> {
  const target = findSimulationTarget(budget.target);
  const weightBytes = summarizeModel(model).total.bytes;
  let best: NetworkCosts | undefined;
  for (const { name: kernels } of defaultsFor(model, target)) {
    const simulation = await simulateModel(model, {
      target: target.name as SimulationTargetName,
      inputs: probeInput(model),
      kernels,
      ...(facts && { facts }),
    });
    const costs = costsOf(simulation, weightBytes);
    if (best === undefined || violationOf(costs, budget) < violationOf(best, budget)) best = costs;
    const flash = Math.min(target.flashBytes, budget.maxFlash ?? target.flashBytes);
    const ram = Math.min(target.ramBytes, budget.maxRam ?? target.ramBytes);
    const [overFlash, overRam] = [costs.flashBytes - flash, costs.ramBytes - ram];
    // Kernels that are smaller are slower: they help where a little memory is missing, and nowhere else.
    if (overFlash <= 0 && overRam <= 0) break;
    if (overFlash > SAVED_AT_MOST.flash || overRam > SAVED_AT_MOST.ram) break;
  }
  return best!;
}

function costsOf(simulation: Simulation, weightBytes: number): NetworkCosts {
  const { flash, ram, kernels } = simulation;
  const memory = {
    kernels,
    weightBytes,
    flashBytes: flash.code + flash.weights,
    ramBytes: ram.static + (ram.stack ?? 0),
  };
  if (simulation.kind === 'does-not-fit') return { fits: false, ...memory };
  return { fits: true, ...memory, cycles: simulation.cycles.mean, milliseconds: simulation.milliseconds.mean };
}

// The part that networks are searched for where none is named: the smallest one that the recommended network fits.
import { BOARD_PART_NAMES } from '@bitnetmcu/mcu-runtime/internal/targets';
import { findSimulationTarget, type SimulationTargetName } from '@bitnetmcu/mcu-runtime/targets';
import type { NetworkSpec } from '@bitnetmcu/models';
import { RAW_PREPROCESSING } from '@bitnetmcu/models/internal';
import type { Dataset } from '@bitnetmcu/trainer';
import { presetForData, recommendTraining } from '@bitnetmcu/trainer/internal';
import { estimateCosts } from './cost-model.js';

/** The part that most people begin with. */
const FIRST: SimulationTargetName = 'ch32v003';

/** Parts with a board and at least its memory, the smallest first; of others of its size it is the first. */
const PARTS: readonly SimulationTargetName[] = BOARD_PART_NAMES.filter((name) => {
  const [first, part] = [findSimulationTarget(FIRST), findSimulationTarget(name)];
  return part.ramBytes >= first.ramBytes && part.flashBytes >= first.flashBytes;
}).sort((a, b) => sizeOf(a) - sizeOf(b) || Number(b === FIRST) - Number(a === FIRST));

function sizeOf(name: SimulationTargetName): number {
  const { flashBytes, ramBytes } = findSimulationTarget(name);
  // Memory that can be written costs more.
  return flashBytes + 8 * ramBytes;
}

/** The smallest part that the network recommended for the data fits; the largest one where it fits none. */
export async function smallestPart(dataset: Dataset): Promise<SimulationTargetName> {
  const { network } = recommendTraining(dataset).config;
  const spec = withRawInput(presetForData(network, dataset), dataset);
  for (const target of PARTS) {
    if ((await estimateCosts(spec, { target })).fits) return target;
  }
  return PARTS.at(-1)!;
}

/** The network with what training adds to it: what its samples are made from. */
export function withRawInput(network: NetworkSpec, { raw, frontEnd }: Pick<Dataset, 'raw' | 'frontEnd'>): NetworkSpec {
  if (raw === undefined) return network;
  const { shape } = network.input;
  return { ...network, input: { shape, preprocessing: RAW_PREPROCESSING, raw, ...(frontEnd && { frontEnd }) } };
}

// What can be pruned of a layer, in one order of importance: blocks of weights, or channels.
import { inferShapes } from '@bitnetmcu/models';
import { type ChannelGroup, isWeighted, weightDimensions } from '@bitnetmcu/models/internal';
import { unknownValue } from '../../arguments.js';
import type { TrainableNetwork } from '../../engine/engine.js';
import { dropBias, isLive, maskChannel, maskedLayer, maskWeight } from './masking.js';

/** The units of one layer that are pruned as a whole. */
export interface Prunable {
  /** Importance of each unit, ≥ 0; NaN where it is pruned already. */
  readonly scores: Float64Array;
  /** Fewest that stay. */
  readonly fewest: number;
  remove(unit: number): void;
}

/** Weights in blocks side by side in a row, the last of each row perhaps shorter; importance is the mean magnitude. */
export function blocksOf(network: TrainableNetwork, name: string, block: number): Prunable {
  const layer = maskedLayer(network, name);
  const { weight, mask } = layer;
  const rows = rowsOf(network, name);
  const columns = weight.length / rows;
  const perRow = Math.ceil(columns / block);
  const range = (unit: number): [number, number] => {
    const [row, part] = [Math.floor(unit / perRow), unit % perRow];
    return [row * columns + part * block, row * columns + Math.min(columns, (part + 1) * block)];
  };
  const scores = Float64Array.from({ length: rows * perRow }, (_, unit) => {
    const [from, to] = range(unit);
    return mask.subarray(from, to).includes(1) ? meanMagnitude(weight.subarray(from, to)) : Number.NaN;
  });
  return {
    scores,
    fewest: 1,
    remove(unit) {
      const [from, to] = range(unit);
      for (let i = from; i < to; i++) maskWeight(layer, i);
      const row = Math.floor(from / columns);
      if (!mask.subarray(row * columns, (row + 1) * columns).includes(1)) dropBias(network, name, row, 1);
    },
  };
}

/** Neurons or channels; importance is the mean magnitude of the weights that make them. */
export function channelsOf(network: TrainableNetwork, group: ChannelGroup): Prunable {
  const { weight } = maskedLayer(network, group.layer);
  const width = weight.length / group.channels;
  return {
    scores: Float64Array.from({ length: group.channels }, (_, channel) =>
      isLive(network, group, channel)
        ? meanMagnitude(weight.subarray(channel * width, (channel + 1) * width))
        : Number.NaN,
    ),
    fewest: 1,
    remove: (channel) => maskChannel(network, group, channel),
  };
}

/**
 * Prunes the least important units until `share` of them are gone; nothing comes back. `network`: of all layers together, where importance is in
 * means of its layer, since what follows a norm does not depend on the size of weights.
 */
export function pruneTo(layers: readonly Prunable[], share: number, scope: 'layer' | 'network'): void {
  switch (scope) {
    case 'layer':
      for (const layer of layers) pruneLeast([layer], share);
      return;
    case 'network':
      pruneLeast(layers, share);
      return;
    default:
      throw unknownValue('scope of pruning', scope);
  }
}

function pruneLeast(layers: readonly Prunable[], share: number): void {
  const all = layers.reduce((sum, { scores }) => sum + scores.length, 0);
  const left = layers.map(({ scores }) => scores.filter((score) => !Number.isNaN(score)));
  const candidates = layers.flatMap((layer, number) => {
    const mean = left[number]!.reduce((a, b) => a + b, 0) / left[number]!.length || 1;
    return Array.from(layer.scores, (score, unit) => ({ number, unit, score: score / mean }));
  });
  const order = candidates
    .filter(({ score }) => !Number.isNaN(score))
    .sort((a, b) => a.score - b.score || a.number - b.number || a.unit - b.unit);
  const remaining = left.map(({ length }) => length);
  let surplus = Math.round(share * all) - (all - order.length);
  for (const { number, unit } of order) {
    if (surplus <= 0) return;
    if (remaining[number]! <= layers[number]!.fewest) continue;
    layers[number]!.remove(unit);
    remaining[number]!--;
    surplus--;
  }
}

function rowsOf({ spec }: TrainableNetwork, name: string): number {
  for (const { layer, inputShapes } of inferShapes(spec)) {
    if (layer.name === name && isWeighted(layer)) return weightDimensions(layer, inputShapes[0]!).outputs;
  }
  throw new Error(`${name} has no weights`);
}

function meanMagnitude(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += Math.abs(value);
  return sum / values.length;
}

// Reordering: after the last epoch hidden neurons and channels are put into an order in which neighbours have similar weights, for coders that look at
// the weight before. What the network computes stays the same.
import type { ChannelBlocks, ChannelGroup } from '@bitnetmcu/models/internal';
import { channelGroups } from '@bitnetmcu/models/internal';
import { z } from 'zod';
import type { TrainableNetwork } from '../../engine/engine.js';
import { defineAction } from './action-definition.js';

const schema = z.strictObject({ kind: z.literal('reorder') });

export const reorder = defineAction(schema, (_, { epochs }) => ({
  epochTrained({ network, epoch }) {
    if (epoch === epochs - 1) reorderNetwork(network);
  },
}));

/** Each group of channels that nothing distinguishes but their weights, first to last layer, so that later ones see the new order of their inputs. */
export function reorderNetwork(network: TrainableNetwork): void {
  for (const group of channelGroups(network.spec)) permute(network, group, nearestOrder(network, group));
}

/** Each channel followed by the one left whose weights in the group's own layer are nearest (sum of absolute differences); the first stays. */
function nearestOrder({ parameters }: TrainableNetwork, { layer, channels }: ChannelGroup): number[] {
  const weight = parameters[`${layer}.weight`]!;
  const width = weight.length / channels;
  const distance = (a: number, b: number): number => {
    let sum = 0;
    for (let i = 0; i < width; i++) sum += Math.abs(weight[a * width + i]! - weight[b * width + i]!);
    return sum;
  };
  const order = [0];
  const left = new Set(Array.from({ length: channels - 1 }, (_, i) => i + 1));
  while (left.size > 0) {
    const last = order.at(-1)!;
    let [best, least] = [-1, Number.POSITIVE_INFINITY];
    for (const one of left) {
      const found = distance(last, one);
      if (best < 0 || found < least) [best, least] = [one, found];
    }
    order.push(best);
    left.delete(best);
  }
  return order;
}

/** Everything that belongs to the channels, in their new order: their rows and what stands beside these, the columns that read them, moments. */
function permute(network: TrainableNetwork, { channels, rows, columns }: ChannelGroup, order: readonly number[]): void {
  const all = { ...network.parameters, ...network.state };
  const weightsOf = ({ layer }: ChannelBlocks) => network.parameters[`${layer}.weight`]!.length;
  for (const block of rows) {
    for (const values of arraysOf(all, block.layer, [weightsOf(block), channels * block.size])) {
      if (!values.name.includes('.norm.')) permuteBlocks(values.array, 1, order);
    }
  }
  for (const block of columns) {
    const outputs = weightsOf(block) / (channels * block.size);
    for (const { name, array } of arraysOf(all, block.layer, [weightsOf(block), channels * block.size])) {
      if (array.length === weightsOf(block)) permuteBlocks(array, outputs, order);
      else if (name.includes('.norm.')) permuteBlocks(array, 1, order);
    }
  }
}

/** The arrays of a layer that have one of these lengths. */
function arraysOf(
  all: Readonly<Record<string, Float32Array>>,
  layer: string,
  lengths: readonly number[],
): { readonly name: string; readonly array: Float32Array }[] {
  return Object.entries(all)
    .filter(([name, { length }]) => name.startsWith(`${layer}.`) && lengths.includes(length))
    .map(([name, array]) => ({ name, array }));
}

/** Of each of `rows` parts of an array the blocks, in this order. */
function permuteBlocks(array: Float32Array, rows: number, order: readonly number[]): void {
  const before = array.slice();
  const [row, size] = [array.length / rows, array.length / rows / order.length];
  for (let start = 0; start < array.length; start += row) {
    order.forEach((from, to) => {
      array.set(before.subarray(start + from * size, start + (from + 1) * size), start + to * size);
    });
  }
}

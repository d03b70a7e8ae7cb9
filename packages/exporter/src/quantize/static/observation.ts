// From a layer's accumulators to the point where they are requantized: what lies between decides which scale is best.
import { consumersOf, type FloatLayer, type FloatNetwork, isFloatWeighted } from '../../float/float-network.js';

export interface Observation {
  /** Operations on the accumulators before they become int8, in order. */
  readonly path: readonly FloatLayer[];
  /** Whether int8 is made at its end; else the accumulators stay int32: the logits, or a summand. */
  readonly requantized: boolean;
  /** The addition that the accumulators run into, where there is one. */
  readonly add: FloatLayer | undefined;
}

/** What no tensor alone decides, or a table. */
const ENDS_PATH: ReadonlySet<FloatLayer['op']> = new Set(['activation', 'topGroups']);

/** @param name of a weighted layer or an addition. */
export function observe(network: FloatNetwork, name: string): Observation {
  const consumers = consumersOf(network.layers);
  const path: FloatLayer[] = [];
  let current = name;
  for (;;) {
    const readers = consumers.get(current) ?? [];
    const [reader] = readers;
    const add = readers.find(({ op }) => op === 'add');
    if (!reader) return { path, requantized: false, add: undefined };
    if (add) return { path, requantized: path.length > 0 && path.at(-1)!.op === 'relu', add };
    // Scores are compared as they are.
    if (reader.op === 'topGroups' && reader.inputs[1] === current) return { path, requantized: false, add: undefined };
    const normalized = reader.op === 'dynamicNorm' && consumers.has(reader.name);
    if (readers.length > 1 || isFloatWeighted(reader) || ENDS_PATH.has(reader.op) || normalized)
      return { path, requantized: true, add: addBehind(network, current) };
    path.push(reader);
    if (endsInt32(network, reader)) return { path, requantized: true, add: addBehind(network, reader.name) };
    current = reader.name;
  }
}

/**
 * A ReLU is requantized at once, unless only an average pool reads it: means of accumulators keep their fraction. What no layer with
 * weights reads any more stays int32: it becomes the logits.
 */
export function endsInt32(network: FloatNetwork, layer: FloatLayer): boolean {
  if (layer.op !== 'avgPool2d' && layer.op !== 'relu') return false;
  if (!feedsWeights(network, layer)) return false;
  if (layer.op === 'avgPool2d') return true;
  const readers = consumersOf(network.layers).get(layer.name) ?? [];
  return !(readers.length === 1 && readers[0]!.op === 'avgPool2d');
}

/** Whether a layer that wants int8 reads this one, directly or through others. */
function feedsWeights(network: FloatNetwork, layer: FloatLayer): boolean {
  const behind = new Set([layer.name]);
  for (const { name, op, inputs } of network.layers) {
    if (!inputs.some((input) => behind.has(input))) continue;
    if (op === 'linear' || op === 'conv2d' || op === 'activation' || op === 'dynamicNorm') return true;
    behind.add(name);
  }
  return false;
}

/** An addition that reads a layer, perhaps through pools and ReLUs. */
function addBehind(network: FloatNetwork, name: string): FloatLayer | undefined {
  const consumers = consumersOf(network.layers);
  let current: string | undefined = name;
  while (current !== undefined) {
    const readers: readonly FloatLayer[] = consumers.get(current) ?? [];
    const add = readers.find(({ op }) => op === 'add');
    if (add) return add;
    const moved: FloatLayer | undefined = readers.find(
      ({ op }) => op === 'relu' || op === 'maxPool2d' || op === 'avgPool2d' || op === 'crop' || op === 'topGroups',
    );
    current = moved?.name;
  }
  return undefined;
}

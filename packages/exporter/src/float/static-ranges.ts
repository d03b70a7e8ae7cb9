// Static fake quantization (QDQ) read as ranges: what it says about the range of activations stays, its own rounding goes.
import { consumersOf, type FloatLayer, type FloatNetwork, type FloatRelu } from './float-network.js';

/** A network without static quantization layers, and what they said about the input. */
export interface RangedNetwork {
  readonly network: FloatNetwork;
  /** Largest magnitude of the input that the file's own quantization represents. */
  readonly inputRange: number | undefined;
  /** Step of the input in the file's quantization, where it is symmetric. */
  readonly inputStep: number | undefined;
}

/** A range that starts at 0, within a step's rounding. */
function startsAtZero(low: number, step: number): boolean {
  return Math.abs(low) < step / 2;
}

/** Ranges from 0 become limits of a ReLU; others remain only at the input. */
export function readStaticRanges(network: FloatNetwork): RangedNetwork {
  let inputRange: number | undefined;
  let inputStep: number | undefined;
  const layers = new Map<string, FloatLayer>();
  /** What stands for a removed layer. */
  const replaced = new Map<string, string>();
  const consumers = consumersOf(network.layers);
  for (const original of network.layers) {
    const layer = { ...original, inputs: original.inputs.map((name) => replaced.get(name) ?? name) };
    if (layer.op !== 'staticQuantization') {
      layers.set(layer.name, layer);
      continue;
    }
    const source = layer.inputs[0]!;
    const before = layers.get(source);
    const last = layer.name === network.layers.at(-1)!.name;
    if (source === 'input') {
      inputRange = Math.max(inputRange ?? 0, Math.abs(layer.low), Math.abs(layer.high));
      if (Math.abs(layer.low + layer.high) <= 1.5 * layer.step) inputStep = layer.step;
    }
    if (!last && startsAtZero(layer.low, layer.step) && source !== 'input') {
      const sole = consumers.get(source)?.length === 1;
      if (before?.op === 'relu' && sole) layers.set(source, { ...before, limit: Math.min(before.limit, layer.high) });
      else if (before !== undefined && !isPositive(before, layers)) {
        const relu: FloatRelu = {
          op: 'relu',
          name: layer.name,
          inputs: layer.inputs,
          shape: layer.shape,
          nodes: layer.nodes,
          limit: layer.high,
        };
        layers.set(relu.name, relu);
        continue;
      }
    }
    replaced.set(layer.name, source);
  }
  return { network: { ...network, layers: [...layers.values()] }, inputRange, inputStep };
}

/** Whether a layer's output is never negative because a ReLU is behind it. */
function isPositive(layer: FloatLayer, layers: ReadonlyMap<string, FloatLayer>): boolean {
  if (layer.op === 'relu') return true;
  if (layer.op !== 'maxPool2d' && layer.op !== 'avgPool2d' && layer.op !== 'flatten') return false;
  const source = layers.get(layer.inputs[0]!);
  return source !== undefined && isPositive(source, layers);
}

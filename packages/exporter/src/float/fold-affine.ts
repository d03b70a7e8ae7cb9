// Batch norms and other affine functions of channels vanish: into the weighted layer before, the one behind, or the input's preprocessing.
import {
  consumersOf,
  type FloatAffine,
  type FloatCrop,
  type FloatLayer,
  type FloatNetwork,
  type FloatWeighted,
  isFloatWeighted,
  outputsOf,
  weightsPerOutput,
} from './float-network.js';
import { UnsupportedGraphError, type UnsupportedNode } from './unsupported.js';

/**
 * Folds every affine layer; what can go nowhere becomes a depthwise convolution of one tap, where it works on maps.
 * @param input whether one function for all values may become preprocessing; `fixed`: what the input means is settled
 * @throws UnsupportedGraphError listing those that can go nowhere and work on vectors.
 */
export function foldAffines(network: FloatNetwork, input: 'free' | 'fixed' = 'free'): FloatNetwork {
  let current = network;
  const stuck = new Set<string>();
  for (;;) {
    const affine = current.layers.find(
      (layer): layer is FloatAffine => layer.op === 'affine' && !stuck.has(layer.name),
    );
    if (!affine) break;
    const folded =
      intoLayerBefore(current, affine) ??
      intoLayerBehind(current, affine) ??
      (input === 'free' ? intoInput(current, affine) : undefined);
    if (folded) {
      current = folded;
      // The one before has something else behind it now.
      stuck.delete(affine.inputs[0]!);
    } else {
      stuck.add(affine.name);
    }
  }
  const layers = current.layers.map((layer) => (layer.op === 'affine' ? asConvolution(layer) : layer));
  const refused = layers.filter((layer) => layer.op === 'affine').map(refusalOf);
  if (refused.length > 0) throw new UnsupportedGraphError(refused);
  return { ...current, layers };
}

function refusalOf({ name, nodes }: FloatLayer): UnsupportedNode {
  return {
    name: nodes[0] ?? name,
    operator: 'BatchNormalization or arithmetic with constants',
    reason: 'it can be folded neither into the layer before it nor into the one behind it',
    nearest: 'put it directly behind a convolution or linear layer (Conv → BatchNormalization → Relu)',
  };
}

/** Maps are multiplied by a depthwise convolution of one tap; vectors have none. */
function asConvolution(affine: FloatAffine): FloatLayer {
  const { shape, factor, offset } = affine;
  if (shape.length !== 3) return affine;
  const { name, inputs, nodes } = affine;
  const [channels] = shape;
  return {
    op: 'conv2d',
    name,
    inputs,
    shape,
    nodes,
    inShape: shape,
    outChannels: channels,
    kernel: [1, 1],
    stride: [1, 1],
    padding: [0, 0],
    groups: channels,
    weight: Float32Array.from(factor),
    bias: Float32Array.from(offset),
  };
}

function intoLayerBefore(network: FloatNetwork, affine: FloatAffine): FloatNetwork | undefined {
  const before = network.layers.find(({ name }) => name === affine.inputs[0]);
  if (!before || consumersOf(network.layers).get(before.name)?.length !== 1) return undefined;
  if (before.op === 'affine') {
    const factor = before.factor.map((a, c) => a * affine.factor[c]!);
    const offset = before.offset.map((b, c) => b * affine.factor[c]! + affine.offset[c]!);
    return without(network, affine, { ...before, factor, offset, nodes: [...before.nodes, ...affine.nodes] });
  }
  if (before.op === 'crop') return movedBefore(network, affine, before);
  if (!isFloatWeighted(before)) return undefined;
  const [outputs, columns] = [outputsOf(before), weightsPerOutput(before)];
  const weight = before.weight.map((w, i) => w * affine.factor[Math.floor(i / columns)]!);
  const bias = Float32Array.from(
    { length: outputs },
    (_, o) => (before.bias?.[o] ?? 0) * affine.factor[o]! + affine.offset[o]!,
  );
  return without(network, affine, { ...before, weight, bias, nodes: [...before.nodes, ...affine.nodes] });
}

/** Only where nothing is padded: the offset would be missing there. */
function intoLayerBehind(network: FloatNetwork, affine: FloatAffine): FloatNetwork | undefined {
  const consumers = consumersOf(network.layers).get(affine.name) ?? [];
  const [first] = consumers;
  if (consumers.length !== 1 || !first) return undefined;
  if (first.op === 'flatten' && consumersOf(network.layers).get(first.name)?.length === 1) {
    const positions = elements(first) / affine.factor.length;
    const spread = (values: Float64Array) =>
      Float64Array.from({ length: elements(first) }, (_, i) => values[Math.floor(i / positions)]!);
    return movedBehind(network, affine, first, { factor: spread(affine.factor), offset: spread(affine.offset) });
  }
  if (!isFloatWeighted(first)) return undefined;
  if (first.op === 'conv2d' && affine.offset.some((b) => b !== 0) && first.padding.some((p) => p > 0)) return undefined;
  return without(network, affine, scaledInputs(first, affine));
}

/** The layer that does on x what the given one does on the affine function of x. */
function scaledInputs(layer: FloatWeighted, affine: FloatAffine): FloatWeighted {
  const columns = weightsPerOutput(layer);
  const weight = new Float32Array(layer.weight.length);
  const bias = Float32Array.from({ length: outputsOf(layer) }, (_, o) => layer.bias?.[o] ?? 0);
  const channelOf = inputChannelOf(layer);
  for (let i = 0; i < weight.length; i++) {
    const output = Math.floor(i / columns);
    const channel = channelOf(output, i % columns);
    weight[i] = layer.weight[i]! * affine.factor[channel]!;
    bias[output] = bias[output]! + layer.weight[i]! * affine.offset[channel]!;
  }
  return { ...layer, weight, bias, nodes: [...affine.nodes, ...layer.nodes] };
}

/** Which input channel (feature of a linear layer) a weight of an output reads. */
export function inputChannelOf(layer: FloatWeighted): (output: number, column: number) => number {
  if (layer.op === 'linear') return (_, column) => column;
  const taps = layer.kernel[0] * layer.kernel[1];
  const groupInputs = weightsPerOutput(layer) / taps;
  const groupOutputs = layer.outChannels / layer.groups;
  return (output, column) => Math.floor(output / groupOutputs) * groupInputs + Math.floor(column / taps);
}

/** One function for all channels of the input is preprocessing. */
function intoInput(network: FloatNetwork, affine: FloatAffine): FloatNetwork | undefined {
  const factor = affine.factor[0]!;
  const offset = affine.offset[0]!;
  const uniform = affine.factor.every((a) => a === factor) && affine.offset.every((b) => b === offset);
  const alone = consumersOf(network.layers).get('input')?.length === 1;
  if (affine.inputs[0] !== 'input' || !uniform || !(factor > 0) || !alone) return undefined;
  const layers = rewired(network.layers, affine, 'input');
  return {
    ...network,
    layers,
    inputFactor: network.inputFactor * factor,
    inputOffset: network.inputOffset * factor + offset,
  };
}

/** A crop takes what it takes of the affine function's maps as well. */
function movedBefore(network: FloatNetwork, affine: FloatAffine, crop: FloatCrop): FloatNetwork {
  const layers = network.layers.flatMap((entry): FloatLayer[] => {
    if (entry === crop)
      return [
        { ...affine, inputs: crop.inputs, shape: crop.inShape },
        { ...crop, inputs: [affine.name] },
      ];
    if (entry === affine) return [];
    return [{ ...entry, inputs: entry.inputs.map((name) => (name === affine.name ? crop.name : name)) }];
  });
  return { ...network, layers };
}

function movedBehind(
  network: FloatNetwork,
  affine: FloatAffine,
  layer: FloatLayer,
  values: Pick<FloatAffine, 'factor' | 'offset'>,
): FloatNetwork {
  const layers = network.layers.flatMap((entry): FloatLayer[] => {
    if (entry === affine) return [];
    if (entry === layer) {
      const moved: FloatAffine = { ...affine, ...values, inputs: [layer.name], shape: layer.shape };
      return [{ ...layer, inputs: affine.inputs }, moved];
    }
    return [{ ...entry, inputs: entry.inputs.map((name) => (name === layer.name ? affine.name : name)) }];
  });
  return { ...network, layers };
}

/** The network without the affine layer, and with `replacement` in the place of the layer of its name. */
function without(network: FloatNetwork, affine: FloatAffine, replacement: FloatLayer): FloatNetwork {
  const layers = network.layers.map((layer) => (layer.name === replacement.name ? replacement : layer));
  return { ...network, layers: rewired(layers, affine, affine.inputs[0]!) };
}

function rewired(layers: readonly FloatLayer[], removed: FloatLayer, source: string): FloatLayer[] {
  return layers
    .filter(({ name }) => name !== removed.name)
    .map((layer) => ({ ...layer, inputs: layer.inputs.map((name) => (name === removed.name ? source : name)) }));
}

function elements(layer: FloatLayer): number {
  return (layer.shape as readonly number[]).reduce((a, b) => a * b, 1);
}

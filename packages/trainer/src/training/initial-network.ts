// Training that does not begin with random weights: a trained network's parameters are put into a freshly compiled one.
import { decodeTrainedNetwork, inferShapes, type NetworkSpec, type TrainedNetwork } from '@bitnetmcu/models';
import { isWeighted, TRAINED_NETWORK_FORMAT, weightDimensions } from '@bitnetmcu/models/internal';
import { readFileBounded } from '@bitnetmcu/models/internal/node';
import { clippingPolicy, updateClips } from '@bitnetmcu/quant';
import { symmetricBits } from '@bitnetmcu/quant/internal';
import type { TrainableNetwork } from '../engine/engine.js';
import { splitParameter } from '../engine/parameter-names.js';
import { stepExponents } from '../engine/step-exponents.js';
import { TrainerError } from '../errors.js';
import { decodeCheckpoint } from './checkpoint.js';

/** Parameters that a network may come without: gains are 1 and shifts 0 then, no weight is masked, clipping scalars follow from the weights. */
const OPTIONAL = /\.(clip|mask|norm\.gain|norm\.shift)$/;

/**
 * Reads a network to start from: a `.bnt` file or a checkpoint, told apart by content.
 * @throws TrainerError `invalid-checkpoint`; ModelError where there is no such file, or a `.bnt` file is damaged.
 */
export function readInitialNetwork(path: string): TrainedNetwork {
  const bytes = readFileBounded(path);
  const magic = String.fromCharCode(...bytes.subarray(0, TRAINED_NETWORK_FORMAT.magic.length));
  return magic === TRAINED_NETWORK_FORMAT.magic ? decodeTrainedNetwork(bytes) : decodeCheckpoint(bytes, path).network;
}

/**
 * Overwrites the parameters of a compiled network by those of a trained one with the same layers. Clipping scalars are taken over where the
 * layer's quantizer is the same in both networks; elsewhere they are found anew from the weights.
 * @throws TrainerError `initial-mismatch` naming the parameter that the trained network lacks or has in another size.
 */
export function startFrom(network: TrainableNetwork, initial: TrainedNetwork): void {
  takeOver(
    network,
    initial,
    () => true,
    (found, wanted, key) =>
      `The network ${initial.spec.name} to start from has ${found} for ${key}; ${network.spec.name} needs ${wanted}. Start from a network with the same layers, or leave out the network of the configuration.`,
  );
}

/**
 * The same of the layers that `isTaken`.
 * @param messageOf what is said of a parameter that the trained network has not, or in another size
 * @throws TrainerError `initial-mismatch`
 */
export function takeOver(
  network: TrainableNetwork,
  initial: TrainedNetwork,
  isTaken: (layer: string) => boolean,
  messageOf: (found: string, wanted: number, key: string) => string,
): void {
  const clips = initialScales(network.spec, initial);
  for (const [key, view] of Object.entries(network.parameters)) {
    if (!isTaken(splitParameter(key).layer)) continue;
    const values = clips.get(key) ?? initial.parameters[key];
    if (values === undefined && OPTIONAL.test(key)) continue;
    if (values?.length !== view.length) {
      const found = values ? `${values.length} values` : 'nothing';
      throw new TrainerError('initial-mismatch', messageOf(found, view.length, key));
    }
    view.set(values);
  }
}

/**
 * The clipping scalars, or learned bits and exponents, to start with, by key; layers whose weights the initial network lacks are left out. Bits
 * are those of the format where the initial network has not learned any.
 */
function initialScales(spec: NetworkSpec, initial: TrainedNetwork): Map<string, Float32Array> {
  const before = new Map(initial.spec.layers.map((layer) => [layer.name, layer]));
  const clips = new Map<string, Float32Array>();
  for (const { layer, inputShapes } of inferShapes(spec)) {
    const weight = initial.parameters[`${layer.name}.weight`];
    if (!isWeighted(layer) || weight === undefined || layer.weights.format === 'None') continue;
    const { format, scaling, clipping, learnedBits } = layer.weights;
    const { outputs, perOutput } = weightDimensions(layer, inputShapes[0]!);
    if (weight.length !== outputs * perOutput) continue;
    if (learnedBits) {
      const [bits, exponent] = [`${layer.name}.bits`, `${layer.name}.exponent`];
      if (initial.parameters[bits] !== undefined) continue;
      const most = symmetricBits(format)!;
      const first = new Float32Array(learnedBits.per === 'channel' ? outputs : 1).fill(most);
      clips.set(bits, first).set(exponent, stepExponents(weight, { clipping, bits: first, most }));
      continue;
    }
    const key = `${layer.name}.clip`;
    const old = before.get(layer.name);
    const same = old && isWeighted(old) && old.weights.format === format && old.weights.scaling === scaling;
    const kept = same ? initial.parameters[key] : undefined;
    clips.set(key, kept ?? updateClips(format, weight, clippingPolicy(clipping), { outputs, scaling }));
  }
  return clips;
}

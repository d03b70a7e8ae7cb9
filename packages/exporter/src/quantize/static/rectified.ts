// ReLUs and ranges on integers: a tensor as int8, or as int32 behind its ReLU.
import type { QuantizedNode } from '@bitnetmcu/models';
import { type FloatActivation, type FloatNetwork, isFloatWeighted } from '../../float/float-network.js';
import type { CalibratedNetwork } from './calibrated-network.js';
import { type IntegerTensor, integerTensor } from './integer-tensor.js';
import { shiftBeforeTable } from './lookup.js';
import { requantizationShift } from './requantization-shift.js';

/** A node, and the tensor that it gives. */
export interface MadeTensor {
  readonly node: QuantizedNode;
  readonly tensor: IntegerTensor;
}

/** A ReLU on int8 activations, with its limit in real numbers. */
export function narrowRelu(input: IntegerTensor, name: string, limit: number): MadeTensor {
  const max = Math.min(127, Math.max(1, Math.round(limit / input.scale)));
  return {
    node: { name, inputs: [input.node], op: 'requantize', shift: 0, min: 0, max },
    tensor: { ...input, node: name, values: input.values.map((x) => Math.min(max, Math.max(0, x))) },
  };
}

/** The ReLU that is still to be applied, on accumulators that stay int32. */
export function wideRelu(input: IntegerTensor, name: string): MadeTensor {
  const limit = input.pendingRelu!;
  const max = Math.min(2 ** 31 - 1, Math.round(limit / input.scale));
  const values = input.values.map((x) => Math.min(max, Math.max(0, x)));
  return {
    node: { name, inputs: [input.node], op: 'requantize', shift: 0, min: 0, max },
    tensor: { ...input, node: name, values, pendingRelu: undefined, limit },
  };
}

/**
 * Accumulators as int8.
 * @param name of the node.
 * @param float the layer whose float activations they should come near.
 * @param table the layer that reads them, where only what its table gives should come near.
 */
export function requantized(
  calibrated: CalibratedNetwork,
  input: IntegerTensor,
  name: string,
  float: string,
  table?: FloatActivation,
): MadeTensor {
  const positive =
    input.pendingRelu !== undefined || input.limit < Number.POSITIVE_INFINITY || isPositive(calibrated.network, float);
  const limit = Math.min(input.pendingRelu ?? Number.POSITIVE_INFINITY, input.limit);
  const shift = table
    ? shiftBeforeTable(calibrated, input, table, positive ? 0 : -128)
    : requantizationShift(calibrated, input, float, positive, limit);
  const scale = input.scale * 2 ** shift;
  const max = Math.min(127, Math.max(1, Math.round(limit / scale)));
  const min = positive ? 0 : -128;
  const half = shift === 0 ? 0 : 2 ** (shift - 1);
  const values = input.values.map((x) => Math.min(max, Math.max(min, Math.floor((x + half) / 2 ** shift))));
  return {
    node: { name, inputs: [input.node], op: 'requantize', shift, min, max },
    tensor: integerTensor({ node: name, type: 'int8', scale, bound: 128, values }),
  };
}

/** Whether a layer gives no negative numbers: a ReLU, or what only moves and pools behind one. */
function isPositive(network: FloatNetwork, name: string): boolean {
  const layer = network.layers.find((entry) => entry.name === name);
  if (layer === undefined) return false;
  if (layer.op === 'relu' || layer.op === 'topRelu') return true;
  if (isFloatWeighted(layer) || layer.op === 'add' || layer.op === 'activation') return false;
  return isPositive(network, layer.inputs[0]!);
}

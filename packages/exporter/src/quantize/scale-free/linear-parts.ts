// A linear layer with learned bits as nodes: one a format, and what puts their outputs together.
import type { QuantizedNode, ResolvedLayer, TrainedNetwork } from '@bitnetmcu/models';
import { type LinearNode, type QuantizedWeights, weightDimensions } from '@bitnetmcu/models/internal';
import { getFormat } from '@bitnetmcu/quant';
import { symmetricBits, wholeBits } from '@bitnetmcu/quant/internal';
import { type BitsOfLayer, bitGroups, chooseWidths } from './bit-groups.js';

/** The numbers of bits that all layers' outputs are stored in; the layers have passed compactOutputs. */
export function learnedWidths({ parameters }: TrainedNetwork, layers: readonly ResolvedLayer[]): readonly number[] {
  const learning = layers.slice(0, -1).flatMap(({ layer, inputShapes }): BitsOfLayer[] => {
    if (layer.type !== 'linear' || !layer.weights.learnedBits) return [];
    const bits = parameters[`${layer.name}.bits`]!;
    const most = symmetricBits(layer.weights.format)!;
    const whole = Array.from({ length: layer.outputs }, (_, o) => wholeBits(bits[bits.length === 1 ? 0 : o]!, most));
    return [{ bits: whole, columns: weightDimensions(layer, inputShapes[0]!).perOutput }];
  });
  return chooseWidths(learning);
}

/** The nodes of a layer whose outputs stand in the order of their bits; the last of them has the layer's name. */
export function linearParts(
  whole: Omit<LinearNode, 'op'>,
  bits: Uint8Array | undefined,
  widths: readonly number[],
): QuantizedNode[] {
  const { name, inputs, inFeatures, weights } = whole;
  const groups = bits ? bitGroups({ bits, columns: inFeatures }, widths) : [];
  if (groups.length < 2) return [{ ...whole, op: 'linear' }];
  const parts = groups.map(
    ({ format, from, to }): LinearNode => ({
      ...{ name: `${name}.${format}`, inputs, op: 'linear', inFeatures, outFeatures: to - from },
      weights: part(weights, { format, from, to, inFeatures }),
    }),
  );
  const nodes: QuantizedNode[] = [...parts];
  let [{ name: joined }] = parts as [LinearNode, ...LinearNode[]];
  parts.slice(1).forEach((next, i) => {
    const own = i === parts.length - 2 ? name : `${name}.joined${i + 1}`;
    nodes.push({ name: own, inputs: [joined, next.name], op: 'concat' });
    joined = own;
  });
  return nodes;
}

function part(
  { format: widest, codes, outputShifts }: QuantizedWeights,
  { format, from, to, inFeatures }: ReturnType<typeof bitGroups>[number] & { readonly inFeatures: number },
): QuantizedWeights {
  // Codes of symmetric formats differ by half of the levels that one has more.
  const offset = (getFormat(widest).levels.length - getFormat(format).levels.length) / 2;
  const shifts = outputShifts?.slice(from, to);
  return {
    format,
    codes: codes.slice(from * inFeatures, to * inFeatures).map((code) => code - offset),
    ...(shifts?.some((shift) => shift > 0) ? { outputShifts: shifts } : {}),
  };
}

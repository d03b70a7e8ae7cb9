// Codes of one layer's weights: those of the grid that it lies on, or of a quantizer.

import type { QuantizedWeights } from '@bitnetmcu/models/internal';
import {
  type FormatName,
  getFormat,
  inverseScalesFromClips,
  octav,
  quantizeWeights,
  updateClips,
} from '@bitnetmcu/quant';
import { powerOfTwoClips, scaleOfInverse } from '@bitnetmcu/quant/internal';
import { ExporterError } from '../errors.js';
import { type FloatNetwork, type FloatWeighted, isFloatWeighted, outputsOf } from './float-network.js';
import { detectGrid } from './grid.js';

/** Weights as codes, and what the level 1 stands for. */
export interface LayerCodes extends Pick<QuantizedWeights, 'format' | 'codes' | 'outputShifts'> {
  /** Weight of the level 1 of an output without shift. */
  readonly step: number;
  /** Whether the float weights lay on this grid already. */
  readonly exact: boolean;
}

/** What the integer 1 of a weight stands for, in outputs without shift. */
export function weightScale({ format, step }: Pick<LayerCodes, 'format' | 'step'>): number {
  return step / getFormat(format).integerScale;
}

/** The grid that a layer's weights lie on; undefined where there is none. */
function gridCodes(layer: FloatWeighted): LayerCodes | undefined {
  const grid = detectGrid(layer.weight, outputsOf(layer));
  if (!grid) return undefined;
  const { format, codes, step, shifts } = grid;
  return { format, codes, step, exact: true, ...(shifts ? { outputShifts: shifts } : {}) };
}

/** What a user chose of weight formats. */
export interface FormatChoice {
  /** Format of layers whose weights lie on no grid of as many bits or fewer. Default `8bit`; `4bitsym` for training. */
  readonly quantizer?: FormatName;
  /** Formats of single layers by name, whatever their weights lie on. */
  readonly mixed?: Readonly<Record<string, FormatName>>;
}

/** The grid that a layer's weights lie on, unless the choice names this layer or has fewer bits. */
export function keptGrid(layer: FloatWeighted, { quantizer, mixed = {} }: FormatChoice): LayerCodes | undefined {
  if (mixed[layer.name] !== undefined) return undefined;
  const grid = gridCodes(layer);
  return grid && (quantizer === undefined || formatBits(grid.format) <= formatBits(quantizer)) ? grid : undefined;
}

/** @throws ExporterError `invalid-option` where `mixed` names a layer that the network does not have. */
export function requireKnownLayers(network: FloatNetwork, { mixed = {} }: FormatChoice): void {
  const names = network.layers.filter(isFloatWeighted).map(({ name }) => name);
  const unknown = Object.keys(mixed).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new ExporterError(
      'invalid-option',
      `A format was given for the layer ${unknown}, which the network does not have; it has ${names.join(', ')}`,
    );
  }
}

/** OCTAV's clipping scalar for each output, rounded to powers of two apart, and the codes that it gives. */
export function octavCodes(layer: FloatWeighted, format: FormatName): LayerCodes {
  const outputs = outputsOf(layer);
  const { clips, shifts } = powerOfTwoClips(
    updateClips(format, layer.weight, octav, { outputs, scaling: 'PerOutput' }),
  );
  const { codes, inverseScales } = quantizeWeights(format, layer.weight, {
    outputs,
    inverseScales: inverseScalesFromClips(format, clips),
  });
  const step = scaleOfInverse(Math.max(...inverseScales));
  return { format, codes, step, exact: false, ...(shifts.some((shift) => shift > 0) ? { outputShifts: shifts } : {}) };
}

/** Bits a weight of a format takes. */
function formatBits(format: FormatName): number {
  const { packing } = getFormat(format);
  return packing.groupBits / packing.groupSize;
}

// Codes of one layer's weights: those of the grid that it lies on, or of a quantizer.

import type { QuantizedWeights } from '@bitnetmcu/models';
import {
  type FormatName,
  getFormat,
  octav,
  powerOfTwoClips,
  quantizeWeights,
  scalesFromClips,
  stepOfScale,
  updateClips,
} from '@bitnetmcu/quant';
import { type FloatWeighted, outputsOf } from './float-network.js';
import { detectGrid } from './grid.js';

/** Weights as codes, and what the level 1 stands for. */
export interface LayerCodes extends Pick<QuantizedWeights, 'format' | 'codes' | 'outputShifts'> {
  /** Weight of the level 1 of an output without shift. */
  readonly step: number;
  /** Whether the float weights lay on this grid already. */
  readonly exact: boolean;
}

/** The grid that a layer's weights lie on; undefined where there is none. */
export function gridCodes(layer: FloatWeighted): LayerCodes | undefined {
  const grid = detectGrid(layer.weight, outputsOf(layer));
  if (!grid) return undefined;
  const { format, codes, step, shifts } = grid;
  return { format, codes, step, exact: true, ...(shifts ? { outputShifts: shifts } : {}) };
}

/** OCTAV's clipping scalar for each output, rounded to powers of two apart, and the codes that it gives. */
export function octavCodes(layer: FloatWeighted, format: FormatName): LayerCodes {
  const outputs = outputsOf(layer);
  const { clips, shifts } = powerOfTwoClips(
    updateClips(format, layer.weight, octav, { outputs, scaling: 'PerOutput' }),
  );
  const { codes, scales } = quantizeWeights(format, layer.weight, { outputs, scales: scalesFromClips(format, clips) });
  const step = stepOfScale(Math.max(...scales));
  return { format, codes, step, exact: false, ...(shifts.some((shift) => shift > 0) ? { outputShifts: shifts } : {}) };
}

/** Bits a weight of a format takes. */
export function formatBits(format: FormatName): number {
  const { packing } = getFormat(format);
  return packing.groupBits / packing.groupSize;
}

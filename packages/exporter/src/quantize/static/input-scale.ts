// The scale of the network's input: given, in the file, or from calibration.
import type { RangedNetwork } from '../../float/static-ranges.js';
import { type CalibratedNetwork, needsCalibration } from './calibrated-network.js';
import { clipOf } from './range-search.js';

/**
 * What the integer 1 of the input stands for.
 * @throws ExporterError `no-calibration` where nothing tells the range.
 */
export function inputScale({ options, activations }: CalibratedNetwork, ranged: RangedNetwork): number {
  const { inputScale: given, ranges = 'mse' } = options;
  if (given !== undefined) return given;
  if (ranged.inputStep !== undefined) return ranged.inputStep;
  const input = activations?.get('input');
  const clip = input ? clipOf(input, 127, ranges) : ranged.inputRange;
  if (clip === undefined) throw needsCalibration('The range of the input is not known');
  return (clip || 1) / 127;
}

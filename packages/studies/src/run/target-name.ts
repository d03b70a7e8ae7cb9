// What a run is measured on: a part with its default kernels (`ch32v003`), or with others (`ch32v003:coded`).
import { kernelVariants } from '@bitnetmcu/mcu-runtime/internal/targets';
import { findSimulationTarget, type SimulationTargetName } from '@bitnetmcu/mcu-runtime/targets';
import { unknownName } from '@bitnetmcu/quant/internal';
import { StudyError } from '../errors.js';

export interface MeasuredTarget {
  readonly part: SimulationTargetName;
  /** Absent: the first with which the network fits. */
  readonly kernels?: string;
}

/** @throws SimulatorError `unknown-target`; StudyError `invalid-argument` for kernels that the part does not have */
export function parseTarget(text: string): MeasuredTarget {
  const colon = text.indexOf(':');
  if (colon < 0) return { part: findSimulationTarget(text).name };
  const part = findSimulationTarget(text.slice(0, colon)).name;
  const kernels = text.slice(colon + 1);
  const known = kernelVariants(part).map(({ name }) => name);
  if (!known.includes(kernels)) {
    throw new StudyError('invalid-argument', unknownName(`kind of kernels of ${part}`, kernels, known));
  }
  return { part, kernels };
}

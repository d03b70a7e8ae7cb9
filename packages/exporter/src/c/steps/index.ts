// The registry of steps in C. A kind of step of @bitnetmcu/mcu-runtime that is missing here does not compile.
import type { KernelStep } from '@bitnetmcu/mcu-runtime/internal';
import { ExporterError } from '../../errors.js';
import { add } from './add.js';
import { avgPool2d } from './avg-pool2d.js';
import type { CStep, StepOf } from './c-step.js';
import { clear } from './clear.js';
import { convChain } from './conv-chain.js';
import { convNorm } from './conv-norm.js';
import { convPatches } from './conv-patches.js';
import { convRequantize } from './conv-requantize.js';
import { conv2d } from './conv2d.js';
import { crop } from './crop.js';
import { keepFeatures, normalizeFeatures } from './kept-features.js';
import { linear } from './linear.js';
import { lookup } from './lookup.js';
import { maxAbsNorm } from './max-abs-norm.js';
import { maxPool2d } from './max-pool2d.js';
import { reluShift } from './relu-shift.js';
import { requantize } from './requantize.js';
import { rmsNorm } from './rms-norm.js';
import { shiftNorm } from './shift-norm.js';
import { chooseGroups, maskChannels } from './top-groups.js';
import { topRelu } from './top-relu.js';
import { widen } from './widen.js';

export const C_STEPS: { readonly [O in KernelStep['op']]: CStep<StepOf<O>> } = {
  linear,
  conv2d,
  shiftNormRelu: shiftNorm,
  maxAbsNormRelu: maxAbsNorm,
  widen,
  rmsNorm,
  reluShift,
  topRelu,
  requantize,
  lookup,
  add,
  maxPool2d,
  avgPool2d,
  crop,
  convChain,
  convNorm,
  convRequantize,
  convPatches,
  keepFeatures,
  normalizeFeatures,
  chooseGroups,
  maskChannels,
  clear,
};

/**
 * How a step is written in C.
 * @throws ExporterError `unsupported-node` where it has no file here
 */
export function cStepOf<S extends KernelStep>(step: S): CStep<S> {
  const found = Object.hasOwn(C_STEPS, step.op) ? C_STEPS[step.op] : undefined;
  if (found !== undefined) return found as unknown as CStep<S>;
  throw new ExporterError(
    'unsupported-node',
    `Node "${step.node}" was lowered to a step "${step.op}" that has no form in exported C, which knows ${Object.keys(C_STEPS).join(', ')}: write it in packages/exporter/src/c/steps, or run the model as an image.`,
    { layer: step.node },
  );
}

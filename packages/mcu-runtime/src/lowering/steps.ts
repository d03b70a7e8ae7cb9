// The registry of steps: what images, the header that C reads them by, and the plan of buffers are made from.
import type { TensorType } from '@bitnetmcu/models/internal';
import { RuntimeError } from '../errors.js';
import { addStep } from './add.js';
import { avgPool2dStep } from './avg-pool2d.js';
import { clearStep } from './clear.js';
import { convChainStep } from './conv-chain.js';
import { convNormStep } from './conv-norm.js';
import { convPatchesStep } from './conv-patches.js';
import { convRequantizeStep } from './conv-requantize.js';
import { conv2dStep } from './conv2d.js';
import { cropStep } from './crop.js';
import { keepFeaturesStep, normalizeFeaturesStep } from './kept-features.js';
import { linearStep } from './linear.js';
import { lookupStep } from './lookup.js';
import { maxAbsNormStep } from './max-abs-norm.js';
import { maxPool2dStep } from './max-pool2d.js';
import type { KernelStep, Step } from './program.js';
import { reluShiftStep } from './relu-shift.js';
import { requantizeStep } from './requantize.js';
import { rmsNormStep } from './rms-norm.js';
import { shiftNormStep } from './shift-norm.js';
import type { Buffer, StepDefinition } from './step.js';
import { chooseGroupsStep, maskChannelsStep } from './top-groups.js';
import { topReluStep } from './top-relu.js';
import { widenStep } from './widen.js';

type StepOf<O extends KernelStep['op']> = Extract<KernelStep, { readonly op: O }>;

/** Every kind of step. A new member of KernelStep has no place to go but here. */
export const STEPS = {
  linear: linearStep,
  conv2d: conv2dStep,
  shiftNormRelu: shiftNormStep,
  maxAbsNormRelu: maxAbsNormStep,
  widen: widenStep,
  rmsNorm: rmsNormStep,
  reluShift: reluShiftStep,
  topRelu: topReluStep,
  requantize: requantizeStep,
  lookup: lookupStep,
  add: addStep,
  maxPool2d: maxPool2dStep,
  avgPool2d: avgPool2dStep,
  crop: cropStep,
  convChain: convChainStep,
  convNorm: convNormStep,
  convRequantize: convRequantizeStep,
  convPatches: convPatchesStep,
  keepFeatures: keepFeaturesStep,
  normalizeFeatures: normalizeFeaturesStep,
  chooseGroups: chooseGroupsStep,
  maskChannels: maskChannelsStep,
  clear: clearStep,
} satisfies { readonly [O in KernelStep['op']]: StepDefinition<StepOf<O>> };

/**
 * The definition of a step.
 * @throws RuntimeError `unknown-op`
 */
export function definitionOf<S extends KernelStep>(step: S): StepDefinition<S> {
  const found = Object.hasOwn(STEPS, step.op) ? STEPS[step.op] : undefined;
  if (found !== undefined) return found as unknown as StepDefinition<S>;
  throw new RuntimeError(
    'unknown-op',
    `Node "${step.node}" was lowered to a step "${step.op}" that has no definition in steps.ts: write it.`,
  );
}

/** Every buffer that a step reads or writes. */
export function buffersOf(step: Step): readonly Buffer[] {
  if (step.op === 'channels') return [...(step.chosen ? [step.chosen.marks] : []), ...step.body.flatMap(buffersOf)];
  const { fields, values } = definitionOf(step);
  const all = values(step);
  const others = Object.keys(fields).filter(
    (field) => fields[field] === 'buffer' || fields[field] === 'optionalBuffer',
  );
  const named = others.map((field) => all[field] as Buffer | undefined);
  return [step.x, step.y, ...named.filter((buffer) => buffer !== undefined)];
}

/** Element types that a step reads and writes. */
export function elementTypes(step: KernelStep): { readonly x: TensorType; readonly y: TensorType } {
  return definitionOf(step).elements(step);
}

/** Bytes of the tables that a step reads. */
export function tableBytes(step: KernelStep): number {
  const { fields, values } = definitionOf(step);
  const all = values(step);
  const tables = Object.keys(fields).filter((field) => fields[field] === 'table');
  return tables.reduce((sum, field) => sum + ((all[field] as Uint8Array | undefined)?.length ?? 0), 0);
}

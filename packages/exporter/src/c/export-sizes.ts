// What an exported model costs, counted over the steps of its program.
import type { KernelStep, Program } from '@bitnetmcu/mcu-runtime/internal';
import type { QuantizedModel } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import type { ExportSizes } from './head-comment.js';
import { cStepOf } from './steps/index.js';

/** Every step that calls a kernel. */
export function kernelSteps({ steps }: Program): readonly KernelStep[] {
  return steps.flatMap((step) => (step.op === 'channels' ? step.body : [step]));
}

export function exportSizes(
  model: QuantizedModel,
  program: Program,
  ramBytes: number,
): Omit<ExportSizes, 'staticBytes'> {
  let weightBytes = 0;
  let macs = 0;
  for (const step of kernelSteps(program)) {
    const definition = cStepOf(step);
    if (!('cost' in definition)) continue;
    const cost = definition.cost(step);
    weightBytes += cost.tableBytes;
    macs += cost.macs;
  }
  return { weightBytes, ramBytes, macs, inputs: elementCount(model.input.shape), outputs: program.outputs };
}

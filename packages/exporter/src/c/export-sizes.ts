// What an exported model costs, counted over the steps of its program.
import type { KernelStep, Program } from '@bitnetmcu/mcu-runtime/internal';
import type { QuantizedModel } from '@bitnetmcu/models';
import { elementCount } from '@bitnetmcu/models/internal';
import type { ExportSizes } from './head-comment.js';

/** Every step that calls a kernel. */
export function kernelSteps({ steps }: Program): readonly KernelStep[] {
  return steps.flatMap((step) => (step.op === 'channels' ? step.body : [step]));
}

export function exportSizes(model: QuantizedModel, program: Program, ramBytes: number): ExportSizes {
  let weightBytes = 0;
  let macs = 0;
  // A convolution in a channel loop runs once a channel; its step counts all of them.
  for (const step of kernelSteps(program)) {
    if (step.op === 'convChain') {
      weightBytes += step.tables.weights.length;
      macs += step.macs;
    }
    if (step.op === 'lookup') weightBytes += step.table.length;
    if (step.op !== 'linear' && step.op !== 'conv2d' && step.op !== 'convNorm') continue;
    const { weights, outputShifts, bias } = step.tables;
    weightBytes += weights.length + (outputShifts?.length ?? 0) + 4 * (bias?.length ?? 0);
    if (step.op === 'convNorm') macs += step.macs;
    else if (step.op === 'linear') macs += step.inputs * step.outputs;
    else
      macs +=
        step.groups *
        step.groupOutputs *
        step.groupInputs *
        step.kernel[0] *
        step.kernel[1] *
        step.outHeight *
        step.outWidth;
  }
  return { weightBytes, ramBytes, macs, inputs: elementCount(model.input.shape), outputs: program.outputs };
}

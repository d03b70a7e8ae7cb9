// The numbers of a program's steps against the fields that hold them, for those who write no image of it, too.
import { checkFields } from './limits.js';
import type { KernelStep, Step } from './program.js';
import { CHANNELS, KERNEL_HEAD, RECORD_HEAD } from './records.js';
import { definitionOf } from './steps.js';

/**
 * Every number of every step: padding can make a map larger than any that the model's description may have.
 * @throws RuntimeError `model-too-large`
 */
export function checkSteps(steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.op !== 'channels') {
      checkStep(step);
      continue;
    }
    step.body.forEach(checkStep);
    const { channels: n, sharing, xStride, yStride, body } = step;
    const values = { n, xStride, yStride, steps: body.length, sharing };
    checkFields(`Node "${body[0]!.node}"`, { n: RECORD_HEAD.n, ...CHANNELS.fields }, values);
  }
}

function checkStep(step: KernelStep): void {
  const { fields, values, n } = definitionOf(step);
  const who = `Node "${step.node}"`;
  checkFields(who, { n: KERNEL_HEAD.n }, { n: n(step) });
  checkFields(who, fields, values(step));
}

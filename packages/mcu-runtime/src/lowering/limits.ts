// The sizes that the C runtime can count. What would not fit its field in a record is refused here, never cut off there.
import { RuntimeError } from '../errors.js';
import type { KernelStep, Step } from './program.js';

/** Counts in the C runtime are uint16_t. */
export const MAX_COUNT = 65_535;

/** @throws RuntimeError `model-too-large` */
export function checkCount(node: string, what: string, count: number): void {
  if (count <= MAX_COUNT) return;
  throw new RuntimeError(
    'model-too-large',
    `Node "${node}" has ${count} ${what}; the C runtime counts up to ${MAX_COUNT}. Make the layer smaller.`,
  );
}

/** What is said of each field of a step that the C runtime holds in uint16_t. */
const COUNTS = {
  groups: 'groups',
  groupInputs: 'input channels of a group',
  groupOutputs: 'output channels of a group',
  height: 'rows of its input',
  width: 'columns of its input',
  outHeight: 'rows of its output',
  outWidth: 'columns of its output',
  top: 'rows above what it cuts out',
  left: 'columns before what it cuts out',
  rowBytes: 'bytes of weights an output channel',
  inputs: 'inputs',
  outputs: 'outputs',
  count: 'values',
  channels: 'channels',
} as const;

/**
 * Every size of every step: padding can make a map larger than any that the model's description may have.
 * @throws RuntimeError `model-too-large`
 */
export function checkSteps(steps: readonly Step[]): void {
  for (const step of steps) {
    if (step.op !== 'channels') {
      checkStep(step);
      continue;
    }
    checkCount(step.body[0]!.node, 'channels', step.channels);
    step.body.forEach(checkStep);
  }
}

function checkStep(step: KernelStep): void {
  const fields = step as Partial<Record<keyof typeof COUNTS, unknown>>;
  for (const [field, what] of Object.entries(COUNTS)) {
    const count = fields[field as keyof typeof COUNTS];
    if (typeof count === 'number') checkCount(step.node, what, count);
  }
}

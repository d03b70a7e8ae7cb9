// convNorm: a convolution with its ShiftNorm, and a pool where it has one.
import { cComment } from '../c-text.js';
import type { StepOf, TableStep } from './c-step.js';
import { convLayerCost, convLayerSource } from './conv-layer.js';

export const convNorm: TableStep<StepOf<'convNorm'>> = {
  layer: (step, site) => convLayerSource(step, { site, limits: false }),
  statements: ({ node, scratch }, { x, y, pointer, runtime }, { identifier, name, description }) => [
    `/* ${name}: ${description}, up to ${cComment(node)} */`,
    runtime.call('conv_norm', `&${identifier}_layer`, x, pointer(scratch, 'int32'), y),
  ],
  cost: convLayerCost,
};

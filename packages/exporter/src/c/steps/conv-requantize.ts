// convRequantize: a convolution that is requantized, and a pool where it has one; the channel of a channel loop.
import { cComment } from '../c-text.js';
import type { StepOf, TableStep } from './c-step.js';
import { convLayerCost, convLayerSource } from './conv-layer.js';

export const convRequantize: TableStep<StepOf<'convRequantize'>> = {
  layer: (step, site) => convLayerSource(step, { site, limits: true }),
  statements: ({ node, scratch }, { x, y, pointer, channel, runtime }, { identifier, name, description }) => [
    `/* ${name}: ${description}, up to ${cComment(node)} */`,
    runtime.call('conv_requantize', `&${identifier}_layer`, channel || '0', x, pointer(scratch, 'int32'), y),
  ],
  cost: convLayerCost,
};

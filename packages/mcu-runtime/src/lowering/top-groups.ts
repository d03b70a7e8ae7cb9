// topGroups: marks for the channels of the groups with the largest scores. Behind a chain of convolutions only marked channels run
// (lower-model.ts); behind anything else the others are masked.
import type { TensorType, TopGroupsNode } from '@bitnetmcu/models/internal';
import type { NodeLowering } from './node-lowering.js';
import type { Buffer, OnBuffers, StepDefinition } from './step.js';

/** From scores to marks, one a channel. */
export interface ChooseGroupsStep extends OnBuffers {
  readonly op: 'chooseGroups';
  readonly groups: number;
  readonly keep: number;
  /** Channels of a group. */
  readonly size: number;
}

export interface MaskChannelsStep extends OnBuffers {
  readonly op: 'maskChannels';
  readonly channels: number;
  /** Of each channel. */
  readonly bytes: number;
  readonly element: TensorType;
  readonly chosen: Buffer;
}

const CHOOSE_FIELDS = { keep: 'u16', size: 'u16' } as const;
const MASK_FIELDS = { chosen: 'buffer', bytes: 'u32' } as const;

export const chooseGroupsStep: StepDefinition<ChooseGroupsStep, typeof CHOOSE_FIELDS> = {
  record: 'choose_groups',
  numbers: { CHOOSE_GROUPS: 33 },
  comment: 'n groups; size: channels of each',
  fields: CHOOSE_FIELDS,
  number: () => 33,
  n: ({ groups }) => groups,
  values: ({ keep, size }) => ({ keep, size }),
  elements: () => ({ x: 'int32', y: 'int8' }),
};

export const maskChannelsStep: StepDefinition<MaskChannelsStep, typeof MASK_FIELDS> = {
  record: 'mask_channels',
  numbers: { MASK_CHANNELS: 34 },
  comment: 'n channels; bytes: of each; chosen: a mark a channel',
  fields: MASK_FIELDS,
  number: () => 34,
  n: ({ channels }) => channels,
  values: ({ chosen, bytes }) => ({ chosen, bytes }),
  elements: ({ element }) => ({ x: element, y: element }),
};

/** The step that marks channels. @param scores int32, one a group */
export function choosingStep(
  { name, keep }: TopGroupsNode,
  channels: number,
  groups: number,
  scores: Buffer,
): ChooseGroupsStep {
  const y: Buffer = { place: 'ram', bytes: channels };
  return { op: 'chooseGroups', node: name, x: scores, y, groups, keep, size: channels / groups };
}

export const topGroups: NodeLowering<TopGroupsNode> = {
  perChannel: () => false,
  whole({ node, input, wideInput, output, push, mayShare }) {
    const { buffer: x, element, shape } = input(0);
    const scores = wideInput(1);
    const [channels] = shape;
    const choosing = choosingStep(node, channels, scores.shape[0], scores.buffer);
    const y = output(element, shape);
    push(choosing);
    push({
      ...{ op: 'maskChannels', node: node.name, x, y, element, chosen: choosing.y },
      ...{ channels, bytes: y.bytes / channels },
    });
    mayShare(x, y);
  },
};

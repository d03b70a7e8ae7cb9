// topGroups: the groups of channels with the largest scores; the others are 0, so that nothing before them has to be computed.
import { chooseGroups, chosenShape } from '../choice-of-groups.js';
import { mapIntervals } from '../intervals.js';
import { dimension } from '../schema-parts.js';
import { elementCount } from '../tensor-shape.js';
import type { Node, OpDefinition } from './op-definition.js';

/** y = x in the `keep` groups of channels whose scores (the second tensor, one a group) are largest, else 0; of the type of x. */
export interface TopGroupsNode extends Node {
  readonly op: 'topGroups';
  /** 1 … groups. */
  readonly keep: number;
}

export const topGroups: OpDefinition<TopGroupsNode, number> = {
  op: 'topGroups',
  meaning:
    'a in the groups of channels whose scores b[g] are among the `keep` largest, of equal ones the first; 0 in the others; of the type of a. Channel c is of group ⌊c·groups/channels⌋',
  schema: { keep: dimension },
  inputs: 2,
  shape: ({ keep }, inputs, who) => chosenShape(who, inputs, keep),
  type: (_, input) => input,
  reference({ node: { keep }, inputShapes }, [x, scores], out) {
    const groups = inputShapes[1]![0];
    const kept = new Uint8Array(groups);
    const size = elementCount(inputShapes[0]!) / groups;
    return () => {
      chooseGroups(scores!, keep, kept);
      kept.forEach((isKept, group) => {
        const [from, to] = [group * size, (group + 1) * size];
        if (isKept) out.set(x!.subarray(from, to), from);
        else out.fill(0, from, to);
      });
    };
  },
  bounds: (_, [input]) =>
    mapIntervals(
      input!,
      (low) => Math.min(0, low),
      (high) => Math.max(0, high),
    ),
  memory: () => ({ inPlace: true, channelwise: 'continue' }),
  describe: ({ keep }) => `topGroups, ${keep} kept`,
  /** @param groups as many as there are scores */
  *random({ random }, groups = 1) {
    yield { op: 'topGroups', keep: random.integer(1, groups) };
  },
};

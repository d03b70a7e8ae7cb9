// Pruning: the weights of the least magnitude, or whole neurons and channels, go and stay away (Han et al. 2015, arXiv:1506.02626; Li et al. 2016,
// arXiv:1608.08710), at once, gradually (Zhu and Gupta 2017, arXiv:1710.01878) or in rounds (Frankle and Carbin 2018, arXiv:1803.03635).
import { type ChannelGroup, channelPaths, isWeighted } from '@bitnetmcu/models/internal';
import { formatsWithZero, nearestName, zeroCode } from '@bitnetmcu/quant/internal';
import { z } from 'zod';
import type { TrainableNetwork } from '../../engine/engine.js';
import { type ActionMeans, defineAction, refuseAction } from './action-definition.js';
import type { EpochAction } from './epoch-action.js';
import { blocksOf, channelsOf, type Prunable, pruneTo } from './prunable.js';
import { gradualShare, lastEpoch, pruneScheduleSchema, shareAtEpoch } from './prune-schedule.js';
import { shrinkChannels } from './shrink-channels.js';

const schema = z.strictObject({
  kind: z.literal('prune'),
  of: z
    .enum(['weights', 'neurons'])
    .describe(
      'weights: single ones, or blocks, of formats with a 0; neurons: neurons and channels as a whole, which vanish from the exported network',
    ),
  share: z.number().gt(0).lt(1).describe('what is pruned in the end'),
  scope: z
    .enum(['layer', 'network'])
    .default('layer')
    .describe('layer: the share of every layer; network: the least ones of all, by magnitude relative to their layer'),
  block: z.int().min(1).max(4096).default(1).describe('weights that lie side by side in a row and go together'),
  penalty: z
    .number()
    .gt(0)
    .max(1)
    .optional()
    .describe(
      'of neurons: share of their mean norm that every step takes off the norm of each, until the last of them go',
    ),
  layers: z.array(z.string()).min(1).optional().describe('names; default: all that can be pruned'),
  schedule: pruneScheduleSchema,
});
type Spec = z.output<typeof schema>;

export const prune = defineAction(schema, (spec, means) => {
  const { schedule, share, penalty } = spec;
  requireWithin(spec, means);
  const select = spec.of === 'weights' ? weightsToPrune(spec, means) : neuronsToPrune(spec, means);
  const at = (network: TrainableNetwork, now: number) => pruneTo(select.prunable(network), now, spec.scope);
  const every = schedule.kind === 'gradual' ? schedule.every : undefined;
  const action: EpochAction = {
    epochStarted({ network, epoch }) {
      const now = shareAtEpoch(schedule, share, epoch);
      if (now !== undefined) at(network, now);
    },
  };
  if (every === undefined && penalty === undefined) return action;
  return {
    ...action,
    stepInterval: penalty === undefined ? every : 1,
    stepped({ network, epoch, step, steps }) {
      if (penalty !== undefined && epoch < lastEpoch(schedule)) {
        for (const group of select.groups) shrinkChannels(network, group, penalty);
      }
      if (schedule.kind !== 'gradual' || (epoch * steps + step) % schedule.every !== 0) return;
      const position = epoch + step / steps;
      if (position > schedule.from && position < schedule.to) at(network, gradualShare(schedule, share, position));
    },
  };
});

function requireWithin({ schedule }: Spec, means: ActionMeans): void {
  if (schedule.kind === 'gradual' && schedule.to <= schedule.from) {
    refuseAction(means, `pruning goes from epoch ${schedule.from} to ${schedule.to}. Set 'to' to more than 'from'.`);
  }
  const last = lastEpoch(schedule);
  if (last < means.epochs) return;
  refuseAction(
    means,
    `the last weights go after ${last} epochs, and the run has ${means.epochs}. Leave at least one after it.`,
  );
}

interface Selection {
  prunable(network: TrainableNetwork): Prunable[];
  /** Of neurons. */
  readonly groups: readonly ChannelGroup[];
}

/** @throws TrainerError `invalid-config` for layers whose format has no 0 */
function weightsToPrune({ layers, block, penalty }: Spec, means: ActionMeans): Selection {
  if (penalty !== undefined) refuseAction(means, "'penalty' is of neurons. Leave it out, or prune of: 'neurons'.");
  const weighted = means.network.spec.layers.filter(isWeighted);
  const names = chosen(
    layers,
    weighted.map(({ name }) => name),
    means,
  );
  for (const { name, weights } of weighted) {
    if (!names.includes(name) || weights.format === 'None' || zeroCode(weights.format) !== undefined) continue;
    refuseAction(
      means,
      `layer '${name}' has the format ${weights.format}, which has no 0: single weights of it cannot be pruned. Prune of: 'neurons', name other 'layers', or use one of the formats ${formatsWithZero().join(', ')}.`,
    );
  }
  return { groups: [], prunable: (network) => names.map((name) => blocksOf(network, name, block)) };
}

/** @throws TrainerError `invalid-config` where channels of a layer cannot be taken away */
function neuronsToPrune({ layers, block }: Spec, means: ActionMeans): Selection {
  if (block !== 1) refuseAction(means, `'block' is ${block}, and neurons are pruned as a whole. Leave it out.`);
  const paths = channelPaths(means.network.spec);
  const groups = paths.flatMap((path) => ('obstacle' in path ? [] : [path]));
  for (const path of paths) {
    if (!('obstacle' in path) || !layers?.includes(path.layer)) continue;
    refuseAction(
      means,
      `neurons of the layer '${path.layer}' cannot be pruned: ${path.obstacle}. Name other 'layers'.`,
    );
  }
  if (groups.length === 0) {
    const [first] = paths;
    const why = first && 'obstacle' in first ? `, for example those of '${first.layer}': ${first.obstacle}` : '';
    refuseAction(means, `no neurons of this network can be pruned${why}. Prune of: 'weights'.`);
  }
  const names = chosen(
    layers,
    groups.map(({ layer }) => layer),
    means,
  );
  const named = groups.filter(({ layer }) => names.includes(layer));
  return { groups: named, prunable: (network) => named.map((group) => channelsOf(network, group)) };
}

function chosen(
  wanted: readonly string[] | undefined,
  known: readonly string[],
  means: ActionMeans,
): readonly string[] {
  const unknown = wanted?.find((name) => !known.includes(name));
  if (unknown === undefined) return wanted ?? known;
  const nearest = nearestName(unknown, known);
  refuseAction(
    means,
    `there is no layer '${unknown}' that can be pruned; ${nearest === undefined ? `there are ${known.join(', ')}` : `did you mean '${nearest}'?`}`,
  );
}

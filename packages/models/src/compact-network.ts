// Pruned neurons and channels vanish: a trained network → a smaller one that gives the same.
import { type ChannelBlocks, channelGroups } from './channel-groups.js';
import type { NetworkSpec } from './network-spec.js';
import { inferShapes, isWeighted, weightDimensions } from './shapes.js';
import type { TrainedNetwork } from './trained-network.js';

/** Whether any weight of a network is masked. */
export function isMasked({ parameters }: Pick<TrainedNetwork, 'parameters'>): boolean {
  return Object.entries(parameters).some(([key, values]) => key.endsWith('.mask') && values.includes(0));
}

/**
 * The network without the neurons and channels whose weights are all masked, and without the weights that read them. Its integers are the same ones:
 * such a channel is 0 for every sample, adds nothing to any sum and is never the largest magnitude. Masks of what is left stay, where they have zeros.
 * The same object where there is nothing to take away.
 * @param trained passed validateTrainedNetwork
 */
export function compactNetwork(trained: TrainedNetwork): TrainedNetwork {
  if (!isMasked(trained)) return trained;
  const removed = removedBlocks(trained);
  const layers: NetworkSpec['layers'] = [];
  const parameters: Record<string, Float32Array> = { ...trained.parameters };
  for (const { layer, inputShapes } of inferShapes(trained.spec)) {
    if (!isWeighted(layer)) {
      layers.push(layer);
      continue;
    }
    const { outputs, perOutput, groups } = weightDimensions(layer, inputShapes[0]!);
    const rows = keptOf(outputs, removed.rows.get(layer.name));
    const columns = keptOf(perOutput, removed.columns.get(layer.name));
    for (const key of ['weight', 'mask'].map((name) => `${layer.name}.${name}`)) {
      const values = parameters[key];
      if (values)
        parameters[key] = Float32Array.from(
          rows.flatMap((row) => columns.map((column) => values[row * perOutput + column]!)),
        );
    }
    for (const key of ['bias', 'clip', 'bits', 'exponent'].map((name) => `${layer.name}.${name}`)) {
      const values = parameters[key];
      if (values?.length === outputs) parameters[key] = Float32Array.from(rows, (row) => values[row]!);
    }
    const mask = parameters[`${layer.name}.mask`];
    if (mask && !mask.includes(0)) delete parameters[`${layer.name}.mask`];
    if (layer.type === 'linear') {
      layers.push({ ...layer, outputs: rows.length });
    } else {
      const grouped = groups > 1 && layer.groups !== 'depthwise';
      layers.push({ ...layer, channels: rows.length, ...(grouped && { groups: (groups * rows.length) / outputs }) });
    }
  }
  return { ...trained, spec: { ...trained.spec, layers }, parameters };
}

type Removed = Map<string, { readonly size: number; readonly channels: ReadonlySet<number> }>;

function removedBlocks({ spec, parameters }: TrainedNetwork): { readonly rows: Removed; readonly columns: Removed } {
  const [rows, columns]: [Removed, Removed] = [new Map(), new Map()];
  for (const group of channelGroups(spec)) {
    const dead = Array.from({ length: group.channels }, (_, channel) => channel).filter((channel) =>
      group.rows.every((block) => isSilent(parameters, block, channel, group.channels)),
    );
    // A layer without outputs would be none.
    if (dead.length === group.channels) dead.shift();
    if (dead.length === 0) continue;
    const channels = new Set(dead);
    for (const { layer, size } of group.rows) rows.set(layer, { size, channels });
    for (const { layer, size } of group.columns) columns.set(layer, { size, channels });
  }
  return { rows, columns };
}

/** Whether a block of rows has no weight and no bias left. */
function isSilent(
  parameters: TrainedNetwork['parameters'],
  { layer, size }: ChannelBlocks,
  channel: number,
  channels: number,
): boolean {
  const mask = parameters[`${layer}.mask`];
  if (mask === undefined) return false;
  const width = mask.length / channels;
  const bias = parameters[`${layer}.bias`]?.subarray(channel * size, (channel + 1) * size);
  return (
    mask.subarray(channel * width, (channel + 1) * width).every((value) => value === 0) &&
    (bias?.every((value) => value === 0) ?? true)
  );
}

function keptOf(
  count: number,
  removed: { readonly size: number; readonly channels: ReadonlySet<number> } | undefined,
): number[] {
  const all = Array.from({ length: count }, (_, i) => i);
  return removed === undefined ? all : all.filter((i) => !removed.channels.has(Math.floor(i / removed.size)));
}

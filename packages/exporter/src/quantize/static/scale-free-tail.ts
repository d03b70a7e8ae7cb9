// Where a norm gives every sample a scale of its own, what follows can have no fixed one: it has to be scale-free up to the logits. An RMS
// norm can do without: its output has a scale that is known, whatever the sample, and what needs scales may stand behind it.
import { consumersOf, type FloatLayer, type FloatNetwork, isFloatWeighted } from '../../float/float-network.js';

export interface SplitNetwork {
  /** Layers with fixed scales, and the norms that end them. */
  readonly body: FloatNetwork;
  /** The layers behind those norms; empty where there are none. */
  readonly tail: readonly FloatLayer[];
}

export function splitTail(network: FloatNetwork): SplitNetwork {
  const needing = leadToObstacles(network.layers);
  const normalized = new Set<string>();
  const body: FloatLayer[] = [];
  const tail: FloatLayer[] = [];
  for (const layer of network.layers) {
    const behind = layer.inputs.some((name) => normalized.has(name));
    const keepsScale = layer.op === 'dynamicNorm' && layer.norm === 'rms' && needing.has(layer.name);
    if (behind || (layer.op === 'dynamicNorm' && !keepsScale)) normalized.add(layer.name);
    (behind ? tail : body).push(layer);
  }
  return { body: { ...network, layers: body }, tail };
}

/** Layers behind which something needs a fixed scale. */
function leadToObstacles(layers: readonly FloatLayer[]): ReadonlySet<string> {
  const consumers = consumersOf(layers);
  const needing = new Set<string>();
  for (const { name } of layers.toReversed()) {
    const readers = consumers.get(name) ?? [];
    if (readers.some((reader) => needing.has(reader.name) || tailObstacle(reader))) needing.add(name);
  }
  return needing;
}

/** Why a layer cannot stand behind a norm, or undefined. */
export function tailObstacle(layer: FloatLayer): { layer: string; reason: string } | undefined {
  const obstacle = (reason: string) => ({ layer: layer.nodes[0] ?? layer.name, reason });
  if (isFloatWeighted(layer) && layer.bias?.some((bias) => bias !== 0)) return obstacle('has a bias');
  if (layer.op === 'add') return obstacle('adds two tensors');
  if (layer.op === 'topGroups') return obstacle('chooses among channels');
  if (layer.op === 'activation') return obstacle('applies a function that depends on the scale of its input');
  if (layer.op === 'relu' && layer.limit < Number.POSITIVE_INFINITY) return obstacle('has a limit');
  return undefined;
}

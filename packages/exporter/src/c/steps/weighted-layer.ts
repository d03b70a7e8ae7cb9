// The names and sizes of layers with weights, as steps with the tables of one node have them.
import type { LayerTables } from '@bitnetmcu/mcu-runtime/internal';
import type { WeightedNode } from '@bitnetmcu/models/internal';
import { cComment } from '../c-text.js';
import type { CLayer, LayerSite } from './c-step.js';

/** The layer of a node. */
export function weightedLayer(node: WeightedNode, site: LayerSite): CLayer {
  const description = `${layerShape(node)}, ${node.weights.format}`;
  return { identifier: site.identifier(node.name), name: cComment(node.name), description };
}

/** The extents of a node's weights, for comments. */
export function layerShape(node: WeightedNode): string {
  if (node.op === 'linear') return `${node.inFeatures} -> ${node.outFeatures}`;
  const { inChannels, outChannels, kernel, groups } = node;
  const grouping =
    groups === 1 ? '' : groups === inChannels && groups === outChannels ? ', depthwise' : `, ${groups} groups`;
  return `${inChannels} -> ${outChannels} channels, ${kernel.join('x')}${grouping}`;
}

/** Bytes of weights, output shifts and biases. */
export function weightTableBytes({ weights, outputShifts, bias }: LayerTables): number {
  return weights.length + (outputShifts?.length ?? 0) + 4 * (bias?.length ?? 0);
}

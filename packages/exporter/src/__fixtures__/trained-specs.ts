// Small networks by their layers, and what quantization makes of them.
import type { NetworkSpecInput, QuantizedNode, TrainedNetwork } from '@bitnetmcu/models';
import { ExporterError } from '../errors.js';
import { quantize } from '../quantize.js';

export type LayerInput = NetworkSpecInput['layers'][number];

export const relu = (name: string): LayerInput => ({ type: 'activation', name, function: 'relu' });
export const conv = (name: string, options: object = {}): LayerInput => ({
  type: 'conv2d',
  name,
  channels: 2,
  weights: { format: '8bit' },
  ...options,
});
export const linear = (name: string, outputs: number, options: object = {}): LayerInput => ({
  type: 'linear',
  name,
  outputs,
  weights: { format: '4bitsym' },
  ...options,
});

export function spec(shape: readonly number[], ...layers: LayerInput[]): NetworkSpecInput {
  return { name: 'net', input: { shape: shape as [number] }, layers };
}

/** Names and operations of the nodes in order. */
export function outline(trained: TrainedNetwork): string[] {
  return quantize(trained).model.nodes.map(
    (node) => `${node.name} ${node.op}${node.op === 'reluShift' ? ` ${node.shift}` : ''}`,
  );
}

export function failure(trained: TrainedNetwork): ExporterError {
  try {
    quantize(trained).model;
  } catch (error) {
    if (error instanceof ExporterError) return error;
    throw error;
  }
  throw new Error('the network was accepted');
}

export const nodeNamed = (nodes: readonly QuantizedNode[], name: string) => nodes.find((node) => node.name === name)!;

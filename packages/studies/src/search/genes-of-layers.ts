// Genes of convolutions and of linear layers, which the spaces of all kinds of samples share.
import { type Dimension, type Genes, geneValue, type Space } from '../samplers/space.js';
import type { ConvolutionBlock, LayerStack } from './layer-stack.js';
import { FORMATS, type SearchedFormat } from './network-space.js';

export interface ConvolutionGenes {
  /** Convolutions at most. */
  readonly depth: number;
  readonly mostChannels: number;
  readonly kernels: readonly number[];
  readonly strides: readonly number[];
}

/** Genes of convolutions: any of them may be missing. */
export function convolutionSpace({ depth, mostChannels, kernels, strides }: ConvolutionGenes): Space {
  const dimensions: [string, Dimension][] = [];
  for (let k = 1; k <= depth; k++) {
    dimensions.push(
      [`conv${k}`, { kind: 'choice', values: ['none', 'all', 'depthwise'] }],
      [`channels${k}`, { kind: 'integer', min: 2, max: mostChannels, log: true }],
      [`kernel${k}`, { kind: 'choice', values: kernels }],
      [`stride${k}`, { kind: 'choice', values: strides }],
      [`pool${k}`, { kind: 'choice', values: ['none', 'max', 'mean'] }],
      [`format${k}`, { kind: 'choice', values: FORMATS }],
    );
  }
  return Object.fromEntries(dimensions);
}

/** Genes of hidden linear layers and of the output's format. */
export function linearSpace(depth: number, mostOutputs: number): Space {
  const dimensions: [string, Dimension][] = [
    ['hidden', { kind: 'integer', min: 0, max: depth }],
    ['outputFormat', { kind: 'choice', values: FORMATS }],
  ];
  for (let k = 1; k <= depth; k++) {
    dimensions.push(
      [`width${k}`, { kind: 'integer', min: 4, max: mostOutputs, log: true }],
      [`linearFormat${k}`, { kind: 'choice', values: FORMATS }],
    );
  }
  return Object.fromEntries(dimensions);
}

/** Reads the value of a gene by its name. */
export type ReadGene = <T extends string | number | boolean>(name: string) => T;

export function readerOf(space: Space, genes: Genes): ReadGene {
  return <T extends string | number | boolean>(name: string) => geneValue(space[name]!, genes[name]!) as T;
}

export function addConvolutions(stack: LayerStack, read: ReadGene, depth: number, width: number): void {
  for (let k = 1; k <= depth; k++) {
    const groups = read<'none' | ConvolutionBlock['groups']>(`conv${k}`);
    if (groups === 'none') continue;
    stack.convolve({
      groups,
      channels: Math.max(2, Math.round(width * read<number>(`channels${k}`))),
      kernel: read(`kernel${k}`),
      stride: read(`stride${k}`),
      pool: read(`pool${k}`),
      format: read(`format${k}`),
    });
  }
}

export function addLinear(stack: LayerStack, read: ReadGene, outputs: number, width: number): void {
  for (let k = 1; k <= read<number>('hidden'); k++) {
    stack.hidden(Math.max(2, Math.round(width * read<number>(`width${k}`))), read<SearchedFormat>(`linearFormat${k}`));
  }
  stack.linear(outputs, read('outputFormat'));
}

// The search space over networks and recipes for one kind of samples: its genes, and the configuration that a point of it stands for.
import type { NetworkSpec, Shape } from '@bitnetmcu/models';
import type { TrainingConfigInput } from '@bitnetmcu/trainer';
import type { Genes, Space } from '../samplers/space.js';

/** What is known of the data before a network is made for them. */
export interface SearchedData {
  /** Of one sample. */
  readonly shape: Shape;
  /** Outputs that the network is to have. */
  readonly outputs: number;
  /** Samples that are trained with. */
  readonly trained: number;
}

export interface NetworkSpace {
  readonly space: Space;
  /** Points that are tried first, as they are good on other data. */
  readonly start: readonly Genes[];
  /**
   * The network of a point: what cannot be (a kernel larger than its input, say) is made possible, so that every point is some network.
   * @param width factor of all channels and widths, at most 1
   */
  network(genes: Genes, width: number): NetworkSpec;
  /** Optimizer, epochs, augmentation and the like. */
  recipe(genes: Genes): TrainingConfigInput;
}

/** Weight formats from few bits to many. */
export const FORMATS = ['Binary', 'Ternary', '2bitsym', '3bitsym', '4bitsym', '8bit'] as const;

export type SearchedFormat = (typeof FORMATS)[number];

/** Genes as they are written by people: values in place of positions, of numbers the nearest there is; what is left out is the first or the least. */
export function genesOf(space: Space, values: Readonly<Record<string, string | number>>): Genes {
  return Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => {
      const value = values[name];
      if (dimension.kind !== 'choice') {
        const { min, max } = dimension;
        return [name, value === undefined ? min : Math.min(max, Math.max(min, Number(value)))];
      }
      if (typeof value !== 'number') return [name, value === undefined ? 0 : dimension.values.indexOf(value)];
      const distances = dimension.values.map((one) => Math.abs(Number(one) - value));
      return [name, distances.indexOf(Math.min(...distances))];
    }),
  );
}

// The fully connected networks that the reported figures are of: 16×16 pixels, three hidden layers of one width.
import type { NetworkSpecInput } from '@bitnetmcu/models';
import type { FormatName } from '@bitnetmcu/quant';

type Layer = NetworkSpecInput['layers'][number];
type Linear = Extract<Layer, { type: 'linear' }>;

export interface DenseOptions {
  /** Neurons of the hidden layers; default 48, 48, 48. */
  readonly hidden?: readonly number[];
  /** Of all layers, or of each, the last one for all that follow; default 4bitsym. */
  readonly format?: FormatName | readonly FormatName[];
  readonly activation?: Extract<Layer, { type: 'activation' }>['function'];
  /** Anything else of a linear layer, by its number from 0. */
  readonly linear?: (index: number, layers: number) => LinearOptions;
}

/** Its weights are merged with those of the format. */
export type LinearOptions = Partial<Omit<Linear, 'type' | 'name' | 'outputs' | 'weights'>> & {
  readonly weights?: Partial<Linear['weights']>;
};

/** A chain of linear layers `fc1`, `fc2`, … on 256 pixels with an activation after each but the last. */
export function dense(options: DenseOptions = {}): NetworkSpecInput {
  const {
    hidden = [48, 48, 48],
    format = '4bitsym',
    activation = 'relu',
    linear = (): LinearOptions => ({}),
  } = options;
  const formats = typeof format === 'string' ? [format] : format;
  const sizes = [...hidden, 10];
  return {
    name: `fc-${hidden.join('-')}`,
    input: { shape: [256] },
    layers: sizes.flatMap((outputs, k): Layer[] => {
      const own = linear(k, sizes.length);
      const weights = { format: formats[Math.min(k, formats.length - 1)]!, ...own.weights };
      const layer: Linear = { ...own, type: 'linear', name: `fc${k + 1}`, outputs, weights };
      const last = k === sizes.length - 1;
      return last ? [layer] : [layer, { type: 'activation', name: `act${k + 1}`, function: activation }];
    }),
  };
}

/** As the reported figures were made: 48-48-48 for 30 epochs. */
export const REPORTED_48 = { network: dense(), epochs: 30 } as const;
/** 64-64-64 for 20 epochs. */
export const REPORTED_64 = { network: dense({ hidden: [64, 64, 64] }), epochs: 20 } as const;

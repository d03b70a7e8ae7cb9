// Layers one after another, made possible as they come: kernels no larger than maps, channels that depthwise convolutions can have.
import type { NetworkSpecInput } from '@bitnetmcu/models';
import type { SearchedFormat } from './network-space.js';

export type LayerInput = NetworkSpecInput['layers'][number];
type Maps = readonly [channels: number, height: number, width: number];

export interface ConvolutionBlock {
  readonly groups: 'all' | 'depthwise';
  readonly channels: number;
  readonly kernel: number;
  readonly stride: number;
  readonly pool: 'none' | 'max' | 'mean';
  readonly format: SearchedFormat;
}

/** How layers are quantized: by each sample's own scale, or by static scales with biases, where the size of a value counts. */
export type Scales = 'scale-free' | 'static';

/** Of 8 bits nothing of a normal distribution is cut off at 6 mean magnitudes; fewer bits want a clip that is learned or searched for. */
const WIDE = { method: 'proportional', factor: 6 } as const;

export class LayerStack {
  readonly layers: LayerInput[] = [];
  #maps: Maps;
  #convolutions = 0;
  #linear = 0;

  constructor(
    input: Maps,
    private readonly scales: Scales,
    private readonly clipping: 'learned' | 'octav',
  ) {
    this.#maps = input;
  }

  get maps(): Maps {
    return this.#maps;
  }

  /** Cuts so many pixels off every side, as far as half of the map is left. */
  crop(margin: number): void {
    const [channels, height, width] = this.#maps;
    const [top, left] = [height, width].map((side) => Math.min(margin, Math.floor(side / 4))) as [number, number];
    if (top + left === 0) return;
    const maps: Maps = [channels, height - 2 * top, width - 2 * left];
    this.layers.push({ type: 'crop', name: 'crop', top, left, height: maps[1], width: maps[2] });
    this.#maps = maps;
  }

  /** A convolution, ReLU and pool. */
  convolve({ groups, channels, kernel, stride, pool, format }: ConvolutionBlock): void {
    const [inChannels, height, width] = this.#maps;
    const outChannels = groups === 'depthwise' ? inChannels * Math.max(1, Math.round(channels / inChannels)) : channels;
    const kernels: [number, number] = [Math.min(kernel, height), Math.min(kernel, width)];
    const strides: [number, number] = [Math.min(stride, height), Math.min(stride, width)];
    const name = `conv${++this.#convolutions}`;
    this.layers.push(
      {
        type: 'conv2d',
        name,
        channels: outChannels,
        kernel: kernels,
        stride: strides,
        ...(groups === 'depthwise' && { groups: 'depthwise' }),
        weights: this.#weights(format),
        activationQuantizer: this.#convolutionReads(groups),
        ...(this.scales === 'static' && { bias: true }),
      },
      { type: 'activation', name: `${name}_relu`, function: 'relu' },
    );
    const position = (side: number, axis: 0 | 1) => Math.floor((side - kernels[axis]) / strides[axis]) + 1;
    this.#maps = [outChannels, position(height, 0), position(width, 1)];
    if (pool !== 'none') this.pool(`pool${this.#convolutions}`, pool, 2, 2);
  }

  pool(name: string, kind: 'max' | 'mean', size: number, stride: number): void {
    const [channels, height, width] = this.#maps;
    const sizes: [number, number] = [Math.min(size, height), Math.min(size, width)];
    if (sizes[0] * sizes[1] === 1) return;
    const strides: [number, number] = [Math.min(stride, height), Math.min(stride, width)];
    this.layers.push({ type: kind === 'max' ? 'maxPool2d' : 'avgPool2d', name, size: sizes, stride: strides });
    const position = (side: number, axis: 0 | 1) => Math.floor((side - sizes[axis]) / strides[axis]) + 1;
    this.#maps = [channels, position(height, 0), position(width, 1)];
  }

  /** Makes a vector of maps. */
  flatten(): void {
    this.layers.push({ type: 'flatten', name: 'flatten' });
  }

  linear(outputs: number, format: SearchedFormat): void {
    const isFirst = this.layers.length === 0;
    this.layers.push({
      type: 'linear',
      name: `fc${++this.#linear}`,
      outputs,
      weights: this.#weights(format),
      ...(this.scales === 'static'
        ? { norm: 'none', activationQuantizer: isFirst ? 'none' : 'max-abs', bias: true }
        : { activationQuantizer: 'shift' }),
    });
  }

  /** A linear layer with ReLU. */
  hidden(outputs: number, format: SearchedFormat): void {
    this.linear(outputs, format);
    this.layers.push({ type: 'activation', name: `relu${this.#linear}`, function: 'relu' });
  }

  dropout(rate: number): void {
    if (rate > 0) this.layers.push({ type: 'dropout', name: 'dropout', rate });
  }

  /** A depthwise convolution goes on within its channel, which small parts compute with one channel's maps at a time; others want 8 bits. */
  #convolutionReads(groups: ConvolutionBlock['groups']): 'none' | 'shift' | 'max-abs' {
    if (this.#convolutions === 1) return 'none';
    if (this.scales === 'static') return 'max-abs';
    return groups === 'depthwise' ? 'none' : 'shift';
  }

  #weights(format: SearchedFormat): Extract<LayerInput, { type: 'linear' }>['weights'] {
    return { format, clipping: format === '8bit' ? WIDE : { method: this.clipping } };
  }
}

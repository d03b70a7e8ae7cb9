// The preset networks by name. A preset is one entry of this table.
import { unknownName } from '@bitnetmcu/quant/internal';
import { ModelError } from '../errors.js';
import type { NetworkSpec, NetworkSpecInput } from '../network-spec.js';
import { parseNetworkSpec } from '../parse-network-spec.js';
import type { Shape } from '../tensor-shape.js';
import { convolutional } from './convolutional.js';
import { fullyConnected } from './fully-connected.js';
import { image } from './images.js';
import { convolutionStack, filterBank } from './signals.js';
import { table } from './tables.js';

export interface PresetOptions {
  /** Outputs of the network; 10 unless given (EMNIST: letters 26, balanced 47). */
  readonly classes?: number;
  /**
   * Shape of the samples, for the presets that are made for it (`table-…`, `signal-…`, `image-…`); the others have an input of their own, which
   * images are brought to. Default: the preset's own example.
   */
  readonly inputShape?: Shape;
}

export interface Preset {
  /** One sentence for tables and help. */
  readonly description: string;
  /** Bytes of packed weights with 10 classes, and where the input is that of the samples, with `exampleShape`. */
  readonly weightBytes: number;
  /** What samples it is made for; only where its input takes their shape. */
  readonly samples?: 'table' | 'signal' | 'image';
  readonly build: (classes: number, inputShape?: Shape) => NetworkSpecInput;
}

/** Samples that own-data presets are sized for in tables of the documentation. */
const EXAMPLE_ROW: Shape = [16];
const EXAMPLE_WINDOW: Shape = [3, 1, 64];
const EXAMPLE_IMAGE: Shape = [3, 32, 32];

/** All presets; `weightBytes` with 10 classes. Sizes as published for the original project (kB there is sometimes 1000, sometimes 1024 bytes). */
export const presets = {
  'fc-1k': {
    description: 'Fully connected 16-16, 2 bits: the smallest',
    weightBytes: 1_128,
    build: (classes) => fullyConnected('fc-1k', [16, 16], classes, '2bitsym'),
  },
  'fc-12k': {
    description: 'Fully connected 64-64-64, 4 bits: no multiplication needed, the demo network',
    weightBytes: 12_608,
    build: (classes) => fullyConnected('fc-12k', [64, 64, 64], classes, '4bitsym'),
  },
  'fc-12k-fp130': {
    description: 'Fully connected 64-64-64, powers of two: shifts instead of multiplications',
    weightBytes: 12_608,
    build: (classes) => fullyConnected('fc-12k-fp130', [64, 64, 64], classes, 'FP130'),
  },
  'fc-12k-binary': {
    description: 'Fully connected 176-160-160, 1 bit: as much flash as fc-12k',
    weightBytes: 12_552,
    build: (classes) => fullyConnected('fc-12k-binary', [176, 160, 160], classes, 'Binary'),
  },
  'fc-12k-ternary': {
    description: 'Fully connected 128-128-112, ternary: as much flash as fc-12k',
    weightBytes: 13_126,
    build: (classes) => fullyConnected('fc-12k-ternary', [128, 128, 112], classes, 'Ternary'),
  },
  'fc-12k-2bit': {
    description: 'Fully connected 112-96-96, 2 bits: as much flash as fc-12k',
    weightBytes: 12_400,
    build: (classes) => fullyConnected('fc-12k-2bit', [112, 96, 96], classes, '2bitsym'),
  },
  'fc-12k-8bit': {
    description: 'Fully connected 40-32-32, 8 bits: as much flash as fc-12k',
    weightBytes: 12_864,
    build: (classes) => fullyConnected('fc-12k-8bit', [40, 32, 32], classes, '8bit'),
  },
  'cnn-16-small': {
    description: 'Convolutional, 16 channels, linear 64-48',
    weightBytes: 3_232,
    build: (classes) => convolutional('cnn-16-small', 16, [64, 48], classes, '2bitsym'),
  },
  'cnn-16': {
    description: 'Convolutional, 16 channels, linear 96-64',
    weightBytes: 5_360,
    build: (classes) => convolutional('cnn-16', 16, [96, 64], classes, '2bitsym'),
  },
  'cnn-32': {
    description: 'Convolutional, 32 channels, linear 96-64',
    weightBytes: 7_328,
    build: (classes) => convolutional('cnn-32', 32, [96, 64], classes, '2bitsym'),
  },
  'cnn-48': {
    description: 'Convolutional, 48 channels, linear 96-64',
    weightBytes: 9_296,
    build: (classes) => convolutional('cnn-48', 48, [96, 64], classes, '2bitsym'),
  },
  'cnn-64': {
    description: 'Convolutional, 64 channels, linear 96-64',
    weightBytes: 11_264,
    build: (classes) => convolutional('cnn-64', 64, [96, 64], classes, '2bitsym'),
  },
  'cnn-80-ternary': {
    description: 'Convolutional, 80 channels, linear 96-64, the first one ternary',
    weightBytes: 11_696,
    build: (classes) => convolutional('cnn-80-ternary', 80, [96, 64], classes, 'Ternary'),
  },
  'cnn-96-ternary': {
    description: 'Convolutional, 96 channels, linear 96-64, the first one ternary',
    weightBytes: 13_376,
    build: (classes) => convolutional('cnn-96-ternary', 96, [96, 64], classes, 'Ternary'),
  },
  'table-s': {
    description: 'Rows of a table: one hidden layer of 16, 4 bits',
    weightBytes: 312,
    samples: 'table',
    build: (classes, shape = EXAMPLE_ROW) => table('table-s', [16], classes, shape, '4bitsym'),
  },
  'table-m': {
    description: 'Rows of a table: one hidden layer of 32, 8 bits',
    weightBytes: 1_000,
    samples: 'table',
    build: (classes, shape = EXAMPLE_ROW) => table('table-m', [32], classes, shape, '8bit'),
  },
  'table-l': {
    description: 'Rows of a table: two hidden layers of 64, 8 bits',
    weightBytes: 6_312,
    samples: 'table',
    build: (classes, shape = EXAMPLE_ROW) => table('table-l', [64, 64], classes, shape, '8bit'),
  },
  'signal-s': {
    description: 'Windows of signals: about 8 filters over time at 12 positions, one hidden layer of 16, 4 bits',
    weightBytes: 1_129,
    samples: 'signal',
    build: (classes, shape = EXAMPLE_WINDOW) =>
      filterBank('signal-s', { filters: 8, positions: 12, hidden: 16, format: '4bitsym' }, classes, shape),
  },
  'signal-m': {
    description: 'Windows of signals: about 16 filters over time at 16 positions, one hidden layer of 32, 4 bits',
    weightBytes: 3_823,
    samples: 'signal',
    build: (classes, shape = EXAMPLE_WINDOW) =>
      filterBank('signal-m', { filters: 16, positions: 16, hidden: 32, format: '4bitsym' }, classes, shape),
  },
  'signal-l': {
    description: 'Windows of signals: three convolutions of 24, 32 and 32 channels, 8 bits; slow without a multiplier',
    weightBytes: 11_280,
    samples: 'signal',
    build: (classes, shape = EXAMPLE_WINDOW) =>
      convolutionStack('signal-l', { channels: [24, 32, 32], memory: 8000, format: '8bit' }, classes, shape),
  },
  'image-s': {
    description: 'Images of any size: at most 16 pixels a side (12 in colour), convolutions 10-16',
    weightBytes: 1_148,
    samples: 'image',
    build: (classes, shape = EXAMPLE_IMAGE) =>
      image('image-s', { side: { grey: 16, colour: 12 }, channels: [10, 16] }, classes, shape),
  },
  'image-m': {
    description: 'Images of any size: at most 20 pixels a side (16 in colour), convolutions 16-24-32',
    weightBytes: 3_768,
    samples: 'image',
    build: (classes, shape = EXAMPLE_IMAGE) =>
      image('image-m', { side: { grey: 20, colour: 16 }, channels: [16, 24, 32] }, classes, shape),
  },
  'image-l': {
    description: 'Images of any size: at most 32 pixels a side, convolutions 24-32-48; more than 2 kB of RAM',
    weightBytes: 8_368,
    samples: 'image',
    build: (classes, shape = EXAMPLE_IMAGE) =>
      image('image-l', { side: { grey: 32, colour: 32 }, channels: [24, 32, 48] }, classes, shape),
  },
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof presets;

/**
 * Names of all presets, in the table's order.
 *
 * @example
 * ```ts
 * import { buildPreset, PRESET_NAMES, summarizeSpec } from '@bitnetmcu/models';
 *
 * for (const name of PRESET_NAMES) console.log(name, summarizeSpec(buildPreset(name)).total.bytes);
 * ```
 */
export const PRESET_NAMES = Object.keys(presets) as PresetName[];

/**
 * Builds a preset network.
 * @throws ModelError `unknown-preset` with the nearest name; `invalid-option` for an option that there is not; `invalid-spec` for an impossible number of classes.
 *
 * @example
 * ```ts
 * import { buildPreset } from '@bitnetmcu/models';
 *
 * const spec = buildPreset('fc-12k');
 * const forLetters = buildPreset('fc-12k', { classes: 26 });
 * const forWindows = buildPreset('signal-m', { classes: 3, inputShape: [3, 1, 64] });
 * ```
 */
export function buildPreset(name: string, options: PresetOptions = {}): NetworkSpec {
  if (!Object.hasOwn(presets, name)) {
    throw new ModelError('unknown-preset', unknownName('preset', name, PRESET_NAMES));
  }
  const unknown = Object.keys(options).find((key) => !OPTIONS.includes(key));
  if (unknown !== undefined) {
    throw new ModelError('invalid-option', unknownName('option of a preset', unknown, OPTIONS));
  }
  const { build }: Preset = presets[name as PresetName];
  return parseNetworkSpec(build(options.classes ?? 10, options.inputShape));
}

const OPTIONS: readonly string[] = ['classes', 'inputShape'] satisfies (keyof PresetOptions)[];

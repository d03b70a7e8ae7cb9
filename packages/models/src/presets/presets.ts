// The preset networks by name. A preset is one entry of this table.
import { unknownName } from '@bitnetmcu/quant/internal';
import { ModelError } from '../errors.js';
import type { NetworkSpec, NetworkSpecInput } from '../network-spec.js';
import { parseNetworkSpec } from '../parse-network-spec.js';
import { convolutional } from './convolutional.js';
import { fullyConnected } from './fully-connected.js';

export interface PresetOptions {
  /** Outputs of the network; 10 unless given (EMNIST: letters 26, balanced 47). */
  readonly classes?: number;
}

export interface Preset {
  /** One sentence for tables and help. */
  readonly description: string;
  /** Bytes of packed weights with 10 classes. */
  readonly weightBytes: number;
  readonly build: (classes: number) => NetworkSpecInput;
}

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
 * ```
 */
export function buildPreset(name: string, options: PresetOptions = {}): NetworkSpec {
  if (!Object.hasOwn(presets, name)) {
    throw new ModelError('unknown-preset', unknownName('preset', name, PRESET_NAMES));
  }
  const unknown = Object.keys(options).find((key) => key !== 'classes');
  if (unknown !== undefined) {
    throw new ModelError('invalid-option', unknownName('option of a preset', unknown, ['classes']));
  }
  return parseNetworkSpec(presets[name as PresetName].build(options.classes ?? 10));
}

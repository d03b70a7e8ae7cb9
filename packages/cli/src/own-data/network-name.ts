// The name of a network that is trained from own data with a preset made for them: that of the data, so that C says `iris_classify_raw`.
import { basename, dirname, resolve } from 'node:path';
import { namesFromFile, type Preset, type PresetName, presets } from '@bitnetmcu/models/internal';
import type { TrainingConfig } from '@bitnetmcu/trainer';
import type { DataSpec } from '@bitnetmcu/trainer/internal';

/** Folders and files of a part: what they are a part of has the name. */
const PART_NAME = /^(train|training)(\.\w+)?$/i;

/**
 * Undefined where the network keeps its own name: a spec, a preset for all samples, a data set that is not the user's.
 * @param path what was named as the data; default: the training part in the configuration
 */
export function ownNetworkName({ network, data }: TrainingConfig, path = placeOf(data)): string | undefined {
  if (typeof network !== 'string' || path === undefined) return undefined;
  const { samples }: Preset = presets[network as PresetName];
  if (samples === undefined) return undefined;
  const place = resolve(path);
  return namesFromFile(PART_NAME.test(basename(place)) ? dirname(place) : place).name;
}

function placeOf(data: DataSpec): string | undefined {
  switch (data.kind) {
    case 'mnist':
    case 'fashion-mnist':
    case 'emnist':
      return undefined;
    case 'idx':
    case 'npy':
      return data.trainImages;
    case 'folder':
    case 'recordings':
    case 'csv':
    case 'csv-folder':
      return data.train;
    default:
      return data.path;
  }
}

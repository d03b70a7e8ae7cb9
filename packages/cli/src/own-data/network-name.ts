// The name of a network that is trained from own data with a preset made for them: that of the data, so that C says `iris_classify_raw`.
import { namesFromFile, type Preset, type PresetName, presets } from '@bitnetmcu/models/internal';
import type { TrainingConfig } from '@bitnetmcu/trainer';
import { placeOf } from '@bitnetmcu/trainer/internal';

/**
 * Undefined where the network keeps its own name: a spec, a preset for all samples, a data set that is not the user's.
 * @param path what was named as the data; default: the training part in the configuration
 */
export function ownNetworkName({ network, data }: TrainingConfig, path?: string): string | undefined {
  if (typeof network !== 'string') return undefined;
  const place = placeOf(path === undefined ? data : { kind: 'folder', train: path });
  const { samples }: Preset = presets[network as PresetName];
  if (place === undefined || samples === undefined) return undefined;
  return namesFromFile(place).name;
}

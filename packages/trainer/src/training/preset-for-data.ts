// A preset with the outputs that the task of a data set wants.
import { buildPreset, type NetworkSpec, type Shape } from '@bitnetmcu/models';
import { elementCount, type Preset, type PresetName, presets } from '@bitnetmcu/models/internal';
import type { Dataset } from '../data/dataset.js';
import { TrainerError } from '../errors.js';
import { type ReadSamples, smallerSamples } from './smaller-samples.js';

/** Pixels a side. */
const SMALL_SIDE = { grey: 16, colour: 10 } as const;
/** Outputs that a network may have. */
const MOST_OUTPUTS = 4096;

/**
 * An output a class, value or label; for anomalies an output a value that the network reads, which of images are those of the image made smaller.
 * @throws TrainerError `invalid-data` where samples have more values than can be given back; ModelError as `buildPreset`
 */
export function presetForData(
  preset: string,
  data: Pick<Dataset, 'shape' | 'labels' | 'output'> & ReadSamples & { readonly name?: string },
): NetworkSpec {
  const { name, shape, labels, output } = data;
  if (output?.task !== 'anomaly') return buildPreset(preset, { classes: labels.length, inputShape: shape });
  const small = smallImage(shape);
  const inputShape = (presets[preset as PresetName] as Preset | undefined)?.samples === 'table' ? small : shape;
  const read = elementCount(buildPreset(preset, { inputShape }).input.shape);
  if (read > MOST_OUTPUTS) {
    throw new TrainerError(
      'invalid-data',
      `${name === undefined ? 'A' : `${name}: a`} network for anomalies gives back all ${read} values of a sample, and at most ${MOST_OUTPUTS} are possible. ${smallerSamples(data, MOST_OUTPUTS, elementCount(small))}`,
    );
  }
  return withPlainOutputs(buildPreset(preset, { classes: read, inputShape }));
}

/** The values of an image that a network of linear layers can give back: a square of it made smaller, of all channels. Other samples stay as they are. */
function smallImage(shape: Shape): Shape {
  if (shape.length !== 3 || shape[1] === 1) return shape;
  const [channels, height, width] = shape;
  const side = SMALL_SIDE[channels === 1 ? 'grey' : 'colour'];
  return height * width <= side * side ? shape : [channels * side * side];
}

/** Values have a unit, which a norm behind the last layer would take away. */
function withPlainOutputs(spec: NetworkSpec): NetworkSpec {
  return {
    ...spec,
    layers: spec.layers.map((layer, i) =>
      i === spec.layers.length - 1 && layer.type === 'linear' && layer.norm !== 'none'
        ? { ...layer, norm: 'none', bias: true }
        : layer,
    ),
  };
}

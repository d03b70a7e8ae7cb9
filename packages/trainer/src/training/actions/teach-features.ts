// A teacher's features for the samples of every epoch.
import type { TrainableNetwork } from '../../engine/engine.js';
import { evaluate } from '../evaluate.js';
import type { EpochAction } from './epoch-action.js';

/**
 * Gives a term on a hidden layer what a teacher has there for every sample of the epoch, augmented ones included.
 * @param teacher ends with the layer whose outputs, `width` a sample, are the features; reads samples of the network's input shape
 */
export function teachFeatures(teacher: TrainableNetwork, width: number): EpochAction {
  let features = new Float32Array();
  return {
    async samplesLoaded({ network }, name, samples) {
      const length = samples.count * width;
      if (features.length !== length) features = new Float32Array(length);
      // Features are no classes: there may be fewer of them.
      teacher.load(name, { count: samples.count, bytes: samples.bytes, labels: new Uint16Array(samples.count) });
      await evaluate(teacher, name, samples.count, features);
      network.loadTargets(name, features);
    },
    close: () => teacher.dispose(),
  };
}

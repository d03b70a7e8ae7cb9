// Distillation: a teacher's logits for the samples of every epoch.
import type { TrainableNetwork } from '../../engine/engine.js';
import { evaluate } from '../evaluate.js';
import type { EpochAction } from './epoch-action.js';

/**
 * Gives the distillation terms a teacher's logits for every sample of the epoch, augmented ones included (Hinton et al. 2015,
 * arXiv:1503.02531); of several teachers, the mean of their logits.
 * @param teachers read samples of the network's input shape, [count × outputs] logits each
 */
export function teach(teachers: readonly TrainableNetwork[], outputs: number): EpochAction {
  let sum = new Float32Array();
  let logits = new Float32Array();
  return {
    async samplesLoaded({ network }, name, samples) {
      const length = samples.count * outputs;
      if (sum.length !== length) sum = new Float32Array(length);
      if (logits.length !== length) logits = new Float32Array(length);
      sum.fill(0);
      for (const teacher of teachers) {
        teacher.load(name, samples);
        await evaluate(teacher, name, samples.count, logits);
        for (let i = 0; i < length; i++) sum[i]! += logits[i]! / teachers.length;
      }
      network.loadTargets(name, sum);
    },
    close: () => {
      for (const teacher of teachers) teacher.dispose();
    },
  };
}

// Training samples of each epoch with changed copies of rows and signals, made when they are asked for: cheap enough to need no thread.

import { setImmediate } from 'node:timers/promises';
import type { Shape } from '@bitnetmcu/models';
import type { Samples } from '../engine/engine.js';
import { withMemory } from '../memory.js';
import { changeOf } from './change-values.js';
import { deformationRandom } from './draw.js';
import type { EpochSamples } from './epoch-samples.js';
import type { ValueAugmentation } from './value-spec.js';

/** Values changed between two turns of the event loop. */
const PIECE = 2 ** 18;

/**
 * The samples as they are (unless `spec.plain` is 0), then `spec.copies` changed copies of each. (seed, epoch, copy, sample) alone decide, so that
 * a resumed run sees the same.
 * @param shape of one sample
 */
export function changedSamples(samples: Samples, spec: ValueAugmentation, shape: Shape, seed: number): EpochSamples {
  const { count, bytes } = samples;
  const size = count === 0 ? 0 : bytes.length / count;
  const passes = spec.plain + spec.copies;
  const change = changeOf(spec, shape);
  const remedy = 'use fewer copies in the augmentation, or fewer samples';
  const allocate = () => new Uint8Array(passes * bytes.length);
  // Two that take turns: those of an epoch stay untouched until those of the next one are taken.
  const buffers = [0, 1].map(() => withMemory('An epoch of changed samples', passes * bytes.length, remedy, allocate));
  const repeated = repeat(samples, passes);
  return {
    count: repeated.count,
    async take(epoch) {
      const out = buffers[epoch % 2]!;
      if (spec.plain === 1) out.set(bytes);
      for (let copy = 0; copy < spec.copies; copy++) {
        const base = (spec.plain + copy) * bytes.length;
        let changed = 0;
        for (let i = 0; i < count; i++) {
          const from = i * size;
          const target = out.subarray(base + from, base + from + size);
          change(bytes.subarray(from, from + size), target, deformationRandom(seed, epoch, copy, i));
          changed += size;
          if (changed < PIECE) continue;
          changed = 0;
          await setImmediate();
        }
      }
      return { ...repeated, bytes: out };
    },
    close: async () => {},
  };
}

/** Labels, and targets where there are any, once for each pass. */
function repeat({ count, labels, targets }: Samples, passes: number): Omit<Samples, 'bytes'> {
  const all = new Uint16Array(labels.length * passes);
  for (let k = 0; k < passes; k++) all.set(labels, k * labels.length);
  if (targets === undefined) return { count: count * passes, labels: all };
  const wanted = new Float32Array(targets.length * passes);
  for (let k = 0; k < passes; k++) wanted.set(targets, k * targets.length);
  return { count: count * passes, labels: all, targets: wanted };
}

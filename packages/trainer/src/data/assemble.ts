// A data set from its parts of bytes: the test part split off where there is none, classes named, oddities noted.
import type { Shape } from '@bitnetmcu/models';
import { formatShape, sameShape } from '@bitnetmcu/models/internal';
import type { Samples } from '../engine/engine.js';
import { TrainerError } from '../errors.js';
import { classNotes } from './classes.js';
import { type Dataset, datasetSteps, selectSteps } from './dataset.js';
import { chooseTest, type Division, othersOf } from './divide.js';
import { namesOfNumbers } from './model-answers.js';
import type { ModelInput } from './read-like.js';
import { runInSlices } from './slices.js';

export interface Part {
  readonly samples: Samples;
  readonly shape: Shape;
}

/** @throws TrainerError `invalid-data` where the parts do not belong together. */
export async function assemble(
  spec: Division & {
    readonly kind: string;
    readonly labels?: readonly string[] | undefined;
    readonly notes?: readonly string[];
    readonly like?: ModelInput | undefined;
  },
  train: Part,
  test: Part | undefined,
): Promise<Dataset> {
  if (test && !sameShape(train.shape, test.shape)) {
    throw new TrainerError(
      'invalid-data',
      `Training samples are ${formatShape(train.shape)}, test samples ${formatShape(test.shape)}.`,
    );
  }
  const numbers = [train, ...(test ? [test] : [])].map(({ samples }) => samples.labels);
  const { labels, notes: said } = spec.labels
    ? { labels: spec.labels, notes: [] }
    : namesOfNumbers(numbers, spec.like, spec.kind);
  const split = test ? { rest: train.samples, heldOut: test.samples, notes: [] } : await splitOff(train.samples, spec);
  const parts = { training: split.rest.labels, test: split.heldOut.labels };
  const notes = [...(spec.notes ?? []), ...said, ...split.notes, ...classNotes(labels, parts, spec.kind)];
  const { shape } = train;
  return runInSlices(datasetSteps({ name: spec.kind, train: split.rest, test: split.heldOut, shape, labels, notes }));
}

async function splitOff(samples: Samples, spec: Division & { readonly kind: string }) {
  const { test, notes } = chooseTest(samples.labels, samples.groups, spec, spec.kind);
  return {
    heldOut: await runInSlices(selectSteps(samples, test)),
    rest: await runInSlices(selectSteps(samples, othersOf(samples.count, test))),
    notes,
  };
}

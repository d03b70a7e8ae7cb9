// Samples that stand for a part of a data set, and those left for a look at the result. Everything that calibrates or checks draws here.
import type { Shape } from '@bitnetmcu/models';
import { type DrawnSamples, drawFitted } from '@bitnetmcu/studies/internal';
import { type Dataset, drawSamples, fitInput, fitSamples, type Samples, selectSamples } from '@bitnetmcu/trainer';
import { otherSamples } from '@bitnetmcu/trainer/internal';

export type { DrawnSamples };
export { drawFitted };

export interface UnseenSamples {
  readonly samples: Samples;
  /** For people: `other training samples`. */
  readonly what: string;
}

/** Fewer tell nothing of a percentage point. */
const FEWEST_UNSEEN = 50;

/**
 * Samples that calibrated nothing: training samples that were not drawn, test samples where too few of those are left, and only where there
 * are none either the calibration samples themselves. The test part is looked at, never chosen by.
 */
export function unseenSamples(dataset: Dataset, calibrated: DrawnSamples, input: Shape, count: number): UnseenSamples {
  const { train, test, shape } = dataset;
  const others = otherSamples(train, calibrated.numbers);
  if (others.length >= FEWEST_UNSEEN || others.length > test.count) {
    const labels = Uint16Array.from(others, (number) => train.labels[number]!);
    const numbers = drawSamples({ labels }, count).map((at) => others[at]!);
    return {
      samples: fitSamples(selectSamples(train, numbers), fitInput(shape, input)),
      what: 'other training samples',
    };
  }
  if (test.count > 0) return { samples: drawFitted(test, shape, input, count).samples, what: 'test samples' };
  return { samples: calibrated.samples, what: 'of the calibration samples: there are no others' };
}

/** Shape in which the values of a fitted sample stand: features that are an image's pixels keep its rows. */
export function valueShape(data: Shape, input: Shape): Shape {
  const fit = fitInput(data, input);
  if (fit.kind === 'resize') return [fit.channels, fit.to[0], fit.to[1]];
  return input.length === 1 ? data : input;
}

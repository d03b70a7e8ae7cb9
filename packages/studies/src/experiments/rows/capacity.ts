// What a bit is worth: training loss over total bits, by format and width, with and without augmentation.
import type { FormatName } from '@bitnetmcu/quant';
import { type ScalingLaw, type ScalingPoint, scalingLaw } from '../../statistics/scaling-law.js';
import type { Answer, Claim } from '../claims.js';
import type { ComparedExperiment } from '../comparisons.js';
import type { Experiment, ExperimentConfiguration } from '../experiment.js';
import { dense } from '../networks.js';

const FORMATS = {
  BinarySym: 1,
  Ternary: 1.6,
  '2bitsym': 2,
  '4bitsym': 4,
  '4.6bit': 4.6,
  '5bitsym': 5,
  '8bit': 8,
} as const satisfies Partial<Record<FormatName, number>>;
const WIDTHS = [16, 32, 64];
/** Whose bits the others are measured in. */
const REFERENCE = '4bitsym';
const EPOCHS = 20;

const PLAIN = 'without augmentation, 20 epochs';
const AUGMENTED = 'with augmentation, 20 epochs';

const labelOf = (format: string, width: number) => `${format}, ${width} wide`;
const parts = (label: string) => label.split(', ') as [string, string];

const [first, ...others] = Object.keys(FORMATS).flatMap((format) =>
  WIDTHS.map((width): ExperimentConfiguration => {
    const network = dense({ hidden: [width, width, width], format: format as FormatName });
    return { label: labelOf(format, width), config: { network } };
  }),
);

/** ln(training loss) = constant − exponent · ln(weights · bits of the format): bits of all formats but one are found. */
function lawOf(compared: ComparedExperiment, study: string): ScalingLaw | undefined {
  const points = compared.study(study).configurations.flatMap(({ label, figures }): ScalingPoint[] => {
    const [format, width] = parts(label);
    const { mean: loss, interval } = figures.trainLoss ?? {};
    // One seed, as in the quick form, says nothing.
    if (loss === undefined || interval === undefined) return [];
    const n = Number.parseInt(width, 10);
    return [{ group: format, size: 256 * n + 2 * n * n + 10 * n, loss }];
  });
  const bits = FORMATS[REFERENCE];
  return scalingLaw(points, { reference: REFERENCE, unit: bits });
}

function bitsClaim(
  said: string,
  study: string,
  formats: readonly (keyof typeof FORMATS)[],
  judge: (ratio: number, format: string) => boolean,
): Claim {
  return {
    said,
    judge(compared): Answer {
      const law = lawOf(compared, study);
      if (law === undefined) return { verdict: 'open', because: 'Too few runs for a fit.' };
      const worth = formats.map((format) => [format, law.units.get(format) ?? Number.NaN] as const);
      const text = worth.map(([format, bits]) => `${format} ${bits.toFixed(2)}`).join(', ');
      return {
        verdict: worth.every(([format, bits]) => judge(bits, format)) ? 'confirmed' : 'not confirmed',
        because: `Effective bits of a weight, in bits of ${REFERENCE} (${study}): ${text}; the training loss falls with the power −${law.exponent.toFixed(2)} of all bits, and the fit's root mean square error is ${(100 * law.residual).toFixed(1)} %.`,
      };
    },
  };
}

const LOW = ['BinarySym', 'Ternary', '2bitsym', '4bitsym'] as const;
/** As near as a claim of "the same" is taken. */
const NEAR = 0.2;
const isNear = (bits: number, format: string) => Math.abs(bits / FORMATS[format as keyof typeof FORMATS] - 1) <= NEAR;

export const capacity: Experiment = {
  name: 'capacity',
  question: 'What is a bit of a weight worth, and do total bits decide what a network can learn?',
  method:
    'Seven formats at three widths, with and without augmentation. The training loss is fitted by ln loss = c − a · ln(number of weights × effective bits of the format), ' +
    'with the bits of 4bitsym as 4: what bits of the other formats come out says what their bits are worth.',
  studies: [
    {
      ...{ title: PLAIN, seeds: 3, targets: [], baseline: 'none' },
      base: { epochs: EPOCHS, augmentation: 'none' },
      configurations: [first!, ...others],
      curve: { over: 'weightBytes', of: 'trainLoss', seriesOf: (label) => parts(label)[0] },
    },
    {
      ...{ title: AUGMENTED, seeds: 3, targets: [], baseline: 'none' },
      base: { epochs: EPOCHS },
      configurations: [first!, ...others],
      curve: { over: 'weightBytes', of: 'trainLoss', seriesOf: (label) => parts(label)[0] },
    },
  ],
  claims: [
    ...[PLAIN, AUGMENTED].flatMap((study) => [
      bitsClaim('Between 1 and 4 bits each bit is worth the same (within 20 %)', study, LOW, isNear),
      bitsClaim('8-bit weights are worth 5 to 6 bits', study, ['8bit'], (bits) => bits >= 5 && bits <= 6),
    ]),
  ],
  conclusion:
    'Fewer bits are worth more than their number says: in the fit a ternary weight counts for about 2 of the 4 bits of 4bitsym and a 2-bit one for 2.5, and bits ' +
    'beyond 4 count for little. So at the same flash wide networks with few bits hold the training samples better. Test accuracy does not follow once augmentation ends: at 64 ' +
    'neurons all formats from 4 bits up are within 0.01 % of each other. Layers of 2 bits and ternary ones have fast kernels; the zoo has both.',
};

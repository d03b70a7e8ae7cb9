// Weights of 4.6 bits, and others, at the same flash.
import { openQuestion } from '../claims.js';
import { widestAtBytes } from '../equal-bytes.js';
import type { Experiment, ExperimentConfiguration } from '../experiment.js';
import { dense, REPORTED_64 } from '../networks.js';

const FORMATS = ['4bitsym', '4.6bit', '5bitsym', '3bitsym', '2bitsym', 'Ternary'] as const;

const configurations = FORMATS.map((format): ExperimentConfiguration => {
  const width = widestAtBytes(REPORTED_64.network, (n) => dense({ hidden: [n, n, n], format }));
  return { label: `${format}, ${width} wide`, config: { network: dense({ hidden: [width, width, width], format }) } };
});
const labelOf = (format: (typeof FORMATS)[number]) => configurations[FORMATS.indexOf(format)]!.label;
const [first, ...others] = configurations;

export const bits46: Experiment = {
  name: 'bits-4.6',
  question: 'Are 24 levels (4.6 bits) worth their flash, compared with 16 and 32 levels?',
  method:
    'Fully connected networks with three hidden layers of one width, each as wide as fits the bytes of 64-64-64 with 4-bit weights (12 608 bytes packed): fewer bits, ' +
    'more neurons. Five weights of 4.6 bits are packed in 23 bits.',
  studies: [
    {
      ...{ title: 'at the bytes of 64-64-64 in 4bitsym, 20 epochs', seeds: 5 },
      base: REPORTED_64,
      configurations: [first!, ...others],
    },
  ],
  claims: [
    openQuestion('4.6 bits are better than 4 at the same flash', { label: labelOf('4.6bit') }),
    openQuestion('4.6 bits are better than 5 at the same flash', {
      label: labelOf('4.6bit'),
      than: labelOf('5bitsym'),
    }),
    openQuestion('3 bits are better than 4 at the same flash', { label: labelOf('3bitsym') }),
    openQuestion('2 bits are better than 4 at the same flash', { label: labelOf('2bitsym') }),
  ],
  conclusion:
    'No gain was found. At the same flash 4.6 and 5 bits came out 0.14 and 0.16 % below 4 bits, at the edge of what five seeds show (p = 0.07 after the correction); 2 and 3 bits ' +
    'are within 0.02 % of 4 bits, ternary is 0.11 % below. So speed decides: 4bitsym has the fewest weights and the fastest kernel on the CH32V003. 3, 4.6 and 5 bits run there on kernels ' +
    'that unpack a row at a time, at 4.2, 3.7 and 2.9 times its cycles; 2 bits and ternary take 2.8 and 2.9 times, since they have more weights in the same bytes. The zoo stays with ' +
    '4bitsym.',
};

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
    'No gain was found. At the same flash 4.6 and 5 bits came out 0.17 and 0.21 % below 4 bits, which 3 seeds do not prove; from ternary to 4 bits means are within 0.13 % of ' +
    'each other. So speed decides: 4bitsym has the fewest weights and the fastest kernel on the CH32V003, where 3bitsym, 4.6bit and 5bitsym have no fast kernels, hence ' +
    'their cycles. The zoo stays with 4bitsym.',
};

// 1.58 bits: what ternary weights are worth, and what they cost on a microcontroller.
import { differs, openQuestion, reachesReported } from '../claims.js';
import { widestAtBytes } from '../equal-bytes.js';
import type { Experiment } from '../experiment.js';
import { dense, REPORTED_48 } from '../networks.js';

const { network, epochs } = REPORTED_48;
const wide = (width: number, method: 'octav' | 'learned' = 'octav') =>
  dense({ hidden: [width, width, width], format: 'Ternary', linear: () => ({ weights: { clipping: { method } } }) });

const SAME = widestAtBytes(network, wide);
const SAME_BYTES = `Ternary, ${SAME} wide`;
const LEARNED = `${SAME_BYTES}, learned scale`;
const CNN = 'convolutional networks, 60 epochs';

export const ternary: Experiment = {
  name: 'ternary',
  question: 'What are ternary weights worth at the same flash, and how fast are they?',
  method:
    'Fully connected networks with ternary weights, packed five in a byte (base 3), at the neurons and at the bytes of 48-48-48 with 4-bit weights. The scale is mean |w|, ' +
    'or learned. Inference of ternary layers adds and subtracts alone. The reported figures are of convolutional networks with 80 and 96 channels.',
  studies: [
    {
      ...{ title: '48-48-48, 30 epochs', seeds: 3, targets: ['ch32v003', 'rp2040'] },
      base: { epochs },
      configurations: [
        { label: '4bitsym, 48 wide', config: { network } },
        { label: 'Ternary, 48 wide', config: { network: wide(48) } },
        { label: SAME_BYTES, config: { network: wide(SAME) } },
        { label: LEARNED, config: { network: wide(SAME, 'learned') } },
        { label: '2bitsym, 48 wide', config: { network: dense({ format: '2bitsym' }) } },
      ],
    },
    {
      ...{ title: CNN, seeds: 3, targets: ['ch32v003', 'rp2040'] },
      base: { epochs: 60 },
      configurations: [
        { label: '80 wide', config: { network: 'cnn-80-ternary' }, reported: { test: 99.52 } },
        { label: '96 wide', config: { network: 'cnn-96-ternary' }, reported: { test: 99.58 } },
      ],
    },
  ],
  claims: [
    reachesReported({ study: CNN, label: '80 wide' }),
    reachesReported({ study: CNN, label: '96 wide' }),
    differs('At the same number of weights ternary costs accuracy', { label: 'Ternary, 48 wide', direction: 'lower' }),
    openQuestion('At the same flash ternary is better than 4 bits', { label: SAME_BYTES }),
    openQuestion('A learned scale is better than mean |w|', { label: LEARNED, than: SAME_BYTES }),
  ],
  conclusion:
    'At the same number of weights ternary costs 1 % of accuracy at 48 neurons, for 41 % of the bytes and 1.4 times the cycles on the CH32V003, where 4-bit weights have faster kernels. At the same ' +
    'bytes, with twice the neurons, it is as accurate as 4 bits, with mean |w| and with a learned scale, and takes 2.8 times the cycles there and 2.6 times on the RP2040, since it has more weights. ' +
    'The zoo has ternary layers in the last convolutions of its small networks, where they leave bytes for channels, and in fc-12k-ternary, cnn-80-ternary and cnn-96-ternary. Convolutional networks of 80 and 96 channels reach 99.37 and 99.41 % on average over three seeds. What was reported of single runs, 99.52 and 99.58 %, lies in the upper part of what one more run may give; 16 channels more bring nothing that three seeds could tell.',
};

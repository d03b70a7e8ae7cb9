// Weights that prefix codes make small: what training towards a low entropy of the codes costs.
import type { NetworkSpecInput } from '@bitnetmcu/models';
import { differs } from '../claims.js';
import type { Experiment, ExperimentConfiguration } from '../experiment.js';
import { dense, REPORTED_64 } from '../networks.js';

type Linear = Extract<NetworkSpecInput['layers'][number], { type: 'linear' }>;
type Clipping = NonNullable<Linear['weights']['clipping']>;

const HIDDEN = [64, 64, 64] as const;
const clipped = (label: string, clipping: Clipping): ExperimentConfiguration => ({
  label,
  config: { network: dense({ hidden: HIDDEN, linear: () => ({ weights: { clipping } }) }) },
});
/** Clipping scalars are learned with it: OCTAV would narrow the range again every epoch. */
const term = (weight: number): ExperimentConfiguration => ({
  label: `entropy term ${weight}`,
  config: {
    network: dense({ hidden: HIDDEN, linear: () => ({ weights: { clipping: { method: 'learned' } } }) }),
    loss: [{ kind: 'crossEntropy' }, { kind: 'entropy', weight }],
  },
});

const WIDE = '4 · mean |w|';
const WIDER = '6 · mean |w|';
const THREE_BITS = '3bitsym, uncoded';
const LEARNED = 'learned clipping';
const LIGHT = term(0.02);
const HEAVY = term(0.05);

export const entropy: Experiment = {
  name: 'entropy',
  question: 'How much flash do coded weights save, and what does training towards a lower entropy of the codes cost?',
  method:
    'Networks of 64-64-64 neurons with 4-bit weights, trained as they are, with a wider clipping scalar (coarser steps near zero, outliers kept, so that few codes are ' +
    'frequent), and with a term of the loss that is the entropy of the codes (estimated by soft counts of levels). Flash, RAM and cycles are those of the CH32V003 with its default kernels on uncoded weights, and ' +
    'with kernels that decode prefix codes as they read them. Three bits a weight, uncoded, stand beside: what the same flash buys without a decoder.',
  studies: [
    {
      ...{ title: '64-64-64, 20 epochs', seeds: 5, targets: ['ch32v003', 'ch32v003:coded'] },
      base: REPORTED_64,
      configurations: [
        { label: 'OCTAV' },
        clipped(WIDE, { method: 'proportional', factor: 4 }),
        clipped(WIDER, { method: 'proportional', factor: 6 }),
        clipped(LEARNED, { method: 'learned' }),
        LIGHT,
        HEAVY,
        { label: THREE_BITS, config: { network: dense({ hidden: HIDDEN, format: '3bitsym' }) } },
      ],
    },
  ],
  claims: [
    differs('A wider clipping scalar, and with it fewer bits, costs accuracy', { label: WIDE, direction: 'lower' }),
    differs('A still wider one does', { label: WIDER, direction: 'lower' }),
    differs('A light entropy term costs accuracy', { label: LIGHT.label, direction: 'lower' }),
    differs('A heavy entropy term costs accuracy', { label: HEAVY.label, direction: 'lower' }),
    differs('Three bits for every weight cost accuracy', { label: THREE_BITS, direction: 'lower' }),
  ],
  conclusion:
    'The room is there and costs nothing: with a light entropy term (0.02) the 12 kB network has the same accuracy and, coded, 4.1 kB or 26 % less flash on the CH32V003, decoder included, for 170 ' +
    'bytes of RAM and 1.9 times the cycles. As it is trained, without the term, coding saves 17 %. A heavier term (0.05) saves 32 % for 0.08 % of accuracy. Uncoded 3-bit weights save ' +
    '17 % at 1.5 times the cycles and cost 0.13 %; coded, as much as the heavier term. A wider clipping scalar alone saves little. The zoo keeps uncoded weights, since its models fit ' +
    'and coding doubles the cycles; who needs the flash sets the term and takes the coded kernels.',
};

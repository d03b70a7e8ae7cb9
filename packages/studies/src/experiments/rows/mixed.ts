// Formats by layer, searched under the flash of a uniform network.
import { FORMAT_NAMES, type FormatName } from '@bitnetmcu/quant';
import { parseTrainingConfig, type TrainingConfigInput } from '@bitnetmcu/trainer';
import type { FinishedRun } from '../../run/run-record.js';
import { evolutionSampler } from '../../samplers/samplers.js';
import type { Genes, Space } from '../../samplers/space.js';
import { differs, noGain } from '../claims.js';
import { weightBytes, widestAtBytes } from '../equal-bytes.js';
import type { Experiment, ExperimentConfiguration } from '../experiment.js';
import { dense } from '../networks.js';

/** Trained scalars suit formats of few levels better (docs/numeric-formats.md); the second baseline has them, too. */
const learned = { weights: { clipping: { method: 'learned' } } } as const;
const UNIFORM = dense({ hidden: [64, 64, 64] });
const BUDGET = weightBytes(UNIFORM);
const EPOCHS = 20;
const CHOSEN = 2;

/** With fast kernels on the parts of the tables. */
const CHOICES = ['Ternary', '2bitsym', '4bitsym', '8bit'] as const satisfies readonly FormatName[];
const LAYERS = ['first', 'second', 'third', 'last'] as const;
/** Neurons of the second and third layer to those of the first. */
const SHARES = [0.25, 0.4, 0.6, 0.8, 1] as const;

const SPACE: Space = {
  ...Object.fromEntries(LAYERS.map((layer) => [layer, { kind: 'choice', values: CHOICES } as const])),
  secondShare: { kind: 'choice', values: SHARES },
  thirdShare: { kind: 'choice', values: SHARES },
};

/** As wide as the budget allows. */
function networkOf(genes: Genes) {
  const format = LAYERS.map((layer) => CHOICES[genes[layer]!]!);
  const [second, third] = [SHARES[genes.secondShare!]!, SHARES[genes.thirdShare!]!];
  const wide = (n: number) => {
    const hidden = [n, Math.max(1, Math.round(second * n)), Math.max(1, Math.round(third * n))];
    return dense({ hidden, format, linear: () => learned });
  };
  return wide(widestAtBytes(BUDGET, wide));
}

const sampler = (runs: number, base: TrainingConfigInput) =>
  evolutionSampler({
    ...{ runs, seed: 1, space: SPACE, population: 8, rungs: [1 / 3, 1] },
    // The uniform network first.
    start: [{ first: 2, second: 2, third: 2, last: 2, secondShare: 4, thirdShare: 4 }],
    decode: (genes) => ({
      config: parseTrainingConfig({ ...base, network: networkOf(genes) }),
      ...{ targets: [], test: false },
    }),
    fitness: ({ validation, epochs }) => ({
      objectives: [1 - (validation?.integer.accuracy ?? 0), epochs.at(-1)?.validation?.loss ?? 1],
      violation: 0,
    }),
  });

/** Of those that were trained for all epochs, by accuracy on the held-out samples. */
function choose(runs: readonly FinishedRun[]): ExperimentConfiguration[] {
  const longest = Math.max(...runs.map(({ epochs }) => epochs.length));
  const accuracy = ({ validation }: FinishedRun) => validation?.integer.accuracy ?? 0;
  return runs
    .filter(({ epochs }) => epochs.length === longest)
    .sort((a, b) => accuracy(b) - accuracy(a))
    .slice(0, CHOSEN)
    .map(({ request }, i) => {
      const { network } = request.config;
      return { label: `${foundLabel(i)}: ${describe(network)}`, config: { network } };
    });
}

const foundLabel = (place: number) => `found ${place + 1}`;

function describe(network: TrainingConfigInput['network']): string {
  if (typeof network !== 'object') return String(network);
  return network.layers
    .flatMap((layer) => (layer.type === 'linear' ? [`${layer.outputs} ${layer.weights.format}`] : []))
    .join(', ');
}

export const mixed: Experiment = {
  name: 'mixed',
  question: 'Do formats by layer, searched under the flash of a uniform network, beat it?',
  method:
    `Fully connected networks with three hidden layers, of ${BUDGET} bytes of packed weights at most: formats of the four layers (${CHOICES.join(', ')} of the ${FORMAT_NAMES.length} that there ` +
    'are) and proportions of the widths are found by evolution (NSGA-II with successive halving) on held-out samples with one seed, each network as wide as the budget ' +
    `allows. The best ${CHOSEN} are then trained with further seeds beside 64-64-64 in 4bitsym, without a teacher.`,
  studies: [
    {
      ...{ title: `at most ${BUDGET} bytes, ${EPOCHS} epochs`, seeds: 5 },
      base: { epochs: EPOCHS },
      configurations: [
        { label: '64-64-64 in 4bitsym', config: { network: UNIFORM } },
        {
          label: '64-64-64 in 4bitsym, learned clipping',
          config: { network: dense({ hidden: [64, 64, 64], linear: () => learned }) },
        },
        {
          label: '96-64-64, 2-bit first layer',
          config: { network: dense({ hidden: [96, 64, 64], format: ['2bitsym', '4bitsym'] }) },
        },
      ],
      search: { runs: 30, sampler, choose },
    },
  ],
  claims: [
    noGain('A 2-bit first layer with 96 features and 4 bits behind gains nothing', {
      label: '96-64-64, 2-bit first layer',
    }),
    {
      said: 'Formats by layer, searched, beat uniform 4bitsym by 0.1 % at least',
      judge(compared) {
        const [plain, better] = compared.study().configurations;
        const found = compared.study().configurations.filter(({ label }) => label.startsWith(foundLabel(0)));
        if (found.length === 0 || !plain || !better) return { verdict: 'open', because: 'Nothing was searched yet.' };
        const label = found[0]!.label;
        const against = [plain, better].map(({ label: than }) =>
          differs('', { label, than, direction: 'higher' }).judge(compared),
        );
        const test = compared.study().paired('test', plain.label, label);
        const won = test !== undefined && test.difference >= 0.1 && test.p < 0.05;
        return {
          verdict: test === undefined ? 'open' : won ? 'improved' : 'not confirmed',
          because: against.map(({ because }) => because).join(' '),
        };
      },
    },
  ],
  conclusion:
    'At the bytes of 64-64-64 no mixture that was found beats 4 bits in all layers by what seeds differ in. Formats by layer decide cycles instead: 4 bits have the fastest kernels, ' +
    'and the zoo takes 2-bit and ternary layers where bytes are what is short.',
};

// A convolutional network teaches smaller ones by its outputs.
import { differs, noGain } from '../claims.js';
import type { Experiment } from '../experiment.js';
import { dense, REPORTED_48 } from '../networks.js';

const taught = (weight: number, temperature: number) => ({
  loss: [
    { kind: 'crossEntropy', weight: 1 - weight },
    { kind: 'distillation', weight, temperature, teacher: 'teacher:cnn' },
  ],
});

const CNN = 'cnn-16-small, 15 epochs';
const INSIDE = 'features and classifier, 48-48-64, 30 epochs';

/** The last hidden layer of the teacher has 64 neurons. */
const hints = (layer: string) => ({
  loss: [{ kind: 'crossEntropy' }, { kind: 'features', layer, teacher: 'teacher:cnn', teacherLayer: 'relu2' }],
});
const frozen = { frozen: [{ layer: 'fc4', teacher: 'teacher:cnn', teacherLayer: 'fc3' }] };

export const distillation: Experiment = {
  name: 'distillation',
  question: 'Do small networks learn more from the outputs of a large convolutional one than from labels alone?',
  method:
    'The teacher is cnn-64 (8-bit convolutions, trained for 20 epochs). Students minimize a mix of cross-entropy with the labels and Kullback-Leibler divergence to the ' +
    'teacher’s softened outputs (Hinton et al. 2015), on the same augmented samples. Reported was an attempt that taught features and froze the classifier: in a study of its own the last hidden ' +
    'layer of a student with as many neurons as the teacher’s, or the one before it through a learned projection, is drawn to the teacher’s by the mean squared error (Romero et al. 2015), and ' +
    'the teacher’s classifier is copied and kept.',
  teachers: [{ name: 'cnn', config: { network: 'cnn-64', epochs: 20 } }],
  studies: [
    {
      ...{ title: '48-48-48, 30 epochs', seeds: 3 },
      base: REPORTED_48,
      configurations: [
        { label: 'labels' },
        { label: 'outputs 0.5, temperature 3', config: taught(0.5, 3) },
        { label: 'outputs 0.9, temperature 3', config: taught(0.9, 3) },
        { label: 'outputs 0.9, temperature 6', config: taught(0.9, 6) },
      ],
    },
    {
      ...{ title: CNN, seeds: 3 },
      base: { network: 'cnn-16-small', epochs: 15 },
      configurations: [{ label: 'labels' }, { label: 'outputs 0.9, temperature 3', config: taught(0.9, 3) }],
    },
    {
      ...{ title: INSIDE, seeds: 3 },
      base: { network: dense({ hidden: [48, 48, 64] }), epochs: 30 },
      configurations: [
        { label: 'labels' },
        { label: 'frozen classifier', config: frozen },
        { label: 'features', config: hints('act3') },
        { label: 'features, frozen classifier', config: { ...hints('act3'), ...frozen } },
        { label: 'features, projected', config: hints('act2') },
      ],
    },
  ],
  claims: [
    noGain('A fully connected student gains nothing from a convolutional teacher', {
      label: 'outputs 0.9, temperature 3',
    }),
    noGain('A small convolutional student gains nothing', { study: CNN, label: 'outputs 0.9, temperature 3' }),
    noGain('Features of the teacher gain nothing', { study: INSIDE, label: 'features' }),
    noGain('Its classifier behind them, frozen, gains nothing', {
      study: INSIDE,
      label: 'features, frozen classifier',
    }),
    differs('Test loss falls with a teacher', {
      ...{ label: 'outputs 0.5, temperature 3', measure: 'testLoss', direction: 'lower' },
    }),
  ],
  conclusion:
    'Outputs of a convolutional teacher do not help a student of 20 or 30 epochs, and raise the test loss. Its features, and its classifier copied and kept, come out 0.10 to 0.17 % above labels alone, ' +
    'which three seeds do not prove (p = 0.14 for the frozen classifier after the correction) and held-out samples do not show; no run failed. They cost nothing on the device. The zoo takes a teacher’s outputs ' +
    'only where training is long and augmented strongly (mini-fc-12k, mini-fc-fp130), and features or a classifier not without more seeds.',
};

// Accuracy of each weight format, from packages/studies/bench/formats.mjs, and of the ways to clip, from packages/trainer/bench/clipping.mjs.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { count, measured, spread, table } from './markdown.mjs';

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Sample standard deviation; undefined of one value. */
function deviation(values) {
  if (values.length < 2) return undefined;
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

function accuracyTable() {
  const results = measured(join(root, 'packages', 'studies', 'bench', 'results', 'formats.json'));
  if (results === undefined) return 'Not measured yet: `node packages/studies/bench/formats.mjs`.';
  const { epochs, machine, runs } = results;
  const formats = [...new Set(runs.map(({ format }) => format))];
  const cells = (study, format) => {
    const found = runs.filter((run) => run.study === study && run.format === format);
    if (found.length === 0) return ['', ''];
    const tests = found.map(({ test }) => test);
    const [{ weightBytes, width }] = found;
    const size = `${count(weightBytes)} B`;
    return [width === undefined ? size : `3 × ${width}, ${size}`, spread(mean(tests), deviation(tests))];
  };
  const most = Math.max(
    ...formats.map((format) => runs.filter((run) => run.study === 'fc' && run.format === format).length),
  );
  const images = runs.reduce((sum, run) => sum + run.images * (run.implementations.length - 1), 0);
  const mismatches = runs.reduce((sum, run) => sum + run.mismatches, 0);
  const others = [...new Set(runs.flatMap(({ implementations }) => implementations.slice(1)))];
  return [
    table(
      ['format', 'bits', 'fc-12k', 'test %', 'cnn-16-small', 'test %', 'hidden layers in 12.3 kB', 'test %'],
      formats.map((format) => [
        `\`${format}\``,
        runs.find((run) => run.format === format).bits,
        ...cells('fc', format),
        ...cells('cnn', format),
        ...cells('flash', format),
      ]),
    ),
    `${epochs} epochs, the default recipe, ${most === 1 ? 'one seed' : `mean ± standard deviation over ${most} seeds`}. Every run's model classified all 10 000 test images in ` +
      `TypeScript and in ${others.map((name) => `\`${name}\``).join(', ')}: ${mismatches} of ${count(images)} results differed in any bit. ${machine.cpu}, Node ${machine.node}.`,
  ].join('\n\n');
}

/** What learned clipping and damping are worth, from packages/trainer/bench/clipping.mjs. */
function clippingTable() {
  const results = measured(join(root, 'packages', 'trainer', 'bench', 'results', 'clipping.json'));
  if (results === undefined) return 'Not measured yet: `node packages/trainer/bench/clipping.mjs`.';
  const { epochs, runs } = results;
  const variants = [
    ...new Set(runs.map(({ network, clipping, damping }) => JSON.stringify([network, clipping, damping]))),
  ];
  const row = (variant) => {
    const [network, clipping, damping] = JSON.parse(variant);
    const found = runs.filter((run) => run.network === network && run.clipping === clipping && run.damping === damping);
    const of = (key) => found.map((run) => run[key]);
    return [
      `${network}, ${count(found[0].weightBytes)} B`,
      `\`${clipping}\``,
      damping,
      mean(of('trainingLoss')).toFixed(4),
      spread(mean(of('lastFive')), deviation(of('lastFive'))),
      spread(mean(of('validation')), deviation(of('validation'))),
    ];
  };
  return [
    table(
      ['network', 'clipping', 'damping', 'training loss', 'validation %, mean of the last five epochs', 'at the end'],
      variants.map(row),
    ),
    `${epochs} epochs of MNIST, mean ± standard deviation over seeds ${[...new Set(runs.map(({ seed }) => seed))].join(', ')}; 5000 held-out images.`,
  ].join('\n\n');
}

export const formatTables = { 'format-accuracy': accuracyTable, clipping: clippingTable };

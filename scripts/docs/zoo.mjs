// Tables and plot of the model zoo, from its manifest.
import { join } from 'node:path';
import { PUBLISHED_FIGURES } from '../../zoo/published-figures.mjs';
import { root } from '../workspace.mjs';
import { count, estimateMarks, measured, percent, spread, table } from './markdown.mjs';
import { svgPlot } from './svg-plot.mjs';

const zoo = () => measured(join(root, 'packages', 'models', 'zoo', 'manifest.json')) ?? [];

/** One row an entry; columns that nothing fills are left out. */
async function entryTable(entries) {
  if (entries.length === 0) return 'No model of this data set yet.';
  const mark = await estimateMarks();
  const columns = [
    ['model', ({ name }) => `\`${name}\``],
    ['network', ({ network }) => network],
    ['input', ({ input }) => (input.length === 1 ? input[0] : input.slice(1)).toString().replace(',', '×')],
    ['weights', ({ weightBytes }) => `${count(weightBytes)} B`],
    ['published', ({ published }) => (published ? percent(published.accuracy) : '')],
    ['test', ({ test }) => `**${percent(test)}**`],
    ['validation', ({ validation }) => percent(validation)],
    ['test, all seeds', ({ testMean, testDeviation, seeds }) => `${spread(testMean, testDeviation)} (${seeds.length})`],
    ['float ceiling', ({ floatCeiling }) => (floatCeiling ? percent(floatCeiling) : '')],
    ['RAM', ({ ramBytes }) => `${count(ramBytes)} B`],
    ['MACs', ({ macs }) => count(macs)],
    [
      'fits (ms)',
      ({ targets, milliseconds }) =>
        targets.map((target, i) => `${target} ${mark(target)}${milliseconds[i]}`).join(', '),
    ],
  ];
  const used = columns.filter(([, cell]) => entries.some((entry) => cell(entry) !== ''));
  return table(
    used.map(([title]) => title),
    entries.map((entry) => used.map(([, cell]) => cell(entry))),
  );
}

const ofDataset = (dataset) => zoo().filter((entry) => entry.dataset === dataset);

export const zooTables = {
  'zoo-mnist': () => entryTable(ofDataset('mnist')),
  'zoo-fashion-mnist': () => entryTable(ofDataset('fashion-mnist')),
  'zoo-training': () =>
    table(
      ['model', 'epochs', 'seed', 'one seed took', 'again'],
      zoo().map(({ name, training, seed, trainingSeconds, command }) => [
        `\`${name}\``,
        training.epochs,
        seed,
        `${trainingSeconds} s`,
        `\`${command}\``,
      ]),
    ),
};

const isConvolutional = ({ network }) => /conv|CNN/.test(network);
const kilobytes = ({ weightBytes }) => weightBytes / 1024;

/** Entries that no entry of at most their size reaches, by size. */
function frontier(entries) {
  const result = [];
  for (const entry of [...entries].sort((a, b) => a.weightBytes - b.weightBytes || b.test - a.test)) {
    if (entry.test > (result.at(-1)?.test ?? 0)) result.push(entry);
  }
  return result;
}

/** Accuracy over flash: the published networks and ours. */
function accuracyPlot() {
  const ours = ofDataset('mnist');
  const best = new Set([...frontier(ours), ...frontier(ours.filter((entry) => !isConvolutional(entry)))]);
  const point = (entry) => ({
    x: kilobytes(entry),
    y: entry.test,
    title: `${entry.name}: ${percent(entry.test)}, ${entry.weightBytes} B`,
    ...(best.has(entry) && { label: (100 * entry.test).toFixed(2) }),
  });
  const figure = ({ network, weightBytes, accuracy }) => ({
    x: weightBytes / 1024,
    y: accuracy,
    title: `${network}: ${percent(accuracy)}, ${weightBytes} B`,
    label: (100 * accuracy).toFixed(2),
  });
  const published = PUBLISHED_FIGURES.filter((one) => isConvolutional(one));
  const scores = [...ours.map(({ test }) => test), ...PUBLISHED_FIGURES.map(({ accuracy }) => accuracy)];
  const [worst, top] = [Math.min(...scores), Math.max(...scores)];
  const widest = Math.max(14, 2 * Math.ceil(Math.max(...ours.map(kilobytes)) / 2));
  return svgPlot({
    title: 'MNIST: test accuracy and flash for weights',
    description:
      'Published networks of the original project beside the models of the zoo, integer arithmetic, accuracy over kilobytes of weights.',
    x: {
      title: 'weights in kB (1024 bytes)',
      scale: 'linear',
      range: [0, widest],
      ticks: Array.from({ length: widest / 2 + 1 }, (_, i) => ({ at: 2 * i, text: String(2 * i) })),
    },
    y: {
      title: 'test accuracy, %',
      scale: 'accuracy',
      // Room for labels: a tenth of the error above and below.
      range: [Math.min(0.93, worst - 0.1 * (1 - worst)), Math.max(0.9975, top + 0.1 * (1 - top))],
      ticks: [0.94, 0.96, 0.98, 0.985, 0.99, 0.992, 0.994, 0.996, 0.997].map((at) => ({
        at,
        text: (100 * at).toFixed(1).replace(/\.0$/, ''),
      })),
    },
    series: [
      {
        color: 'a',
        marker: 'circle',
        line: true,
        points: frontier(ours).map((entry) => ({ ...point(entry), label: undefined })),
      },
      {
        color: 'b',
        marker: 'circle',
        hollow: true,
        line: true,
        dashed: true,
        points: published.map((one) => ({ ...figure(one), label: undefined })),
      },
      { name: 'zoo, convolutional', color: 'a', marker: 'circle', points: ours.filter(isConvolutional).map(point) },
      {
        name: 'zoo, fully connected',
        color: 'c',
        marker: 'square',
        points: ours.filter((entry) => !isConvolutional(entry)).map(point),
      },
      { name: 'published, convolutional', color: 'b', marker: 'circle', hollow: true, points: published.map(figure) },
      {
        name: 'published, fully connected',
        color: 'b',
        marker: 'square',
        hollow: true,
        points: PUBLISHED_FIGURES.filter((one) => !isConvolutional(one)).map(figure),
      },
    ],
  });
}

export const zooPlots = { 'docs/images/zoo.svg': accuracyPlot };

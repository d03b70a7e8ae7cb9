// How the cost of training grows, from packages/trainer/bench/growth.mjs.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { count, measured, seconds, table } from './markdown.mjs';
import { svgPlot } from './svg-plot.mjs';

const COLORS = {
  'native, 2 threads': 'a',
  'native, 1 thread': 'd',
  'WebAssembly, 1 thread': 'c',
  'PyTorch, 1 thread': 'b',
  'PyTorch, 2 threads': 'e',
};

/** What varies in each study. */
const VARIED = {
  width: { key: 'channels', title: 'channels' },
  batch: { key: 'batch', title: 'batch' },
  data: { key: 'images', title: 'images' },
};

const growth = () => measured(join(root, 'packages', 'trainer', 'bench', 'results', 'growth.json'));

const enginesOf = (rows) => Object.keys(COLORS).filter((engine) => rows.some((row) => row.engine === engine));

function studyTable(study) {
  const { results } = growth();
  const rows = results.filter((row) => row.study === study);
  const { key, title } = VARIED[study];
  const engines = enginesOf(rows);
  const cell = (value, engine) => rows.find((row) => row[key] === value && row.engine === engine);
  const values = [...new Set(rows.map((row) => row[key]))];
  return table(
    [title, ...engines],
    values.map((value) => [
      count(value),
      ...engines.map((engine) => (cell(value, engine) ? seconds(cell(value, engine).seconds) : '')),
    ]),
  );
}

/** The table of a study below its plot, or what to run. */
function region(study, alternative) {
  if (growth() === undefined) return 'Not measured yet: `node packages/trainer/bench/growth.mjs`.';
  const image = study === 'data' ? [] : [`![${alternative}](images/growth-${study}.svg)`];
  return [...image, studyTable(study)].join('\n\n');
}

function comparison() {
  const measuredGrowth = growth();
  if (measuredGrowth === undefined) return 'Not measured yet: `node packages/trainer/bench/growth.mjs`.';
  const { results, machine, torch, repetitions } = measuredGrowth;
  const rows = results.filter(({ study, channels, batch }) => study === 'width' && channels === 64 && batch === 128);
  const fastest = Math.min(...rows.map((row) => row.seconds));
  return [
    table(
      ['CNN-64, batch 128, an epoch of 60 000 images', 'seconds', 'processor seconds', 'times the fastest'],
      enginesOf(rows).map((engine) => {
        const row = rows.find((one) => one.engine === engine);
        return [engine, row.seconds.toFixed(2), row.cpuSeconds.toFixed(2), `${(row.seconds / fastest).toFixed(1)} ×`];
      }),
    ),
    `${machine.cpu}, ${machine.cores} cores, Node ${machine.node}${torch ? `, PyTorch ${torch}` : ''}; fastest of ${repetitions} repetitions, ` +
      `load of the machine at the end ${machine.load.toFixed(1)}${machine.load > machine.cores + 0.5 ? ': it had other work to do, so seconds are upper bounds' : ''}.`,
  ].join('\n\n');
}

function studyPlot(study, title) {
  const results = growth()?.results;
  if (results === undefined) return undefined;
  const rows = results.filter((row) => row.study === study);
  const { key } = VARIED[study];
  const values = [...new Set(rows.map((row) => row[key]))];
  const times = rows.map((row) => row.seconds);
  const range = [Math.min(...times) / 1.3, Math.max(...times) * 1.5];
  const ticks = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].filter(
    (at) => at >= range[0] && at <= range[1],
  );
  return svgPlot({
    title,
    description: `Seconds of an epoch of 60 000 images by ${VARIED[study].title}, one line an engine.`,
    x: {
      title: `${VARIED[study].title}, logarithmic`,
      scale: 'log',
      range: [values[0] / 1.15, values.at(-1) * 1.15],
      ticks: values.map((at) => ({ at, text: String(at) })),
    },
    y: {
      title: 'seconds, logarithmic',
      scale: 'log',
      range,
      ticks: ticks.map((at) => ({ at, text: String(at) })),
    },
    series: enginesOf(rows).map((engine) => {
      const own = rows.filter((row) => row.engine === engine);
      return {
        name: engine,
        color: COLORS[engine],
        marker: engine.startsWith('PyTorch') ? 'square' : 'circle',
        hollow: engine.startsWith('PyTorch'),
        line: own.length > 1,
        points: own.map((row, i) => ({
          x: row[key],
          y: row.seconds,
          title: `${engine}, ${row[key]}: ${seconds(row.seconds)}`,
          ...((i === 0 || i === own.length - 1) && { label: seconds(row.seconds) }),
        })),
      };
    }),
  });
}

export const growthTables = {
  'growth-comparison': comparison,
  'growth-width': () => region('width', 'Seconds of an epoch over the number of channels'),
  'growth-batch': () => region('batch', 'Seconds of an epoch over the batch size'),
  'growth-data': () => region('data'),
};

export const growthPlots = {
  'docs/images/growth-width.svg': () => studyPlot('width', 'An epoch of 60 000 images by the width of the network'),
  'docs/images/growth-batch.svg': () => studyPlot('batch', 'An epoch of 60 000 images by the batch'),
};

// Tables and plots of studies, from the results that packages/studies/bench wrote: searches of small data beside scikit-learn and aeon, machines simulated.
import { join } from 'node:path';
import { root } from '../workspace.mjs';
import { count, measured, table } from './markdown.mjs';
import { svgPlot } from './svg-plot.mjs';

const results = (name) => measured(join(root, 'packages', 'studies', 'bench', 'results', `${name}.json`));
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const percent = (value) => `${value.toFixed(2)} %`;

/** Points that a search may be behind, and seconds that it may take. */
const [BEHIND, SECONDS] = [1, 180];

function smallSearch() {
  const measurement = results('small-search');
  if (measurement === undefined) return undefined;
  const { runs, baselines, command, date, machine } = measurement;
  const rows = Object.keys(baselines).flatMap((name) => {
    const own = runs.filter((run) => run.name === name);
    if (own.length === 0) return [];
    const of = (key) => own.map((run) => run[key]);
    const [integers, baseline, longest] = [mean(of('integers')), mean(of('baseline')), Math.max(...of('seconds'))];
    const isVerified = own.every(({ verified }) => verified);
    const passed = integers >= baseline - BEHIND && longest <= SECONDS && isVerified;
    const each = of('integers').map((value) => value.toFixed(2));
    return [
      [
        name,
        own.length,
        own[0].tested,
        `**${percent(integers)}** (${each.join(', ')})`,
        `${baselines[name]} ${percent(baseline)}`,
        [...new Set(of('target'))].join(', '),
        `${count(Math.min(...of('weightBytes')))}–${count(Math.max(...of('weightBytes')))} B`,
        `${longest.toFixed(0)} s`,
        passed ? 'reached' : '**missed**',
      ],
    ];
  });
  const columns = [
    ...['data', 'splits', 'test samples', 'integers', 'float, same split', 'part', 'weights', 'longest'],
    `≤ ${BEHIND} point behind, ≤ ${SECONDS} s, verified`,
  ];
  const loads = runs.map(({ load }) => load);
  return `${table(columns, rows)}\n\nEach split with its own seed, ${date}, ${machine.cores} cores of ${machine.cpu}, which other work shared (load ${Math.min(...loads).toFixed(0)} to ${Math.max(...loads).toFixed(0)}): \`${command}\` in \`packages/studies\`.`;
}

const share = (value) => `${(100 * value).toFixed(0)} %`;
const rate = (value) => (value < 10 ? value.toFixed(1) : count(value));
const duration = (value) => (value < 10 ? `${value.toFixed(1)} s` : `${value.toFixed(0)} s`);

/** Of each number of machines those with enough runs in the queue. */
const withEnough = (lists) =>
  lists.filter(
    ({ ahead, machines }) =>
      ahead === Math.max(...lists.filter((one) => one.machines === machines).map((one) => one.ahead)),
  );

function scalingLists() {
  const simulated = results('scaling');
  if (simulated === undefined) return undefined;
  const { lists, limits, costs, cores, date, command } = simulated;
  const machines = [...new Set(lists.map((one) => one.machines))];
  const enough = withEnough(lists);
  const seconds = [...new Set(lists.map((one) => one.runSeconds))];
  const cell = (of, length) => {
    const found = enough.find((one) => one.machines === of && one.runSeconds === length);
    return `${share(found.efficiency)}, ${rate(found.runsPerSecond)} runs/s`;
  };
  const rows = seconds.map((length) => [duration(length), ...machines.map((of) => cell(of, length))]);
  const few = lists.find((one) => one.machines === Math.max(...machines) && one.runSeconds === Math.max(...seconds));
  return [
    `![efficiency by the length of a run](images/scaling.svg)`,
    table(['a run trains for', ...machines.map((of) => `${of} machines`)], rows),
    `Share of all cores' time that is training, and finished runs a second; ${cores} cores a machine, \`--ahead\` twice their cores but at least ${few.ahead}. With ${few.ahead} on ${few.machines} machines it is ${share(few.efficiency)}, however long runs are: the others have none.`,
    `The limit is the process of the study: ${(1000 * costs.study).toFixed(1)} ms a run, nearly all of it waiting for the disk until record and model are safe, is ${count(limits.studyRunsPerSecond)} runs a second (measured on a disk that other work used as well). Redis takes ${(1000 * costs.redis).toFixed(1)} ms of its processor a run, which is ${count(limits.redisRunsPerSecond)} a second. Simulated ${date}: \`${command}\` in \`packages/studies\`.`,
  ].join('\n\n');
}

function scalingSearches() {
  const simulated = results('scaling');
  if (simulated === undefined) return undefined;
  const rows = simulated.searches.map((one) => [
    one.machines,
    one.lag,
    count(one.runs),
    share(one.efficiency),
    rate(one.runsPerSecond),
    `${one.samplerMillisecondsOfARun.toFixed(1)} ms`,
  ]);
  return table(['machines', 'lag', 'runs', 'efficiency', 'runs/s', 'the sampler, a run'], rows);
}

function scalingPlot() {
  const simulated = results('scaling');
  if (simulated === undefined) return undefined;
  const enough = withEnough(simulated.lists);
  const machines = [...new Set(enough.map((one) => one.machines))];
  const ticks = (values, text) => values.map((at) => ({ at, text: text(at) }));
  return svgPlot({
    title: 'Efficiency of 8, 64 and 512 machines, simulated',
    description: 'Share of the time of all cores that is training, by the seconds that a run trains',
    x: {
      title: 'seconds that a run trains',
      scale: 'log',
      range: [0.25, 130],
      ticks: ticks([0.3, 1, 3, 10, 30, 100], String),
    },
    y: {
      title: 'share of the time of all cores',
      scale: 'linear',
      range: [0, 1],
      ticks: ticks([0, 0.25, 0.5, 0.75, 1], share),
    },
    series: machines.map((of, i) => ({
      name: `${of} machines`,
      color: ['a', 'd', 'c'][i],
      marker: 'circle',
      line: true,
      points: enough.filter((one) => one.machines === of).map((one) => ({ x: one.runSeconds, y: one.efficiency })),
    })),
  });
}

export const studiesTables = {
  'small-search': async () => smallSearch(),
  'scaling-lists': async () => scalingLists(),
  'scaling-searches': async () => scalingSearches(),
};

export const studiesPlots = { 'docs/images/scaling.svg': async () => scalingPlot() };

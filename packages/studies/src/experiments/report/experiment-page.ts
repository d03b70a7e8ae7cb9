// The page of an experiment: question, method, figures beside what was reported, what became of the claims, costs, and how it was made.
import { pText } from '../claims.js';
import {
  type ComparedConfiguration,
  type ComparedExperiment,
  type ComparedFigure,
  type ComparedStudy,
  shownMeasures,
} from '../comparisons.js';
import type { CurveChoice } from '../experiment.js';
import { type MeasureName, measureOf } from '../measures.js';
import { type CurvePoint, curvePlot } from './curve-plot.js';
import { intervalPlot } from './interval-plot.js';
import type { Block, Page } from './page.js';

const INTERVAL_DIGITS = 2;

/** @param measured what was measured besides the runs, as sections of their own */
export function experimentPage(compared: ComparedExperiment, measured: readonly Block[] = []): Page {
  const { experiment, studies } = compared;
  const blocks: Block[] = [
    { kind: 'paragraph', text: experiment.question },
    { kind: 'heading', text: 'Method' },
    { kind: 'paragraph', text: experiment.method },
    ...studies.flatMap((study, i) => studyBlocks(study, `${experiment.name}-${i + 1}.svg`, compared)),
    ...measured,
    ...claimBlocks(compared),
    ...(experiment.conclusion === undefined
      ? []
      : ([
          { kind: 'heading', text: 'In practice' },
          { kind: 'paragraph', text: experiment.conclusion },
        ] as const)),
    ...originBlocks(compared),
  ];
  return { title: `Experiment: ${experiment.name}`, blocks };
}

function studyBlocks(compared: ComparedStudy, file: string, { results }: ComparedExperiment): Block[] {
  const { study, configurations } = compared;
  const heading: Block = { kind: 'heading', text: study.title };
  const judged = study.judgedBy ?? 'test';
  if (configurations.every(({ figures }) => figures[judged] === undefined)) {
    const reported = reportedTable(configurations);
    const open: Block = { kind: 'paragraph', text: 'These runs have not been made yet.' };
    return reported.rows.length > 0 ? [heading, open, reported] : [heading, open];
  }
  const runs = results.studies.find(({ title }) => title === study.title)?.configurations ?? [];
  const valuesOf = (label: string) =>
    (runs.find((one) => one.label === label)?.runs ?? []).flatMap(({ figures }) => figures[judged] ?? []);
  const measure = measureOf(judged);
  const { curve } = study;
  const svg = curve
    ? sizesPlot(compared, curve)
    : intervalPlot({
        title: study.title,
        axis: `${measure.title} %; line: mean of the first configuration`,
        configurations: configurations.map(({ label, figures, reported }) => ({
          ...{ label, runs: valuesOf(label), mean: figures[judged]?.mean, interval: figures[judged]?.interval },
          reported: reported && measureOf('test').reported?.(reported),
        })),
      });
  return [
    heading,
    studyTable(compared),
    {
      kind: 'figure',
      file,
      svg,
      text: `${curve ? measureOf(curve.of).title : measure.title} of the configurations of ${study.title}`,
    },
  ];
}

function sizesPlot({ study, configurations }: ComparedStudy, { over, of, seriesOf }: CurveChoice): string {
  const points = configurations.flatMap(({ label, figures, targets }): CurvePoint[] => {
    const x = over === 'weightBytes' ? figures.weightBytes?.mean : targets[0]?.cycles;
    const figure = figures[of];
    return x === undefined || figure === undefined ? [] : [{ series: seriesOf(label), x, ...figure }];
  });
  const across = over === 'weightBytes' ? 'bytes of packed weights' : 'cycles of an inference';
  const { title, unit } = measureOf(of);
  // Losses of networks that hold their samples are hundredths of those that do not.
  const scale = of === 'trainLoss' ? 'logarithmic' : 'linear';
  return curvePlot({
    title: study.title,
    across,
    up: unit === '%' ? `${title} %` : `${title}, ${unit}`,
    scale,
    points,
  });
}

function studyTable(compared: ComparedStudy): Block {
  const { study, configurations } = compared;
  const judged = study.judgedBy ?? 'test';
  const measures = shownMeasures(compared);
  const targets = configurations.find((one) => one.targets.length > 0)?.targets ?? [];
  const hasReported = (name: MeasureName) =>
    configurations.some(({ reported }) => reported && measureOf(name).reported?.(reported) !== undefined);
  const columns: { title: string; cell: (one: ComparedConfiguration) => string }[] = [
    { title: 'configuration', cell: ({ label }) => label },
    ...measures.flatMap((name) => [
      { title: titleOf(name), cell: ({ figures }: ComparedConfiguration) => figureText(name, figures[name]) },
      ...(hasReported(name)
        ? [{ title: 'reported', cell: ({ reported }: ComparedConfiguration) => reportedText(name, reported) }]
        : []),
      ...(name === judged
        ? [
            {
              title: '95 % interval',
              cell: ({ figures }: ComparedConfiguration) => intervalText(figures[name]?.interval),
            },
            ...(study.baseline === 'none' ? [] : [{ title: 'against the first', cell: againstText }]),
          ]
        : []),
    ]),
    ...targets.flatMap(({ target }, i) => [
      {
        title: `flash on ${target}, bytes`,
        cell: (one: ComparedConfiguration) => grouped(String(one.targets[i]?.flashBytes ?? '')),
      },
      { title: `cycles on ${target}`, cell: (one: ComparedConfiguration) => cyclesText(one.targets[i]) },
      ...(configurations.some(({ targets: own }) => own[i]?.worstCycles !== undefined)
        ? [{ title: 'worst case', cell: (one: ComparedConfiguration) => worstText(one.targets[i]) }]
        : []),
    ]),
  ];
  return {
    kind: 'table',
    columns: columns.map(({ title }) => title),
    rows: configurations.map((one) => columns.map(({ cell }) => cell(one))),
  };
}

function reportedTable(configurations: readonly ComparedConfiguration[]): Extract<Block, { kind: 'table' }> {
  const said = configurations.filter(({ reported }) => reported?.test !== undefined);
  const rows = said.map(({ label, reported }) => [label, reportedText('test', reported)]);
  return { kind: 'table', columns: ['configuration', 'reported, test %'], rows };
}

function claimBlocks(compared: ComparedExperiment): Block[] {
  const { claims } = compared.experiment;
  if (claims.length === 0) return [];
  const items = claims.map((claim) => {
    const { verdict, because } = claim.judge(compared);
    return `${verdict[0]!.toUpperCase()}${verdict.slice(1)}: ${claim.said}. ${because}`;
  });
  return [
    { kind: 'heading', text: 'What was said, and what these runs say' },
    { kind: 'list', items },
  ];
}

function originBlocks({ results, experiment }: ComparedExperiment): Block[] {
  const { command, date, costsMeasured, machine, versions, trainingSeconds, quick } = results;
  const failed = results.studies.flatMap(({ configurations }) => configurations.flatMap((one) => one.failed));
  const packages = [...new Set(Object.values(versions))].join(', ');
  return [
    { kind: 'heading', text: 'How it was made' },
    {
      kind: 'paragraph',
      text:
        `${command} on ${date.slice(0, 10)}: ${machine.cpu}, ${machine.cores} cores, Node ${machine.node}, packages of version ${packages}; ${Math.round(trainingSeconds / 60)} minutes of runs. ` +
        'Means and deviations are over seeds; the interval is that of Student’s t for the mean. Against the first configuration stands the mean difference of runs with the same seed, and p of the ' +
        'paired t test after Holm’s correction for the comparisons of the table. What was reported is of single runs. 5 000 training samples are held out; the test part chose nothing.' +
        (costsMeasured === undefined
          ? ''
          : ` What models take on parts was measured again on ${costsMeasured.slice(0, 10)} (--measure-again), with the kernels of that day.`) +
        (quick ? ' This is the quick form: its figures say that everything runs, and nothing else.' : '') +
        (failed.length > 0 ? ` ${failed.length} runs failed: ${failed[0]!.message}` : ''),
    },
    { kind: 'paragraph', text: `Again: bitnetmcu experiment run ${experiment.name}` },
  ];
}

function titleOf(name: MeasureName): string {
  const { title, unit } = measureOf(name);
  return unit === '%' ? `${title} %` : unit === 'bytes' || unit === 'bits' ? `${title}, ${unit}` : title;
}

function figureText(name: MeasureName, figure: ComparedFigure | undefined): string {
  if (figure === undefined) return '';
  const { digits } = measureOf(name);
  const spread = figure.count > 1 && name !== 'weightBytes' ? ` ± ${figure.deviation.toFixed(digits)}` : '';
  return `${grouped(figure.mean.toFixed(digits))}${spread}`;
}

function reportedText(name: MeasureName, reported: ComparedConfiguration['reported']): string {
  const value = reported && measureOf(name).reported?.(reported);
  return value === undefined ? '' : value.toFixed(measureOf(name).digits);
}

function intervalText(interval: ComparedFigure['interval']): string {
  return interval ? interval.map((value) => value.toFixed(INTERVAL_DIGITS)).join(' to ') : '';
}

function againstText({ against }: ComparedConfiguration): string {
  if (against === undefined) return '';
  const { difference, corrected } = against;
  return `${difference < 0 ? '−' : '+'}${Math.abs(difference).toFixed(INTERVAL_DIGITS)}, ${pText(corrected)}`;
}

function cyclesText(figures: ComparedConfiguration['targets'][number] | undefined): string {
  if (figures === undefined) return '';
  return figures.cycles === undefined ? 'does not fit' : grouped(String(Math.round(figures.cycles)));
}

function worstText(figures: ComparedConfiguration['targets'][number] | undefined): string {
  return figures?.worstCycles === undefined ? '' : grouped(String(Math.round(figures.worstCycles)));
}

/** Thousands apart by narrow no-break spaces, as everywhere in the documentation. */
function grouped(digits: string): string {
  return digits.includes('.') ? digits : digits.replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

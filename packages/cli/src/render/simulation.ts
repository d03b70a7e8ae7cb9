// A simulation as tables for people and as JSON for programs.
import {
  findSimulationTarget,
  type Simulated,
  type Simulation,
  type SimulationTarget,
} from '@bitnetmcu/mcu-runtime/targets';
import type { QuantizedModel } from '@bitnetmcu/models';
import { taskOf } from '@bitnetmcu/models/internal';
import type { Samples } from '@bitnetmcu/trainer';
import { answerOf, truthOf, verdictOf } from '../results/answers.js';
import type { TaskScores } from '../results/task-score.js';
import type { Terminal } from '../terminal.js';
import { plainLayerLines } from './plain-layers.js';
import { bytes, count } from './quantities.js';
import { renderTable } from './table.js';
import { verificationWords } from './verification.js';

type CycleBand = NonNullable<SimulationTarget['cycleBand']>;

export interface SimulationReport {
  readonly model: QuantizedModel;
  readonly simulation: Simulation;
  readonly samples: Samples;
  /** int8, one sample after another. */
  readonly inputs: Int8Array;
  /** Of a model that answers no class; undefined where the samples do not tell them, or nothing was simulated. */
  readonly scores: TaskScores | undefined;
}

/** Up to so many samples are listed one by one. */
const LISTED_SAMPLES = 10;

/** The score that models of the task are compared by. */
function mainScore({ model, simulation, samples, scores }: SimulationReport): number | undefined {
  if (simulation.kind === 'does-not-fit') return undefined;
  if (taskOf(model) !== 'classification') return scores?.main;
  const { predictions } = simulation;
  return (
    predictions.reduce((sum, prediction, i) => sum + Number(prediction === samples.labels[i]), 0) / predictions.length
  );
}

/** What `--json` gives, as the README of this package describes it. Sizes in bytes, `ms` the mean. */
export function simulationJson(report: SimulationReport): object {
  const { simulation } = report;
  const { target, kernels, layout, clockHz } = simulation;
  const flash = { code: simulation.flash.code, weights: simulation.flash.weights };
  const ram = { static: simulation.ram.static, stack: simulation.ram.stack ?? null };
  const available = { flash: simulation.flash.available, ram: simulation.ram.available };
  const { assumedTiming = null, cycleBand } = findSimulationTarget(target);
  const described = { target, kernels, layout, clockHz, basis: simulation.basis, assumedTiming };
  if (simulation.kind === 'does-not-fit') {
    return { ...described, fits: false, flash, ram, available, missing: simulation.missing };
  }
  const { images, cycles, milliseconds, layers } = simulation;
  const { plainLayers } = simulation;
  const band = cycleBand ? { ...cycleBand, ...bandOf(cycleBand, cycles.mean) } : null;
  const measured = { images, cycles, band, ms: milliseconds.mean, flash, ram, available, layers, plainLayers };
  const score =
    taskOf(report.model) === 'classification'
      ? { accuracy: mainScore(report) }
      : { ...(report.scores && { integerScores: report.scores.scores }) };
  return { ...described, fits: true, ...measured, ...score };
}

/** @param indices numbers of the samples in the data set; absent: 0, 1, … */
export function printSimulation(
  terminal: Terminal,
  samples: string,
  report: SimulationReport,
  indices: readonly number[] | undefined,
): void {
  const { model, simulation } = report;
  const { bold, dim, red } = terminal.colors;
  const { target, kernels, clockHz } = simulation;
  terminal.print(
    `${bold(model.name)} on ${bold(target)} ${dim(`(${kernels} kernels, ${clockHz / 1e6} MHz)`)}, ${samples}\n`,
  );
  if (simulation.kind === 'does-not-fit') {
    terminal.print(`${red('✗')} ${bold('does not fit')}: ${missingText(simulation)}\n`);
    printMemory(terminal, simulation);
    return;
  }
  const { cycles, milliseconds, instructions } = simulation;
  terminal.print(
    renderTable(
      [
        { title: '' },
        { title: 'mean', align: 'right' },
        { title: 'max', align: 'right' },
        { title: 'worst case', align: 'right' },
      ],
      [
        ['cycles', count(cycles.mean), count(cycles.max), count(cycles.worst)],
        ['ms', ...[milliseconds.mean, milliseconds.max, milliseconds.worst].map((value) => value.toFixed(2))],
      ],
    ),
  );
  printAssumedTiming(terminal, [simulation]);
  printBand(terminal, target, cycles.mean);
  terminal.print('');
  printMemory(terminal, simulation);
  printScore(terminal, report);
  terminal.print(`${'code'.padEnd(10)}${count(instructions)} instructions a sample: ${mixText(simulation)}`);
  if (report.samples.count <= LISTED_SAMPLES) printAnswers(terminal, report, simulation.logits, indices);
  printLayers(terminal, simulation);
  printPlainLayers(terminal, simulation);
}

function printLayers(terminal: Terminal, { layers, cycles, plainLayers }: Simulated): void {
  if (layers.length === 0) return;
  const plain = new Set(plainLayers.map(({ name }) => name));
  const mark = terminal.colors.yellow(', plain');
  terminal.print('');
  terminal.print(
    renderTable(
      [
        { title: 'layer' },
        { title: 'operation' },
        { title: 'weights', align: 'right' },
        { title: 'cycles', align: 'right' },
        { title: 'share', align: 'right' },
        { title: 'worst case', align: 'right' },
      ],
      layers.map((layer) => [
        layer.name,
        `${layer.operation}${plain.has(layer.name) ? mark : ''}`,
        layer.weightBytes === 0 ? '' : bytes(layer.weightBytes),
        count(layer.cycles),
        `${((100 * layer.cycles) / cycles.mean).toFixed(1)} %`,
        count(layer.worst),
      ]),
    ),
  );
}

/** @param target named where several are shown */
function printPlainLayers(terminal: Terminal, { plainLayers }: Simulated, target?: string): void {
  for (const line of plainLayerLines(plainLayers)) {
    terminal.print(`\n${terminal.colors.yellow('–')} ${target === undefined ? '' : `${target}: `}${line}`);
  }
}

function printScore(terminal: Terminal, report: SimulationReport): void {
  const { score, scoreText } = verificationWords(report.model);
  const main = mainScore(report);
  if (report.scores) terminal.print(`${'score'.padEnd(10)}${report.scores.line}`);
  else if (main !== undefined) terminal.print(`${score.padEnd(10)}${scoreText(main)}`);
}

/** What is said of each sample, and what is known of it. */
function printAnswers(
  terminal: Terminal,
  { model, samples, inputs }: SimulationReport,
  logits: Int32Array,
  indices: readonly number[] | undefined,
): void {
  const [features, outputs] = [inputs.length / samples.count, logits.length / samples.count];
  const part = <T extends { subarray(from: number, to: number): T }>(all: T, size: number, i: number) =>
    all.subarray(i * size, (i + 1) * size);
  const lines = Array.from({ length: samples.count }, (_, i) => {
    const truth = truthOf(samples, i);
    const given = answerOf(model, part(inputs, features, i), part(logits, outputs, i), truth);
    return `${terminal.colors.dim(`${indices?.[i] ?? i}:`)} ${verdictOf(given, terminal.colors)}`;
  });
  // Classes are short; values and labels get a line each.
  const between = taskOf(model) === 'classification' ? '  ' : `\n${''.padEnd(10)}`;
  terminal.print(`${'answers'.padEnd(10)}${lines.join(between)}`);
}

/** One line a target. */
export function printComparison(terminal: Terminal, samples: string, reports: readonly SimulationReport[]): void {
  const { bold, red } = terminal.colors;
  const { model } = reports[0]!;
  const words = verificationWords(model);
  terminal.print(`${bold(model.name)}, ${samples}\n`);
  const right = (title: string) => ({ title, align: 'right' as const });
  terminal.print(
    renderTable(
      [
        ...[{ title: 'target' }, { title: 'kernels' }],
        ...['cycles', 'max', 'worst case', 'ms', 'flash', 'of', 'RAM', 'of', words.score].map(right),
      ],
      reports.map((report) => {
        const { simulation } = report;
        const { flash, ram } = simulation;
        const memory = [
          bytes(flash.code + flash.weights),
          bytes(flash.available),
          bytes(ram.static + (ram.stack ?? 0)),
          bytes(ram.available),
        ];
        if (simulation.kind === 'does-not-fit') {
          return [simulation.target, simulation.kernels, red('does not fit'), '', '', '', ...memory, ''];
        }
        const { cycles, milliseconds } = simulation;
        const costs = [cycles.mean, cycles.max, cycles.worst].map(count);
        const ms = estimateMark(simulation.target) + milliseconds.mean.toFixed(2);
        const main = mainScore(report);
        const score = main === undefined ? '' : words.scoreText(main);
        return [simulation.target, simulation.kernels, ...costs, ms, ...memory, score];
      }),
    ),
  );
  printAssumedTiming(
    terminal,
    reports.map(({ simulation }) => simulation).filter(({ kind }) => kind === 'simulated'),
  );
  for (const { simulation } of reports) {
    if (simulation.kind === 'does-not-fit')
      terminal.print(`\n${red('✗')} ${simulation.target}: ${missingText(simulation)}`);
    else printPlainLayers(terminal, simulation, simulation.target);
  }
}

/** Before a time that is an estimate: `≈`. */
export function estimateMark(target: string): string {
  return findSimulationTarget(target).assumedTiming === undefined ? '' : '≈';
}

function printAssumedTiming(terminal: Terminal, simulations: readonly Simulation[]): void {
  for (const { target } of simulations) {
    const { assumedTiming } = findSimulationTarget(target);
    if (assumedTiming !== undefined) terminal.print(`\n≈ cycles of ${target} are estimates: ${assumedTiming}`);
  }
}

/** The mean of a real part, in cycles, by the extremes of the figures that there are. */
function bandOf({ least, most }: CycleBand, mean: number): { readonly low: number; readonly high: number } {
  return { low: Math.round(mean * (1 + least)), high: Math.round(mean * (1 + most)) };
}

function printBand(terminal: Terminal, target: string, mean: number): void {
  const { cycleBand } = findSimulationTarget(target);
  if (cycleBand === undefined) return;
  const { low, high } = bandOf(cycleBand, mean);
  const percents = [cycleBand.least, cycleBand.most].map(
    (ratio) => `${ratio < 0 ? '−' : '+'}${(100 * Math.abs(ratio)).toFixed(1)} %`,
  );
  terminal.print(
    terminal.colors.dim(
      `a real ${target}: mean ${count(low)} to ${count(high)} cycles (${percents.join(' to ')}), by ${cycleBand.source}`,
    ),
  );
}

function printMemory(terminal: Terminal, { basis, flash, ram }: Simulation): void {
  const stack = ram.stack === undefined ? 'stack not known' : `stack ${bytes(ram.stack)}`;
  const line = (name: string, parts: string, used: number, available: number) =>
    terminal.print(`${name.padEnd(10)}${parts} = ${bytes(used)} of ${bytes(available)}`);
  line(
    'flash',
    `code ${bytes(flash.code)} + weights ${bytes(flash.weights)}`,
    flash.code + flash.weights,
    flash.available,
  );
  line('RAM', `static ${bytes(ram.static)} + ${stack}`, ram.static + (ram.stack ?? 0), ram.available);
  if (basis === 'estimated') {
    terminal.print(
      `${''.padEnd(10)}estimated: where the compiler of \`bitnetmcu firmware\` is installed, firmware is measured`,
    );
  }
}

function missingText({ missing }: Extract<Simulation, { kind: 'does-not-fit' }>): string {
  return [
    missing.flash > 0 ? `${bytes(missing.flash)} of flash` : undefined,
    missing.ram > 0 ? `${bytes(missing.ram)} of RAM` : undefined,
  ]
    .filter((part) => part !== undefined)
    .join(' and ')
    .concat(' are missing');
}

function mixText({ mix }: Extract<Simulation, { kind: 'simulated' }>): string {
  const kinds = Object.entries(mix).filter(([, one]) => one.count > 0);
  const total = kinds.reduce((sum, [, one]) => sum + one.count, 0);
  return kinds
    .sort(([, a], [, b]) => b.count - a.count)
    .map(([kind, one]) => `${kind} ${((100 * one.count) / total).toFixed(0)} %`)
    .join(', ');
}

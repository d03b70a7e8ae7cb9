// What comes after the last epoch: integers, their scores on the test part, the parts that they fit, the files and the screen of all that.
import { dirname, join } from 'node:path';
import { findPart } from '@bitnetmcu/mcu-runtime/internal/targets';
import type { SimulationTargetName } from '@bitnetmcu/mcu-runtime/targets';
import { type QuantizedModel, quantizeInput, summarizeModel } from '@bitnetmcu/models';
import { elementCount, taskOf, visibleText } from '@bitnetmcu/models/internal';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import type { RunResult, TrainingRun } from '@bitnetmcu/trainer';
import type { QuantizedNetwork } from '../inputs/calibration.js';
import { lookAtTrained, type TrainedLook } from '../inputs/trained-look.js';
import { encodeModelFor, withKeptSamples } from '../inputs/written-model.js';
import { trainedAssumptions } from '../onnx/assumed.js';
import type { Searched } from '../own-data/auto-training.js';
import { printConfusion } from '../render/confusion.js';
import { printFits } from '../render/fits.js';
import { printAssumed, printTrainedLook } from '../render/look.js';
import { projectCommand } from '../render/project-command.js';
import { bytes, duration } from '../render/quantities.js';
import { scoreText } from '../render/score-words.js';
import { shellPath } from '../render/shell-word.js';
import type { Terminal } from '../terminal.js';
import { type Confusion, confusionOf } from './confusion.js';
import { type Fit, fitsOf, TIMED_SAMPLES } from './fits.js';
import { predict } from './predict.js';
import { fitDivisor, withProbabilityScale } from './probabilities.js';
import { MODEL_FILE, reportJson, writeRunReport } from './run-report.js';
import { type TaskScores, taskScores } from './task-score.js';

type Finished = Extract<RunResult, { status: 'finished' }>;

/** What was found out of the integers. */
interface Judged {
  readonly model: QuantizedModel;
  /** Of classes. */
  readonly confusion?: Confusion;
  readonly look?: TrainedLook;
  /** Of whatever else is learned. */
  readonly scores?: TaskScores;
  readonly fits: readonly Fit[];
}

export interface TrainingEnd {
  readonly result: Finished;
  readonly seconds: number;
  /** Where --auto searched. */
  readonly searched?: Searched | undefined;
  /** The part that was asked for. */
  readonly target?: SimulationTargetName | undefined;
}

/**
 * Writes model.bnm, report.json, confusion.csv and training.svg, and shows them.
 * @param quantized undefined where the network has no integer form
 * @returns whether the look at the integers found something to warn of
 */
export async function finishTraining(
  run: TrainingRun,
  { result, seconds, searched, target }: TrainingEnd,
  quantized: QuantizedNetwork | undefined,
  terminal: Terminal,
): Promise<boolean> {
  const folder = run.checkpointPath === undefined ? '.' : dirname(run.checkpointPath);
  const { spec, labels } = run.trainedNetwork();
  const { network } = run.config;
  const preset = typeof network === 'string' ? network : undefined;
  const judged = quantized && (await judge(run, result, quantized.model, labels, terminal));
  const modelFile = judged && join(folder, MODEL_FILE);
  if (judged && modelFile) {
    const kept = withKeptSamples(judged.model, run.judgedSamples('test').samples);
    writeFileAtomic(modelFile, encodeModelFor(modelFile, kept));
  }
  const weightBytes = judged && summarizeModel(judged.model).total.bytes;
  const validation = result.history.at(-1)?.validation?.accuracy;
  const assumed = quantized && trainedAssumptions(quantized);
  const summary = {
    status: result.status,
    network: spec.name,
    ...(preset && { preset }),
    dataset: run.dataset.name,
    epochs: result.history.length,
    seed: run.config.seed,
    engine: run.engine,
    trainSeconds: seconds,
    ...(searched && { search: searched }),
    ...(validation === undefined ? {} : { validationAccuracy: validation }),
    task: taskOf(spec),
    test: result.test,
    testAccuracy: result.test.accuracy,
    ...(weightBytes === undefined ? {} : { weightBytes }),
    output: folder,
    checkpoint: run.checkpointPath,
    model: modelFile,
    ...(assumed && { assumed }),
    ...(judged?.look && { look: judged.look }),
    ...(judged?.scores && { integerScores: judged.scores.scores }),
  };
  const report = { summary, confusion: judged?.confusion, fits: judged?.fits ?? [] };
  writeRunReport(folder, report, result.history, { title: `${spec.name} on ${run.dataset.name}`, task: taskOf(spec) });
  terminal.printJson({ ...summary, ...reportJson(report) });
  const { bold, green, dim } = terminal.colors;
  terminal.print(
    `${green('✓')} ${bold(spec.name)}${preset === undefined || preset === spec.name ? '' : ` (${preset})`}: ${bold(scoreText(taskOf(spec), result.test))} of the test samples of ${visibleText(run.dataset.name)}` +
      `${validation === undefined ? '' : dim(` (validation ${scoreText(taskOf(spec), result.history.at(-1)!.validation!)})`)}, ${result.history.length} epochs in ${duration(seconds)}`,
  );
  if (weightBytes !== undefined)
    terminal.print(`  ${bytes(weightBytes)} of weights, written to ${visibleText(modelFile ?? '')}`);
  if (assumed) printAssumed(terminal, assumed.lines);
  if (judged) {
    if (judged.look) printTrainedLook(terminal, judged.look);
    if (judged.confusion) printConfusion(terminal, judged.confusion, 'integers:');
    if (judged.scores) terminal.print(`${green('✓')} integers: ${judged.scores.line}`);
    printFits(terminal, judged.fits, modelFile ?? MODEL_FILE);
  }
  if (judged && modelFile !== undefined)
    printNext(terminal, modelFile, run.dataset.test.count, target ?? partOf(judged.fits));
  return (judged?.look?.warnings.length ?? 0) > 0;
}

async function judge(
  run: TrainingRun,
  result: Finished,
  model: QuantizedModel,
  labels: readonly string[],
  terminal: Terminal,
): Promise<Judged> {
  terminal.status('Looking at the integers on the test part, and at the parts that they fit …');
  const test = run.judgedSamples('test').samples;
  const tested = await predict(model, test);
  const timed = Math.min(TIMED_SAMPLES, test.count) * elementCount(model.input.shape);
  const samples = quantizeInput(model, test.bytes.subarray(0, timed));
  // The training is done: whatever goes wrong in looking at parts does not keep its model from being written.
  const fits = await fitsOf(model, samples).catch((error: Error) => {
    terminal.note(`It was not found out which parts it fits: ${visibleText(error.message)}`);
    return [];
  });
  if (model.output !== undefined) {
    const scores = taskScores(model, test, quantizeInput(model, test.bytes), tested);
    return { model, fits, ...(scores && { scores }) };
  }
  const judged = run.judgedSamples();
  const validation = result.history.at(-1)?.validation?.accuracy;
  const score = judged.part === 'validation' && validation !== undefined ? validation : result.test.accuracy;
  const look = lookAtTrained(model, judged, score, labels);
  const scaled = judged.part === 'test' ? tested : await predict(model, judged.samples);
  const divisor = fitDivisor(scaled.logits, scaled.outputs, judged.samples.labels);
  return {
    model: withProbabilityScale(model, { divisor, samples: judged.samples.count, part: judged.part }),
    confusion: confusionOf(classNames(labels, tested.outputs), test.labels, tested.classes),
    fits,
    look,
  };
}

/** Names of all classes that logits can stand for. */
function classNames(labels: readonly string[], outputs: number): string[] {
  return Array.from({ length: Math.max(labels.length, outputs === 1 ? 2 : outputs) }, (_, i) => labels[i] ?? String(i));
}

/** Whether a part has room to spare: estimates are not exact. */
function hasRoom({ flash, ram, available }: Fit): boolean {
  return flash <= 0.75 * available.flash && ram <= 0.75 * available.ram;
}

/**
 * The first part, which is the default of the command; where the model does not fit that another one, with room to spare or without; `none` where it
 * fits none that was looked at.
 */
export function partOf(fits: readonly Fit[]): SimulationTargetName | 'none' | undefined {
  const fitting = fits.find((one, i) => one.fits && (i === 0 || hasRoom(one))) ?? fits.find((one) => one.fits);
  if (fits.length > 0 && fitting === undefined) return 'none';
  return fitting === fits[0] ? undefined : fitting?.target;
}

function printNext(
  terminal: Terminal,
  modelFile: string,
  testSamples: number,
  target: SimulationTargetName | 'none' | undefined,
): void {
  const sample = Math.min(42, testSamples - 1);
  const path = shellPath(modelFile);
  const isForBoard = target === undefined || target === 'none' || findPart(target).firmware !== undefined;
  const project = (): readonly [command: string, what: string] => {
    if (target === 'none') return [`bitnetmcu sim ${path} --target all`, 'what each part lacks'];
    if (target === undefined) return [`bitnetmcu firmware ${path}`, 'a project for a board, with a self-test'];
    const what = isForBoard ? 'a project for a board, with a self-test' : `C source with fast kernels for ${target}`;
    return [projectCommand(target, path), what];
  };
  const steps: readonly (readonly [command: string, what: string])[] = [
    [`bitnetmcu infer ${path} ${sample}`, `what it makes of test sample ${sample}`],
    ...(isForBoard ? [[`bitnetmcu export ${path}`, 'C source'] as const] : []),
    project(),
  ];
  const width = Math.max(...steps.map(([command]) => command.length)) + 4;
  terminal.print(`\nNext\n${steps.map(([command, what]) => `  ${command.padEnd(width)}${what}`).join('\n')}`);
}

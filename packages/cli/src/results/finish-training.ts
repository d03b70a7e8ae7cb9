// What comes after the last epoch: integers, their scores on the test part, the parts that they fit, the files and the screen of all that.
import { dirname, join } from 'node:path';
import { type QuantizedModel, quantizeInput, summarizeModel } from '@bitnetmcu/models';
import { elementCount, visibleText } from '@bitnetmcu/models/internal';
import { writeModelFile } from '@bitnetmcu/models/node';
import type { RunResult, TrainingRun } from '@bitnetmcu/trainer';
import type { QuantizedNetwork } from '../inputs/calibration.js';
import { lookAtTrained, type TrainedLook } from '../inputs/trained-look.js';
import { trainedAssumptions } from '../onnx/assumed.js';
import { printConfusion } from '../render/confusion.js';
import { printFits } from '../render/fits.js';
import { printAssumed, printTrainedLook } from '../render/look.js';
import { bytes, duration, percent } from '../render/quantities.js';
import { shellPath } from '../render/shell-word.js';
import type { Terminal } from '../terminal.js';
import { type Confusion, confusionOf } from './confusion.js';
import { type Fit, fitsOf } from './fits.js';
import { predict } from './predict.js';
import { fitDivisor, withProbabilityScale } from './probabilities.js';
import { MODEL_FILE, reportJson, writeRunReport } from './run-report.js';

type Finished = Extract<RunResult, { status: 'finished' }>;

/** What was found out of the integers. */
interface Judged {
  readonly model: QuantizedModel;
  readonly confusion: Confusion;
  readonly fits: readonly Fit[];
  readonly look: TrainedLook;
}

/**
 * Writes model.bnm, report.json, confusion.csv and training.svg, and shows them.
 * @param quantized undefined where the network has no integer form
 * @returns whether the look at the integers found something to warn of
 */
export async function finishTraining(
  run: TrainingRun,
  { result, seconds }: { readonly result: Finished; readonly seconds: number },
  quantized: QuantizedNetwork | undefined,
  terminal: Terminal,
): Promise<boolean> {
  const folder = run.checkpointPath === undefined ? '.' : dirname(run.checkpointPath);
  const { spec, labels } = run.trainedNetwork();
  const judged = quantized && (await judge(run, result, quantized.model, labels));
  const modelFile = judged && join(folder, MODEL_FILE);
  if (judged && modelFile) writeModelFile(modelFile, judged.model);
  const weightBytes = judged && summarizeModel(judged.model).total.bytes;
  const validation = result.history.at(-1)?.validation?.accuracy;
  const assumed = quantized && trainedAssumptions(quantized);
  const summary = {
    status: result.status,
    network: spec.name,
    dataset: run.dataset.name,
    epochs: result.history.length,
    seed: run.config.seed,
    engine: run.engine,
    trainSeconds: seconds,
    ...(validation === undefined ? {} : { validationAccuracy: validation }),
    testAccuracy: result.test.accuracy,
    ...(weightBytes === undefined ? {} : { weightBytes }),
    output: folder,
    checkpoint: run.checkpointPath,
    model: modelFile,
    ...(assumed && { assumed }),
    ...(judged && { look: judged.look }),
  };
  const report = { summary, confusion: judged?.confusion, fits: judged?.fits ?? [] };
  writeRunReport(folder, report, result.history, `${spec.name} on ${run.dataset.name}`);
  terminal.printJson({ ...summary, ...reportJson(report) });
  const { bold, green, dim } = terminal.colors;
  terminal.print(
    `${green('✓')} ${bold(spec.name)}: ${bold(percent(result.test.accuracy))} of the test samples of ${visibleText(run.dataset.name)}` +
      `${validation === undefined ? '' : dim(` (validation ${percent(validation)})`)}, ${result.history.length} epochs in ${duration(seconds)}`,
  );
  if (weightBytes !== undefined)
    terminal.print(`  ${bytes(weightBytes)} of weights, written to ${visibleText(modelFile ?? '')}`);
  if (assumed) printAssumed(terminal, assumed.lines);
  if (judged) {
    printTrainedLook(terminal, judged.look);
    printConfusion(terminal, judged.confusion, 'integers:');
    printFits(terminal, judged.fits);
  }
  if (modelFile !== undefined) printNext(terminal, modelFile, run.dataset.test.count);
  return judged !== undefined && judged.look.warnings.length > 0;
}

async function judge(
  run: TrainingRun,
  result: Finished,
  model: QuantizedModel,
  labels: readonly string[],
): Promise<Judged> {
  const judged = run.judgedSamples();
  const validation = result.history.at(-1)?.validation?.accuracy;
  const score = judged.part === 'validation' && validation !== undefined ? validation : result.test.accuracy;
  const look = lookAtTrained(model, judged, score, labels);
  const test = run.judgedSamples('test').samples;
  const tested = await predict(model, test);
  const scaled = judged.part === 'test' ? tested : await predict(model, judged.samples);
  const divisor = fitDivisor(scaled.logits, scaled.outputs, judged.samples.labels);
  const sample = quantizeInput(model, test.bytes.subarray(0, elementCount(model.input.shape)));
  return {
    model: withProbabilityScale(model, { divisor, samples: judged.samples.count, part: judged.part }),
    confusion: confusionOf(classNames(labels, tested.outputs), test.labels, tested.classes),
    fits: await fitsOf(model, sample),
    look,
  };
}

/** Names of all classes that logits can stand for. */
function classNames(labels: readonly string[], outputs: number): string[] {
  return Array.from({ length: Math.max(labels.length, outputs === 1 ? 2 : outputs) }, (_, i) => labels[i] ?? String(i));
}

function printNext(terminal: Terminal, modelFile: string, testSamples: number): void {
  const sample = Math.min(42, testSamples - 1);
  const path = shellPath(modelFile);
  const steps: readonly (readonly [command: string, what: string])[] = [
    [`bitnetmcu infer ${path} ${sample}`, `what it makes of test sample ${sample}`],
    [`bitnetmcu export ${path}`, 'C source'],
    [`bitnetmcu firmware ${path}`, 'a project for a board, with a self-test'],
  ];
  const width = Math.max(...steps.map(([command]) => command.length)) + 4;
  terminal.print(`\nNext\n${steps.map(([command, what]) => `  ${command.padEnd(width)}${what}`).join('\n')}`);
}

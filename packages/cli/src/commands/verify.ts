// `bitnetmcu verify`: do all implementations of a model give identical logits over a data set, and how near is it to its float network?
import { type VerifyOptions, verify } from '@bitnetmcu/exporter';
import { visibleText } from '@bitnetmcu/models/internal';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { EXIT_CODES } from '../exit-codes.js';
import { addDataFlags, noteFewClasses, testSamples } from '../inputs/dataset.js';
import { chooseImplementations, IMPLEMENTATION_NAMES, IMPLEMENTATIONS } from '../inputs/implementations.js';
import { MODEL_ARGUMENT, readQuantizedModel } from '../inputs/model.js';
import { addTrustFlag, type DataTrust, openModelData } from '../inputs/model-data.js';
import { BAUD, baudOf, requirePort, TIMEOUT_SECONDS, timeoutOf } from '../inputs/port-flags.js';
import { wholeNumber } from '../inputs/whole-number.js';
import { withInterrupt } from '../interrupt.js';
import { comparisonAssumptions } from '../onnx/assumed.js';
import { compareAgainst, taskAgainst } from '../onnx/compare-against.js';
import { parsePreprocessing } from '../onnx/graph-samples.js';
import { boardExitCode, boardProgress, printBoard } from '../render/board-verification.js';
import { printComparison } from '../render/float-comparison.js';
import { printAssumed } from '../render/look.js';
import { percent } from '../render/quantities.js';
import { bar } from '../render/score-bars.js';
import {
  printVerification,
  totalMismatches,
  type VerificationWords,
  verificationJson,
  verificationWords,
} from '../render/verification.js';
import { type TaskScores, taskScores } from '../results/task-score.js';
import { verifyBoard } from '../serial/verify-board.js';
import type { Terminal } from '../terminal.js';

interface VerifyFlags extends Record<string, unknown>, DataTrust {
  readonly images?: string;
  readonly implementations?: string;
  readonly against?: string;
  readonly preprocessing?: string;
  readonly worst?: string;
  readonly maxLoss?: string;
  readonly port?: string;
  readonly baud?: string;
  readonly timeout?: string;
}

/** The images that are drawn of those furthest from the float network. */
const WORST = 10;

export function verifyCommand({ terminal, setExitCode }: CommandContext) {
  const command = newCommand(
    'verify',
    'Compares implementations of a model bit for bit over the test samples of a data set.',
  )
    .argument('<model>', MODEL_ARGUMENT)
    .option('--images <number>', 'only the first so many test samples (default: all)')
    .option(
      '--implementations <a,b,…>',
      `which to compare, the first one is the reference (default: all that run here)`,
    )
    .option('--against <file.onnx>', 'compare with the float network that the model was imported from instead')
    .option('--worst <number>', `--against: how many images with the largest differences are drawn (default: ${WORST})`)
    .option('--max-loss <points>', '--against: the most percentage points of accuracy that integers may lose')
    .option(
      '--preprocessing <divisor,mean,deviation>',
      '--against: what stands in front of the graph (default: what the import noted)',
    );
  command
    .option('--port <device>', 'compare a board on this serial port instead (firmware of `firmware --serial`)')
    .option('--baud <rate>', `--port: bits a second (default: ${BAUD})`)
    .option('--timeout <seconds>', `--port: how long the board may take for an answer (default: ${TIMEOUT_SECONDS})`);
  addTrustFlag(command);
  addDataFlags(command);
  command.addHelpText(
    'after',
    `\nImplementations\n${IMPLEMENTATION_NAMES.map((name) => `  ${name.padEnd(19)} ${IMPLEMENTATIONS[name].description}`).join('\n')}` +
      `
\nExits with 1 if any logit of any image differs, or with --against if more accuracy is lost than --max-loss says.

Examples
  bitnetmcu verify demo-out/model.bnm
  bitnetmcu verify demo-out/model.bnm --port /dev/ttyUSB0 --images 1000
  bitnetmcu verify lenet.bnm --against lenet.onnx --data mnist --max-loss 0.1`,
  );
  return command.action(async (path: string, given: VerifyFlags) => {
    const limit = wholeNumber('--images', given.images);
    if (given.against !== undefined) {
      if (given.port !== undefined) throw new CliError('usage', '--against and --port are two comparisons: give one.');
      await verifyAgainst(path, given.against, given, limit);
      return;
    }
    const useless = (['preprocessing', 'worst', 'maxLoss'] as const).filter((key) => given[key] !== undefined);
    if (useless.length > 0) throw new CliError('usage', `Without --against there is no use for ${useless.join(', ')}.`);
    if (given.port !== undefined) {
      await verifyPort(path, given.port, given, limit);
      return;
    }
    requirePort(given);
    const { backends, skipped } = chooseImplementations(given.implementations?.split(','));
    const model = await readQuantizedModel(path, terminal, given);
    const dataset = await openModelData(given, model, terminal);
    const samples = testSamples(dataset, model, limit);
    if (limit !== undefined) noteFewClasses(dataset, samples, terminal);
    const { inputs, fitted } = samples;
    const words = verificationWords(model);
    const scored = (logits: Int32Array) =>
      taskScores(model, fitted, inputs, { outputs: logits.length / fitted.count, logits });
    let scores: TaskScores | undefined;
    const score = (logits: Int32Array) => {
      scores = scored(logits);
      return scores?.main;
    };
    const onProgress = verifyProgress(terminal, words.samples);
    const result = await withInterrupt(terminal, 'Stopping …', (signal) =>
      verify(model, backends, inputs, fitted.labels, { signal, onProgress, ...(model.output && { score }) }),
    );
    terminal.clearStatus();
    terminal.printJson({
      model: model.name,
      dataset: dataset.name,
      ...verificationJson(result, skipped),
      ...(scores && { integerScores: scores.scores }),
    });
    terminal.print(`${terminal.colors.bold(model.name)} on the test samples of ${visibleText(dataset.name)}\n`);
    printVerification(terminal, result, skipped, words);
    if (scores) terminal.print(`  ${scores.line}`);
    setExitCode(totalMismatches(result) === 0 ? EXIT_CODES.ok : EXIT_CODES.checkFailed);
  });

  async function verifyPort(path: string, port: string, given: VerifyFlags, limit: number | undefined) {
    if (given.implementations !== undefined) {
      throw new CliError('usage', '--port compares a board with the reference; leave out --implementations.');
    }
    const baud = baudOf(given.baud);
    const timeoutSeconds = timeoutOf(given.timeout);
    const model = await readQuantizedModel(path, terminal, given);
    const dataset = await openModelData(given, model, terminal);
    const samples = testSamples(dataset, model, limit);
    if (limit !== undefined) noteFewClasses(dataset, samples, terminal);
    const words = verificationWords(model);
    const result = await withInterrupt(terminal, 'Stopping …', (signal) =>
      verifyBoard(model, samples.inputs, {
        ...{ port, baud, timeoutSeconds, signal },
        onProgress: boardProgress(terminal, samples.fitted.count, words.samples),
      }),
    );
    terminal.clearStatus();
    terminal.printJson({ model: model.name, dataset: dataset.name, port, ...result });
    terminal.print(
      `${terminal.colors.bold(model.name)} on ${visibleText(port)}, on the test samples of ${visibleText(dataset.name)}\n`,
    );
    printBoard(terminal, result, words.samples);
    setExitCode(boardExitCode(result));
  }

  async function verifyAgainst(path: string, against: string, given: VerifyFlags, limit: number | undefined) {
    if (given.implementations !== undefined) {
      throw new CliError('usage', '--against compares the reference implementation; leave out --implementations.');
    }
    const maxLoss = given.maxLoss === undefined ? undefined : share(given.maxLoss);
    const preprocessing = given.preprocessing === undefined ? undefined : parsePreprocessing(given.preprocessing);
    const worst = wholeNumber('--worst', given.worst, { least: 0 }) ?? WORST;
    const model = await readQuantizedModel(path, terminal, given);
    const dataset = await openModelData(given, model, terminal);
    const samples = testSamples(dataset, model, limit);
    if (limit !== undefined) noteFewClasses(dataset, samples, terminal);
    const { fitted } = samples;
    const comparison = await compareAgainst(model, { path: against, preprocessing, worst }, fitted, terminal);
    const { accuracy } = comparison;
    const task = await taskAgainst(model, against, preprocessing, dataset, fitted, terminal);
    const scores = task?.scores ?? accuracy;
    const loss = scores ? scores.float - scores.integer : 0;
    const lost = maxLoss !== undefined && loss > maxLoss;
    const assumed = comparisonAssumptions(model, preprocessing, dataset.shape, comparison.activation);
    const json = {
      model: model.name,
      against,
      dataset: dataset.name,
      ...comparison,
      ...(task && { scores: task.scores }),
      assumed,
      loss,
      passed: !lost,
    };
    terminal.printJson(json);
    terminal.print(
      `${terminal.colors.bold(model.name)} against ${visibleText(against)}, on the test samples of ${visibleText(dataset.name)}`,
    );
    printAssumed(terminal, assumed.lines);
    terminal.print();
    if (task) terminal.print(`${task.line}\n`);
    printComparison(terminal, model, comparison, fitted);
    if (lost) {
      terminal.note(
        `Integers lose ${percent(loss)} of accuracy, at most ${percent(maxLoss)} wanted: fine-tune (\`bitnetmcu import --finetune\`) or give layers more bits (--mixed).`,
      );
    }
    setExitCode(lost ? EXIT_CODES.checkFailed : EXIT_CODES.ok);
  }
}

/** Shows which implementation is at work. */
export function verifyProgress(
  terminal: Terminal,
  samples: VerificationWords['samples'] = 'images',
): NonNullable<VerifyOptions['onProgress']> {
  return ({ backend, done, images }) =>
    terminal.status(`${bar(done / images, 20).padEnd(20, '·')} ${backend}  ${done} of ${images} ${samples}`);
}

/** Percentage points as a share of 1. */
function share(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 100) return value / 100;
  throw new CliError('usage', `--max-loss ${text}: percentage points from 0 to 100 are wanted, such as 0.1.`);
}

// `bitnetmcu demo`: the whole journey once. Trains the 12 kB network on MNIST, exports C, runs it on all test images and compares.
import { cpus } from 'node:os';
import { join } from 'node:path';
import { quantize, verify } from '@bitnetmcu/exporter';
import { exportFiles, MODEL_FOLDER } from '@bitnetmcu/exporter/internal/node';
import { type QuantizedModel, summarizeModel } from '@bitnetmcu/models';
import { visibleText } from '@bitnetmcu/models/internal';
import { checkWritableFiles, isOwnFile, writeFiles } from '@bitnetmcu/models/internal/node';
import type { ExistingFiles } from '@bitnetmcu/models/node';
import { createTrainingRun, type Dataset, parseTrainingConfig, type TrainingRun } from '@bitnetmcu/trainer';
import { RunFolder } from '@bitnetmcu/trainer/internal';
import { type CommandContext, newCommand } from '../command.js';
import { EXIT_CODES } from '../exit-codes.js';
import { addDataFlags, dataSpec, testSamples } from '../inputs/dataset.js';
import { addExistingFlags, type ExistingFlags, existingFiles, noteLeft } from '../inputs/existing-files.js';
import { chooseImplementations } from '../inputs/implementations.js';
import { openNamedDataset } from '../inputs/model-data.js';
import { encodeModelFor, withKeptSamples } from '../inputs/written-model.js';
import { withInterrupt } from '../interrupt.js';
import { bytes, count, duration, percent } from '../render/quantities.js';
import { shellPath } from '../render/shell-word.js';
import { trainingCurve } from '../render/training-curve.js';
import { printVerification, totalMismatches, verificationJson } from '../render/verification.js';
import { CURVE_FILE, MODEL_FILE } from '../results/run-report.js';
import type { Terminal } from '../terminal.js';
import { cliVersion } from '../version.js';
import { reportInterruption, runTraining } from './run-training.js';
import { verifyProgress } from './verify.js';

interface DemoFlags extends Record<string, unknown>, ExistingFlags {
  readonly epochs: string;
  readonly seed: string;
  readonly engine: string;
  readonly output: string;
}

const NETWORK = 'fc-12k';
/** Files of the demo beside those of its run and export. */
const SUMMARY_FILE = 'summary.json';

/**
 * All training images, because nothing is selected here. Chosen on a validation split (5 000 images, one seed a recipe): at this size the network
 * has no capacity for the trainer's default augmentation, and learns in 60 epochs only at twice its default learning rate.
 */
const RECIPE = {
  network: NETWORK,
  validation: 0,
  learningRate: 0.002,
  augmentation: { rotations: 1, rotation: 10, translation: 0.06, scale: [0.9, 1.1] },
} as const;

/** What belongs to the demo's run besides. */
const RESULTS = [MODEL_FILE];

export function demoCommand({ terminal, setExitCode }: CommandContext) {
  const command = newCommand(
    'demo',
    'The whole journey once: trains fc-12k on MNIST, exports C, verifies it on all test images.',
  )
    .option('--epochs <number>', 'epochs to train', '60')
    .option('--seed <number>', 'seed of everything random', '1')
    .option(
      '--engine <name>',
      'training engine: auto, native, wasm, or reproducible: the same weights on every machine',
      'auto',
    )
    .option('-o, --output <folder>', 'where the files go; what an earlier demo left there is replaced', 'demo-out');
  addExistingFlags(command, 'several');
  addDataFlags(command);
  command.addHelpText(
    'after',
    '\nWithout a C compiler the exported C is written but not run; WebAssembly is verified instead.',
  );
  return command.action(async (given: DemoFlags) => {
    const started = performance.now();
    const config = parseTrainingConfig({
      ...RECIPE,
      data: dataSpec(given),
      epochs: Number(given.epochs),
      seed: Number(given.seed),
      engine: given.engine,
      output: given.output,
    });
    step(1, `Training ${NETWORK}, ${config.epochs} epochs with augmentation`);
    const dataset = await openNamedDataset(config.data, terminal);
    const existing = existingFiles(given);
    const run = await createTrainingRun(config, {
      dataset,
      folder: demoFolder(given.output, existing),
      results: RESULTS,
      onNotice: (notice) => terminal.note(notice),
    });
    try {
      begin(run, given.output, existing);
      setExitCode(await journey(run, dataset, given.output, existing, started));
    } finally {
      await run.close();
    }
  });

  /** The run of an earlier demo is replaced, another one only when the user says so. */
  function demoFolder(folder: string, existing: ExistingFiles): RunFolder {
    const overwrite = existing === 'overwrite' || isOwnFile(folder, SUMMARY_FILE);
    return RunFolder.create(folder, { results: RESULTS, overwrite });
  }

  /** Finds out before the training whether everything can be written that comes after it, and marks the folder as the demo's. */
  function begin(run: TrainingRun, folder: string, existing: ExistingFiles): void {
    const files = exportFiles(quantize(run.trainedNetwork()).model, { name: 'model' });
    // Contents are not known yet.
    const paths = [...files.map(({ path, yours }) => ({ path, yours })), { path: CURVE_FILE }, { path: SUMMARY_FILE }];
    checkWritableFiles(folder, paths, { existing, generatedFolder: MODEL_FOLDER });
    const summary = { network: NETWORK, status: 'unfinished' };
    writeFiles(folder, [{ path: SUMMARY_FILE, content: `${JSON.stringify(summary, null, 2)}\n` }], { existing });
  }

  async function journey(run: TrainingRun, dataset: Dataset, folder: string, existing: ExistingFiles, started: number) {
    const { result, seconds: trainSeconds } = await runTraining(run, terminal);
    if (result.status === 'interrupted') {
      reportInterruption(terminal, result);
      return EXIT_CODES.interrupted;
    }
    terminal.print(
      `  ${duration(trainSeconds)}, ${percent(result.test.accuracy)} of the test images with fake quantization`,
    );

    step(2, 'Exporting the integer network');
    const { model } = quantize(run.trainedNetwork());
    const exported = exportFiles(model, { name: 'model' });
    const kept = withKeptSamples(model, run.judgedSamples('test').samples);
    const modelFile = { path: MODEL_FILE, content: encodeModelFor(join(folder, MODEL_FILE), kept) };
    noteLeft(writeFiles(folder, [modelFile, ...exported], { existing, generatedFolder: MODEL_FOLDER }), terminal);
    terminal.print(`  ${bytes(weightBytes(model))} of weights; ${exported.length} C files in ${visibleText(folder)}`);

    step(3, 'Running it on all test images and comparing every logit');
    const { backends, skipped } = chooseImplementations(undefined);
    if ('exported-c' in skipped) {
      terminal.note(
        terminal.colors.yellow(
          '! No C compiler: the exported C is not run here; WebAssembly, built from the same kernels, is verified instead.',
        ),
      );
    }
    const { inputs, fitted } = testSamples(dataset, model);
    const verified = await withInterrupt(terminal, 'Stopping …', (signal) =>
      verify(model, backends, inputs, fitted.labels, { signal, onProgress: verifyProgress(terminal) }),
    );
    terminal.clearStatus();
    printVerification(terminal, verified, skipped);

    const mismatches = totalMismatches(verified);
    // The last implementation is the one nearest to the device.
    const testAccuracy = verified.perBackend.at(-1)!.accuracy!;
    const summary = {
      network: NETWORK,
      dataset: dataset.name,
      datasetSha256: dataset.sha256,
      epochs: run.config.epochs,
      seed: run.config.seed,
      testAccuracy,
      floatTestAccuracy: result.test.accuracy,
      images: verified.images,
      mismatches,
      trainSeconds: round(trainSeconds),
      totalSeconds: round((performance.now() - started) / 1000),
      weightBytes: weightBytes(model),
      engine: run.engine,
      verification: verificationJson(verified, skipped),
      versions: { bitnetmcu: cliVersion(), node: process.versions.node, v8: process.versions.v8 },
      machine: {
        platform: `${process.platform}-${process.arch}`,
        cpu: cpus()[0]?.model.trim() ?? 'unknown',
        cores: cpus().length,
      },
    };
    writeFiles(
      folder,
      [
        { path: CURVE_FILE, content: trainingCurve(result.history, `${NETWORK} on ${dataset.name}`) },
        { path: SUMMARY_FILE, content: `${JSON.stringify(summary, null, 2)}\n` },
      ],
      { existing },
    );
    terminal.printJson(summary);
    report(terminal, model, folder, summary);
    return mismatches === 0 ? EXIT_CODES.ok : EXIT_CODES.checkFailed;
  }

  function step(number: number, title: string): void {
    const { bold, cyan } = terminal.colors;
    terminal.print(`${number > 1 ? '\n' : ''}${cyan(`${number}/3`)} ${bold(title)}`);
  }
}

interface Figures {
  readonly testAccuracy: number;
  readonly images: number;
  readonly mismatches: number;
  readonly trainSeconds: number;
  readonly totalSeconds: number;
  readonly weightBytes: number;
}

/** The closing report: what came out, where it is, what to do next. */
function report(terminal: Terminal, model: QuantizedModel, folder: string, figures: Figures): void {
  const { bold, green, red } = terminal.colors;
  const { testAccuracy, images, mismatches, trainSeconds, totalSeconds } = figures;
  const verdict =
    mismatches === 0
      ? green(`0 mismatches in ${count(images)} images`)
      : red(`${count(mismatches)} mismatches in ${count(images)} images: this must not happen, please report it`);
  const { ramBytes } = summarizeModel(model).total;
  terminal.print(`
${bold('Done')} in ${duration(totalSeconds)}, ${duration(trainSeconds)} of it training
  accuracy   ${bold(percent(testAccuracy))} of ${count(images)} test images, integer arithmetic only
  verified   ${verdict}
  size       ${bytes(figures.weightBytes)} of flash for weights, ${bytes(ramBytes)} of RAM for activations
  files      ${join(folder, MODEL_FOLDER)} to compile into your firmware, ${join(folder, MODEL_FILE)} for everything else,
             ${join(folder, 'training.svg')} the course of the training, ${join(folder, 'summary.json')} these figures

${bold('Next')}
  bitnetmcu infer ${shellPath(join(folder, MODEL_FILE))} 42      draw a test image and the scores of its classes
  bitnetmcu inspect ${shellPath(join(folder, MODEL_FILE))}       layers, bytes, entropies, bounds
  bitnetmcu train --preset fc-1k             a network of 1.1 kB
  bitnetmcu train --help                     your own data and networks`);
}

function weightBytes(model: QuantizedModel): number {
  return summarizeModel(model).total.bytes;
}

const round = (seconds: number): number => Math.round(seconds * 100) / 100;

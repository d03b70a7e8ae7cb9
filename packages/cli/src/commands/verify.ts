// `bitnetmcu verify`: do all implementations of a model give identical logits over a data set?
import { type VerifyOptions, verify } from '@bitnetmcu/exporter';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { EXIT_CODES } from '../exit-codes.js';
import { addDataFlags, dataSpec, openDataset, testSamples } from '../inputs/dataset.js';
import { chooseImplementations, IMPLEMENTATION_NAMES, IMPLEMENTATIONS } from '../inputs/implementations.js';
import { MODEL_ARGUMENT, readQuantizedModel } from '../inputs/model.js';
import { withInterrupt } from '../interrupt.js';
import { bar } from '../render/score-bars.js';
import { printVerification, totalMismatches, verificationJson } from '../render/verification.js';
import type { Terminal } from '../terminal.js';

interface VerifyFlags extends Record<string, unknown> {
  readonly images?: string;
  readonly implementations?: string;
}

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
    );
  addDataFlags(command);
  command.addHelpText(
    'after',
    `\nImplementations\n${IMPLEMENTATION_NAMES.map((name) => `  ${name.padEnd(12)} ${IMPLEMENTATIONS[name].description}`).join('\n')}` +
      '\n\nExits with 1 if any logit of any image differs.',
  );
  return command.action(async (path: string, given: VerifyFlags) => {
    const limit = given.images === undefined ? undefined : wholeNumber(given.images);
    const { backends, skipped } = chooseImplementations(given.implementations?.split(','));
    const model = await readQuantizedModel(path);
    const dataset = await openDataset(dataSpec(given, model.provenance), terminal);
    const { inputs, fitted } = testSamples(dataset, model, limit);
    const result = await withInterrupt(terminal, 'Stopping …', (signal) =>
      verify(model, backends, inputs, fitted.labels, { signal, onProgress: verifyProgress(terminal) }),
    );
    terminal.clearStatus();
    terminal.printJson({ model: model.name, dataset: dataset.name, ...verificationJson(result, skipped) });
    terminal.print(`${terminal.colors.bold(model.name)} on the test samples of ${dataset.name}\n`);
    printVerification(terminal, result, skipped);
    setExitCode(totalMismatches(result) === 0 ? EXIT_CODES.ok : EXIT_CODES.checkFailed);
  });
}

/** Shows which implementation is at work. */
export function verifyProgress(terminal: Terminal): NonNullable<VerifyOptions['onProgress']> {
  return ({ backend, done, images }) =>
    terminal.status(`${bar(done / images, 20).padEnd(20, '·')} ${backend}  ${done} of ${images} images`);
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new CliError('usage', `--images ${text}: a whole number above 0 is wanted.`);
}

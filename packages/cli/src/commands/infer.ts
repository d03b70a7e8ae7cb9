// `bitnetmcu infer`: classifies what the model takes (pictures, rows of numbers, arrays, test samples) and says how sure it is.
import { classOf, type QuantizedModel, ReferenceInference } from '@bitnetmcu/models';
import { visibleText } from '@bitnetmcu/models/internal';
import type { Dataset, Samples } from '@bitnetmcu/trainer';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { addDataFlags, givenDataKeys, ownDataSpec } from '../inputs/dataset.js';
import { MODEL_ARGUMENT, readQuantizedModel } from '../inputs/model.js';
import { addTrustFlag, type DataTrust, openKnownData, openModelData } from '../inputs/model-data.js';
import { trainedWithNote } from '../inputs/trained-with.js';
import { drawPicture, pictureOf } from '../render/picture.js';
import { type Scored, scoreLines } from '../render/score-bars.js';
import { shellPath } from '../render/shell-word.js';
import { sideBySide } from '../render/table.js';
import { answerOf, verdictOf as verdictOfAnswer } from '../results/answers.js';
import type { Predictions } from '../results/predict.js';
import { probabilities } from '../results/probabilities.js';
import { taskScores } from '../results/task-score.js';
import { DamagedInputs } from '../samples/damaged-inputs.js';
import { type Nearest, nearestFinder } from '../samples/nearest.js';
import { defaultFit, FITS, type Fit } from '../samples/pictures.js';
import { isSampleNumber, numberedSamples, readInput, requireFile } from '../samples/read-samples.js';
import type { InferSample } from '../samples/sample.js';
import { tableStyle } from '../samples/table-style.js';

interface InferFlags extends Record<string, unknown>, DataTrust {
  readonly model?: string;
  readonly fit?: string;
  readonly nearest: boolean;
}

/** Beyond so many samples each gets one line. */
const MOST_SHOWN = 10;
/** Channels of a sample that a line names. */
const MOST_NAMED = 4;

export function inferCommand({ terminal }: CommandContext) {
  const command = newCommand(
    'infer',
    'Classifies pictures, rows of numbers, arrays, recordings or test samples, with probabilities.',
  )
    .argument('[model]', `${MODEL_ARGUMENT} (or use --model)`)
    .argument(
      '[inputs...]',
      'pictures (.png, .jpg), rows (.csv, .tsv, - for standard input), arrays (.npz, .npy), recordings (.wav), or numbers of test samples (0 is the first)',
    )
    .option('--model <model>', 'the model; all arguments are inputs then')
    .option(
      '--fit <how>',
      'pictures: `stretch` reads them as training did, `digit` cuts out a digit and centres it as MNIST did (default: digit for models of MNIST and EMNIST, else stretch)',
    )
    .option('--no-nearest', 'do not look for the nearest training sample');
  addTrustFlag(command);
  addDataFlags(command);
  command.addHelpText(
    'after',
    `
Examples
  bitnetmcu infer runs/iris/model.bnm flowers.csv
  bitnetmcu infer runs/shapes/model.bnm picture.png photo.jpg
  bitnetmcu infer demo-out/model.bnm 42
  tail -1 log.csv | bitnetmcu infer runs/office/model.bnm -

Pictures are read as the model's training read them. Columns are taken by their names where the table has a header, else in
order; the values of a window that stands in one row in order.
Probabilities are the softmax of the logits divided by a number that training fitted and the model keeps.`,
  );
  return command.action(async (first: string | undefined, rest: string[], given: InferFlags) => {
    const path = given.model ?? first;
    const inputs = given.model === undefined || first === undefined ? rest : [first, ...rest];
    if (path === undefined)
      throw new CliError('usage', 'No model given. Say which, as in `bitnetmcu infer demo-out/model.bnm 42`.');
    if (inputs.length === 0) {
      throw new CliError(
        'usage',
        `Nothing to classify. Give a file or the number of a test sample, as in \`bitnetmcu infer ${shellPath(path)} 0\`.`,
      );
    }
    const asked = fitOf(given.fit);
    inputs.forEach(requireFile);
    const model = await readQuantizedModel(path, terminal, given);
    const numbers = inputs.filter(isSampleNumber).map(Number);
    const dataset = await dataOf(model, given, numbers.length > 0);
    const data = ownDataSpec(model.provenance);
    const reading = {
      ...{ data, model: path, fit: asked ?? defaultFit(data), style: tableStyle(givenDataKeys(given)) },
      say: (note: string) => terminal.note(note),
    };
    const numbered = dataset && numbers.length > 0 ? numberedSamples(model, dataset, numbers) : [];
    const samples: InferSample[] = [];
    const damaged = new DamagedInputs(givenDataKeys(given).skipDamaged === true, inputs.length, reading.say);
    for (const input of inputs) {
      if (isSampleNumber(input)) samples.push(numbered.shift()!);
      else samples.push(...(await damaged.read(() => readInput(model, input, reading, process.stdin))));
    }
    const known = trainedWithNote(inputs, data, path);
    if (known) terminal.note(known);
    const nearest = dataset && given.nearest ? nearestFinder(dataset, model) : undefined;
    await classify(model, samples, nearest);
  });

  /** The data set where test samples are asked for, or where it is one that the user has named before. */
  function dataOf(model: QuantizedModel, given: InferFlags, isNeeded: boolean): Promise<Dataset | undefined> {
    return isNeeded || given.data !== undefined
      ? openModelData(given, model, terminal)
      : given.nearest
        ? openKnownData(model, terminal)
        : Promise.resolve(undefined);
  }

  async function classify(
    model: QuantizedModel,
    samples: readonly InferSample[],
    nearest: ((values: Uint8Array) => Nearest) | undefined,
  ): Promise<void> {
    const loaded = await new ReferenceInference().load(model);
    if (model.output !== undefined) {
      const logits: Int32Array[] = [];
      for (const { input } of samples) logits.push(await loaded.infer(input, 1));
      loaded.close();
      sayAnswers(model, samples, logits);
      return;
    }
    const scale = model.provenance.probabilityScale;
    const nameOf = (label: number): string => model.labels[label] ?? String(label);
    const results: object[] = [];
    let known = 0;
    let right = 0;
    for (const sample of samples) {
      const logits = await loaded.infer(sample.input, 1);
      const winner = classOf(logits);
      const found = {
        winner,
        // One logit stands for class 1, against 0 for class 0.
        logits: logits.length === 1 ? [0, logits[0]!] : [...logits],
        probabilities: scale && probabilities(logits, scale.divisor),
        nearest: nearest?.(sample.values),
      };
      if (sample.label !== undefined) known++;
      if (sample.label === winner) right++;
      terminal.print(samples.length > MOST_SHOWN ? oneLine(model, sample, found) : drawResult(model, sample, found));
      results.push({
        input: sample.title,
        class: winner,
        label: nameOf(winner),
        ...(sample.label === undefined ? {} : { expected: nameOf(sample.label) }),
        logits: [...logits],
        ...(found.probabilities && { probabilities: found.probabilities }),
        ...(found.nearest && { nearest: { trainingSample: found.nearest.number, label: nameOf(found.nearest.label) } }),
        ...(sample.clamped.length > 0 && { clamped: sample.clamped }),
        ...(sample.filled && { filled: sample.filled }),
      });
    }
    loaded.close();
    if (known > 1) terminal.print(`${right} of ${known} right`);
    if (scale) {
      terminal.print(
        terminal.colors.dim(
          `probabilities: softmax of logits / ${scale.divisor}, fitted on ${scale.samples} ${scale.part} samples`,
        ),
      );
    }
    terminal.printJson({ model: model.name, labels: model.labels, ...(scale && { probabilityScale: scale }), results });
  }

  /** What a model that answers no class says of each sample, and the score of those whose truth is known. */
  function sayAnswers(model: QuantizedModel, samples: readonly InferSample[], logits: readonly Int32Array[]): void {
    const { dim, yellow } = terminal.colors;
    const answers = samples.map((sample, i) => answerOf(model, sample.input, logits[i]!, sample));
    const results = samples.map((sample, i) => {
      const { title, clamped, filled } = sample;
      const { json, expected } = answers[i]!;
      terminal.print(`${dim(visibleText(title))}  ${verdictOfAnswer(answers[i]!, terminal.colors)}`);
      for (const remark of inputRemarks(sample)) terminal.print(yellow(`  ${remark}`));
      return {
        input: title,
        logits: [...logits[i]!],
        ...(clamped.length > 0 && { clamped }),
        ...(filled && { filled }),
        ...json,
        ...(expected && { expected: expected.json }),
      };
    });
    const known = [...samples.keys()].filter((i) => answers[i]!.expected !== undefined);
    const scores =
      known.length > 1
        ? taskScores(model, ...judged(known.map((i) => ({ ...samples[i]!, logits: logits[i]! }))))
        : undefined;
    if (scores) terminal.print(`${known.length} samples: ${scores.line}`);
    terminal.printJson({
      model: model.name,
      labels: model.labels,
      ...(scores && { integerScores: scores.scores }),
      results,
    });
  }

  interface Found extends Scored {
    readonly nearest: Nearest | undefined;
  }

  function drawResult(model: QuantizedModel, sample: InferSample, found: Found): string {
    const { bold, dim } = terminal.colors;
    const picture = sample.isPicture ? pictureOf(model.input.shape, sample.values) : undefined;
    const isWide = picture !== undefined && 2 * picture.width + 40 > terminal.columns;
    const drawing = picture === undefined ? [] : drawPicture(picture, terminal.colors.isColorSupported);
    const room = Math.max(10, Math.min(40, terminal.columns - (isWide || picture === undefined ? 40 : 60)));
    const bars = scoreLines(model.labels, found, room, (line) => bold(line));
    const says = ['', ...bars, '', `it says: ${verdictOf(model, sample, found)}`, ...remarksOf(model, sample, found)];
    const body = isWide ? [...drawing, ...says].join('\n') : sideBySide(drawing, says);
    return `${dim(visibleText(sample.title))}\n${picture === undefined ? says.slice(1).join('\n') : body}\n`;
  }

  function oneLine(model: QuantizedModel, sample: InferSample, found: Found): string {
    const probability = found.probabilities?.[found.winner];
    const sure = probability === undefined ? '' : ` ${(100 * probability).toFixed(1)} %`;
    const { clamped, filled = [] } = sample;
    const remarks = [
      ...(clamped.length === 0 ? [] : [`clamped: ${someOf(clamped)}`]),
      ...(filled.length === 0 ? [] : [`missing: ${filled.map(visibleText).join(', ')}`]),
    ];
    return `${terminal.colors.dim(visibleText(sample.title))}  ${verdictOf(model, sample, found)}${sure}${remarks.length === 0 ? '' : `  (${remarks.join('; ')})`}`;
  }

  function verdictOf({ labels }: QuantizedModel, { label }: InferSample, { winner }: Found): string {
    const { bold, green, red } = terminal.colors;
    const name = visibleText(labels[winner] ?? String(winner));
    if (label === undefined) return bold(name);
    return label === winner
      ? green(`${name}, correct`)
      : red(`${name}, but it is ${visibleText(labels[label] ?? String(label))}`);
  }

  function remarksOf({ labels }: QuantizedModel, sample: InferSample, { nearest }: Found): string[] {
    const { dim, yellow } = terminal.colors;
    return [
      ...(nearest === undefined
        ? []
        : [
            dim(
              `nearest training sample: ${nearest.number}, ${visibleText(labels[nearest.label] ?? String(nearest.label))}`,
            ),
          ]),
      ...inputRemarks(sample).map((remark) => yellow(remark)),
    ];
  }
}

/** What of a sample is not as the model's training saw it. */
function inputRemarks({ clamped, filled = [] }: InferSample): string[] {
  return [
    ...(clamped.length === 0 ? [] : [`outside the range of training, counted as its end: ${someOf(clamped)}`]),
    ...(filled.length === 0 ? [] : [`missing, counted as the mean of training: ${filled.map(visibleText).join(', ')}`]),
  ];
}

/** The first of many, for one line; JSON has all. */
function someOf(all: readonly string[]): string {
  const shown = all.slice(0, all.length > MOST_NAMED ? MOST_NAMED - 1 : MOST_NAMED).map(visibleText);
  return [...shown, ...(shown.length < all.length ? [`and ${all.length - shown.length} more`] : [])].join(', ');
}

/** Samples whose truth is known, as scores want them. */
function judged(
  samples: readonly (InferSample & { readonly logits: Int32Array })[],
): [Samples, Int8Array, Pick<Predictions, 'outputs' | 'logits'>] {
  const targets = samples.flatMap((one) => [...(one.targets ?? [])]);
  return [
    {
      count: samples.length,
      bytes: new Uint8Array(0),
      labels: Uint16Array.from(samples, ({ label }) => label ?? 0),
      ...(targets.length > 0 && { targets: Float32Array.from(targets) }),
    },
    Int8Array.from(samples.flatMap(({ input }) => [...input])),
    {
      outputs: samples[0]!.logits.length,
      logits: Int32Array.from(samples.flatMap(({ logits }) => [...logits])),
    },
  ];
}

function fitOf(asked: string | undefined): Fit | undefined {
  if (asked === undefined) return undefined;
  const fit = FITS.find((one) => one === asked);
  if (fit !== undefined) return fit;
  throw new CliError('usage', `--fit ${asked}: one of ${FITS.join(', ')} is wanted.`);
}

// `bitnetmcu infer`: classifies pictures or test images and draws what the network saw.
import { classOf, type QuantizedModel, quantizeInput, ReferenceInference } from '@bitnetmcu/models';
import { elementCount, visibleText } from '@bitnetmcu/models/internal';
import { resizeImages } from '@bitnetmcu/trainer/internal';
import { type CommandContext, newCommand } from '../command.js';
import { CliError } from '../errors.js';
import { fitDigit, inkOnBlack } from '../images/digit-fit.js';
import { readImage } from '../images/read-image.js';
import { addDataFlags, testSamples } from '../inputs/dataset.js';
import { MODEL_ARGUMENT, readQuantizedModel } from '../inputs/model.js';
import { addTrustFlag, type DataTrust, openModelData } from '../inputs/model-data.js';
import { drawPicture, pictureOf } from '../render/picture.js';
import { scoreBars } from '../render/score-bars.js';
import { shellPath } from '../render/shell-word.js';
import { sideBySide } from '../render/table.js';

type Fit = 'digit' | 'stretch';

interface InferFlags extends Record<string, unknown>, DataTrust {
  readonly model?: string;
  readonly fit: string;
}

/** One thing to classify: uint8 values in the model's input shape. */
interface Sample {
  readonly title: string;
  readonly values: Uint8Array;
  /** The same as the model's int8. */
  readonly input: Int8Array;
  readonly label?: number;
}

export function inferCommand({ terminal }: CommandContext) {
  const command = newCommand(
    'infer',
    'Classifies pictures (PNG, JPEG) or test images and draws digit and class scores.',
  )
    .argument('[model]', `${MODEL_ARGUMENT} (or use --model)`)
    .argument('[inputs...]', 'picture files, or numbers of test images (0 is the first)')
    .option('--model <model>', 'the model; all arguments are inputs then')
    .option(
      '--fit <how>',
      'pictures of other sizes: `digit` cuts out and centres as MNIST did, `stretch` scales the whole',
      'digit',
    );
  addTrustFlag(command);
  addDataFlags(command);
  command.addHelpText(
    'after',
    '\nExamples\n  bitnetmcu infer demo-out/model.bnm 42\n  bitnetmcu infer demo-out/model.bnm digit.png photo.jpg\n  bitnetmcu infer --model zoo:fc-1k 42',
  );
  return command.action(async (first: string | undefined, rest: string[], given: InferFlags) => {
    const path = given.model ?? first;
    const inputs = given.model === undefined || first === undefined ? rest : [first, ...rest];
    if (path === undefined)
      throw new CliError('usage', 'No model given. Say which, as in `bitnetmcu infer demo-out/model.bnm 42`.');
    if (inputs.length === 0) {
      throw new CliError(
        'usage',
        `Nothing to classify. Give a picture or the number of a test image, as in \`bitnetmcu infer ${shellPath(path)} 42\`.`,
      );
    }
    if (given.fit !== 'digit' && given.fit !== 'stretch') {
      throw new CliError('usage', `--fit ${given.fit}: one of digit, stretch is wanted.`);
    }
    const model = await readQuantizedModel(path, terminal, given);
    const samples = await readSamples(model, inputs, given, given.fit, terminal);
    const loaded = await new ReferenceInference().load(model);
    const results = samples.map(({ title, values, input, label }) => {
      const logits = loaded.infer(input, 1);
      const winner = classOf(logits);
      terminal.print(drawResult(model, title, values, logits, winner, label));
      return {
        input: title,
        class: winner,
        label: model.labels[winner] ?? String(winner),
        ...(label === undefined ? {} : { expected: model.labels[label] ?? String(label) }),
        logits: [...logits],
      };
    });
    loaded.close();
    terminal.printJson({ model: model.name, labels: model.labels, results });

    function drawResult(
      { labels }: QuantizedModel,
      title: string,
      values: Uint8Array,
      logits: Int32Array,
      winner: number,
      label?: number,
    ): string {
      const { bold, green, red, dim } = terminal.colors;
      const picture = pictureOf(model.input.shape, values);
      const drawing = picture === undefined ? [] : drawPicture(picture, terminal.colors.isColorSupported);
      const room = Math.max(10, Math.min(40, terminal.columns - 60));
      // One logit stands for class 1, against 0 for class 0: so do the probabilities of its sigmoid.
      const scores = logits.length === 1 ? [0, logits[0]!] : logits;
      const bars = scoreBars(labels, scores, winner, room, (line) => bold(line));
      const name = visibleText(labels[winner] ?? String(winner));
      const verdict =
        label === undefined
          ? bold(name)
          : label === winner
            ? green(`${name}, correct`)
            : red(`${name}, but it is ${visibleText(labels[label] ?? String(label))}`);
      return `${dim(visibleText(title))}\n${sideBySide(drawing, ['', ...bars, '', `it says: ${verdict}`])}\n`;
    }
  });
}

async function readSamples(
  model: QuantizedModel,
  inputs: readonly string[],
  given: InferFlags,
  fit: Fit,
  terminal: CommandContext['terminal'],
): Promise<Sample[]> {
  const numbers = inputs.filter((input) => /^\d+$/.test(input)).map(Number);
  const images = new Map<number, Sample>();
  if (numbers.length > 0) {
    const dataset = await openModelData(given, model, terminal);
    const beyond = numbers.find((number) => number >= dataset.test.count);
    if (beyond !== undefined) {
      throw new CliError(
        'invalid-value',
        `There is no test image ${beyond}: ${dataset.name} has ${dataset.test.count}, 0 to ${dataset.test.count - 1}.`,
      );
    }
    const features = elementCount(model.input.shape);
    const { fitted, inputs: quantized } = testSamples(dataset, model, numbers);
    numbers.forEach((number, i) => {
      const [from, to] = [i * features, (i + 1) * features];
      images.set(number, {
        title: `${dataset.name} test image ${number}`,
        values: fitted.bytes.subarray(from, to),
        input: quantized.subarray(from, to),
        label: fitted.labels[i]!,
      });
    });
  }
  return Promise.all(
    inputs.map(async (input) => images.get(/^\d+$/.test(input) ? Number(input) : -1) ?? readPicture(model, input, fit)),
  );
}

async function readPicture(model: QuantizedModel, path: string, fit: Fit): Promise<Sample> {
  const target = pictureOf(model.input.shape, new Uint8Array(elementCount(model.input.shape)));
  if (target === undefined || (model.input.shape.length === 3 && model.input.shape[0] !== 1)) {
    throw new CliError(
      'usage',
      `The input of ${model.name} is ${model.input.shape.join('×')}, no grey picture; give the number of a test sample.`,
    );
  }
  const picture = readImage(path);
  const isSample =
    (picture.width === target.width && picture.height === target.height) ||
    (picture.width === 28 && picture.height === 28);
  const ready = isSample || fit === 'stretch' ? inkOnBlack(picture) : fitDigit(picture, resizeImages);
  const values =
    ready.width === target.width && ready.height === target.height
      ? ready.pixels
      : resizeImages(ready.pixels, [ready.height, ready.width], [target.height, target.width]);
  return { title: path, values, input: quantizeInput(model, values) };
}

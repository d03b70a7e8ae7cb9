// What fine-tuning gives back: the LeNet-like fixture at 4 bit, against ONNX Runtime on the float graph, on the MNIST test images.
// node bench/onnx-finetune.mjs [--epochs n] [--rate r] [--seeds 1,2,3] [--quantizer f] [--file name] [--validate] (after a build; needs MNIST
// and onnxruntime-node). Prints a table and writes bench/results/onnx-finetune.json; --validate looks at the held-out images instead and writes nothing.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { ReferenceInference } from '@bitnetmcu/models';
import { createTrainingRun, fitInput, fitSamples, loadDataset } from '@bitnetmcu/trainer';
import { splitSamples } from '@bitnetmcu/trainer/internal';
import { compareWithFloat, quantize, toTrainedNetwork } from '../dist/index.js';
import { onnxRuntimeReference } from '../dist/internal/node.js';
import { readOnnxFile } from '../dist/node.js';

const CALIBRATION = 512;
const HELD_OUT = 5000;
const preprocessing = { divisor: 255, mean: 0.1307, deviation: 0.3081 };
const { values: options } = parseArgs({
  options: {
    epochs: { type: 'string', default: '10' },
    rate: { type: 'string', default: '0.0003' },
    seeds: { type: 'string', default: '1,2,3' },
    quantizer: { type: 'string', default: '4bitsym' },
    file: { type: 'string', default: 'lenet-torchscript' },
    plain: { type: 'boolean', default: false },
    validate: { type: 'boolean', default: false },
  },
});
const path = fileURLToPath(new URL(`../src/onnx/__fixtures__/${options.file}.onnx`, import.meta.url));
const graph = await readOnnxFile(path);
const shape = graph.inputs[0].shape.slice(1).map(Number);
const data = await loadDataset({ kind: 'mnist' });
const fit = fitInput(data.shape, shape);
const features = shape.reduce((a, b) => a * b, 1);
const calibration = { samples: fitSamples(data.train, fit).bytes.subarray(0, CALIBRATION * features) };
const reference = await onnxRuntimeReference(path, graph, shape);

async function score(model, seed) {
  const part = options.validate ? splitSamples(data.train, HELD_OUT, seed).heldOut : data.test;
  const { bytes, labels } = fitSamples(part, fit);
  const loaded = await new ReferenceInference().load(model);
  const { accuracy, agreement } = await compareWithFloat(model, loaded, reference, bytes, labels, { preprocessing });
  return { float: 100 * accuracy.float, integer: 100 * accuracy.integer, agreement: 100 * agreement };
}

const quantizer = options.quantizer;
const rows = [];
for (const seed of options.seeds.split(',').map(Number)) {
  const quantized = quantize(graph, { preprocessing, calibration, quantizer }).model;
  const before = await score(quantized, seed);
  const initial = toTrainedNetwork(graph, { name: 'lenet', preprocessing, quantizer });
  const epochs = Number(options.epochs);
  const run = await createTrainingRun(
    {
      epochs,
      learningRate: Number(options.rate),
      seed,
      validation: HELD_OUT,
      ...(options.plain ? { augmentation: 'none' } : {}),
    },
    { initial, dataset: data },
  );
  const start = performance.now();
  await run.run({
    onEpoch: ({ epoch, validation }) =>
      process.stderr.write(`seed ${seed} epoch ${epoch + 1}: validation ${(100 * validation.accuracy).toFixed(2)}\n`),
  });
  const seconds = (performance.now() - start) / 1000;
  const after = await score(quantize(run.trainedNetwork(), { imported: {}, calibration }).model, seed);
  await run.close();
  const row = { seed, float: before.float, quantized: before.integer, fineTuned: after.integer, seconds };
  rows.push(row);
  console.log(
    `seed ${seed}  float ${row.float.toFixed(2)}  quantized ${row.quantized.toFixed(2)}  fine-tuned ${row.fineTuned.toFixed(2)}  ` +
      `loss ${(row.float - row.fineTuned).toFixed(2)}  ${seconds.toFixed(0)} s`,
  );
}
if (!options.validate) {
  const machine = `${cpus()[0].model}, Node ${process.version}`;
  const recipe = { file: options.file, quantizer, epochs: Number(options.epochs), learningRate: Number(options.rate) };
  writeFileSync(
    new URL('results/onnx-finetune.json', import.meta.url),
    `${JSON.stringify({ machine, images: data.test.count, ...recipe, rows }, null, 2)}\n`,
  );
}

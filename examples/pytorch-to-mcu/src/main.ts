// A PyTorch model on a ten-cent microcontroller: import its ONNX file, quantize, fine-tune, compare with the float network, simulate.
import { parseArgs } from 'node:util';
import { compareWithFloat, onnxReference, quantize, toTrainedNetwork } from '@bitnetmcu/exporter';
import { readOnnxFile, writeExport } from '@bitnetmcu/exporter/node';
import { simulateModel } from '@bitnetmcu/mcu-runtime/targets';
import { type QuantizedModel, quantizeInput, ReferenceInference, summarizeModel } from '@bitnetmcu/models';
import { writeModelFile } from '@bitnetmcu/models/node';
import { createTrainingRun, drawSamples, fitInput, fitSamples, loadDataset, selectSamples } from '@bitnetmcu/trainer';

const { values } = parseArgs({
  options: {
    file: { type: 'string', default: 'digits.onnx' },
    epochs: { type: 'string', default: '30' },
    /** Test images: of the accuracies, and of the simulation. */
    images: { type: 'string', default: '10000' },
    simulated: { type: 'string', default: '100' },
  },
});
const target = 'ch32v003';

// 1. The graph that train.py wrote, and what PyTorch did to pixels before the graph.
const graph = await readOnnxFile(values.file);
const preprocessing = { divisor: 255, mean: 0.1307, deviation: 0.3081 };
const name = 'digits';

// 2. MNIST, fetched on first use, as 16×16 pixels: the input of the graph.
const dataset = await loadDataset({ kind: 'mnist' }, { onNotice: console.log });
const shape = [1, 16, 16] as const;
const fit = fitInput(dataset.shape, shape);
const train = fitSamples(dataset.train, fit);
const test = fitSamples(dataset.test, fit);
const calibration = { samples: selectSamples(train, drawSamples(train, 512)).bytes };
const images = Math.min(Number(values.images), test.count);
const simulated = Math.min(Number(values.simulated), images);

// 3. Quantized after training, to 8 and to 4 bits: seconds, and no training.
const steps: { step: string; model: QuantizedModel }[] = [];
for (const quantizer of ['8bit', '4bitsym'] as const) {
  const { model } = quantize(graph, { name, preprocessing, calibration, quantizer });
  steps.push({ step: `${quantizer}, quantized`, model });
}

// 4. Fine-tuned: training goes on from the same weights, now with their 4-bit values in every forward pass.
const initial = toTrainedNetwork(graph, { name, preprocessing, quantizer: '4bitsym' });
const run = await createTrainingRun({ epochs: Number(values.epochs), learningRate: 1e-3 }, { initial, dataset });
await run.run({
  onEpoch: ({ epoch, validation }) =>
    console.log(`epoch ${epoch + 1}: ${percent(validation?.accuracy ?? 0)} of the validation samples`),
});
const { model: tuned } = quantize(run.trainedNetwork(), { imported: { preprocessing }, calibration });
await run.close();
steps.push({ step: '4bitsym, fine-tuned', model: tuned });

// 5. Each beside the float network, and on the simulated chip. The simulator checks all logits against the reference.
const reference = onnxReference(graph, shape);
const rows: string[][] = [];
for (const { step, model } of steps) {
  const loaded = await new ReferenceInference().load(model);
  const pixels = test.bytes.subarray(0, images * 256);
  const compared = await compareWithFloat(model, loaded, reference, pixels, test.labels.subarray(0, images));
  loaded.close();
  if (rows.length === 0) rows.push(['float, PyTorch', '', percent(compared.accuracy?.float ?? 0), '', '', '']);
  const simulation = await simulateModel(model, {
    target,
    inputs: quantizeInput(model, test.bytes.subarray(0, simulated * 256)),
  });
  rows.push([
    step,
    `${summarizeModel(model).total.bytes} B`,
    percent(compared.accuracy?.integer ?? 0),
    percent(compared.agreement),
    ...(simulation.kind === 'simulated'
      ? [String(Math.round(simulation.cycles.mean)), `${simulation.milliseconds.mean.toFixed(2)} ms`]
      : [`${simulation.missing.flash} B of flash too few`, '']),
  ]);
}
console.log(`\n${images} test images; cycles on the ${target}, mean of ${simulated} images\n`);
const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
const columns = ['', 'weights', 'test accuracy', 'same class as float', 'cycles', 'time'];
console.log([line(columns), line(columns.map(() => '---')), ...rows.map(line)].join('\n'));

// 6. The result: a model file for every other command, and C for the chip.
writeModelFile('out/digits.bnm', tuned);
const { folder, written } = writeExport(tuned, 'out/c', { name: 'digits' });
console.log(`\nout/digits.bnm, and ${written.length} files in ${folder}/`);

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}

// What `bitnetmcu train FILE` does with its default options, and the integer test accuracy of the C runtime (as WebAssembly).
import { quantize } from '../../packages/exporter/dist/index.js';
import { WasmBackend } from '../../packages/mcu-runtime/dist/index.js';
import { classOf, quantizeInput, summarizeModel } from '../../packages/models/dist/index.js';
import { createTrainingRun, drawSamples, loadDataset, selectSamples } from '../../packages/trainer/dist/index.js';
import { inspectData, recommendTraining, splitForValidation } from '../../packages/trainer/dist/internal/index.js';

/** As the command calibrates. */
const CALIBRATION_SAMPLES = 512;

/** The file as a data set, read as looking at it suggests. */
export async function openFile(path, overrides = {}) {
  const { spec } = await inspectData(path, overrides);
  return { spec, dataset: await loadDataset(spec) };
}

/**
 * @param part `test`, or `validation`: a fifth of the training part is held out and judges in place of the test part, which is not looked at
 * @returns accuracies in percent: of the network as training sees it, and of its integers
 */
export async function trainFile({ spec, dataset }, seed, engine, part = 'test') {
  const judged = part === 'test' ? dataset : withoutTest(dataset, seed);
  const { config } = recommendTraining(judged);
  const started = performance.now();
  const run = await createTrainingRun({ ...config, data: spec, seed }, { dataset: judged, engine });
  const { test } = await run.run();
  const network = run.trainedNetwork();
  await run.close();
  const { rest } = splitForValidation(judged.train, run.config);
  const drawn = selectSamples(rest, drawSamples(rest, Math.min(CALIBRATION_SAMPLES, rest.count)));
  const { model } = quantize(network, { calibration: { samples: drawn.bytes } });
  const seconds = (performance.now() - started) / 1000;
  return {
    network: config.network,
    trained: 100 * test.accuracy,
    integers: await integerAccuracy(model, judged.test),
    weightBytes: summarizeModel(model).total.bytes,
    ramBytes: summarizeModel(model).total.ramBytes,
    seconds,
    model,
  };
}

function withoutTest(dataset, seed) {
  const { rest, heldOut } = splitForValidation(dataset.train, {
    validation: Math.round(dataset.train.count / 5),
    seed,
  });
  return { ...dataset, train: rest, test: heldOut };
}

/** Of the classes that the C runtime (WebAssembly) gives, in percent. */
export async function integerAccuracy(model, { bytes, count, labels }) {
  const loaded = await new WasmBackend().load(model);
  const logits = await loaded.infer(quantizeInput(model, bytes), count);
  const outputs = logits.length / count;
  let right = 0;
  for (let i = 0; i < count; i++) {
    right += Number(classOf(logits.subarray(i * outputs, (i + 1) * outputs)) === labels[i]);
  }
  return (100 * right) / count;
}

// What ONNX import costs in accuracy, on the real MNIST test images against ONNX Runtime on the float graph.
// node bench/onnx-import.mjs [fixture …] (after a build; needs MNIST and onnxruntime-node). Prints a table and writes bench/results/onnx-import.json.
import { readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { ReferenceInference } from '@bitnetmcu/models';
import { fitInput, fitSamples, loadDataset, TrainerError } from '@bitnetmcu/trainer';
import { compareWithFloat, quantize } from '../dist/index.js';
import { onnxRuntimeReference } from '../dist/internal/node.js';
import { readOnnxFile } from '../dist/node.js';

const CALIBRATION = 512;
const preprocessing = { divisor: 255, mean: 0.1307, deviation: 0.3081 };
const fixtures = fileURLToPath(new URL('../src/onnx/__fixtures__/', import.meta.url));
const names = readdirSync(fixtures).filter((name) => name.endsWith('.onnx') && !name.startsWith('signal'));
const chosen = process.argv.slice(2);

/** How MNIST images fit an input; undefined where they do not, as that of networks for other data. */
function fitMnist(input) {
  try {
    return fitInput(data.shape, input);
  } catch (error) {
    if (TrainerError.isInstance(error)) return undefined;
    throw error;
  }
}

const data = await loadDataset({ kind: 'mnist' });
const rows = [];
for (const name of names.filter((candidate) => chosen.length === 0 || chosen.includes(candidate)).sort()) {
  const graph = await readOnnxFile(`${fixtures}${name}`);
  const sample = graph.inputs[0].shape.slice(1).map(Number);
  const fit = fitMnist(sample);
  if (fit === undefined) {
    console.log(`${name.padEnd(38)} reads no MNIST images (input ${sample.join('x')}): left out`);
    continue;
  }
  const [train, test] = [fitSamples(data.train, fit), fitSamples(data.test, fit)];
  const features = sample.reduce((a, b) => a * b, 1);
  const samples = train.bytes.subarray(0, CALIBRATION * features);
  const reference = await onnxRuntimeReference(`${fixtures}${name}`, graph, sample);
  const lowBit = /bitlinear|qdq|qcdq/.test(name);
  for (const quantizer of lowBit ? [undefined] : ['8bit', '4bit', '4bitsym']) {
    const start = performance.now();
    const { model, report } = quantize(graph, {
      preprocessing,
      calibration: { samples },
      ...(quantizer ? { quantizer } : {}),
    });
    const seconds = (performance.now() - start) / 1000;
    const loaded = await new ReferenceInference().load(model);
    const { accuracy, agreement, differences } = await compareWithFloat(
      model,
      loaded,
      reference,
      test.bytes,
      test.labels,
    );
    const row = {
      file: name,
      weights: [
        ...new Set(report.layers.map(({ format, gridDetected }) => `${format}${gridDetected ? ' (kept)' : ''}`)),
      ].join(', '),
      float: 100 * accuracy.float,
      integer: 100 * accuracy.integer,
      loss: 100 * (accuracy.float - accuracy.integer),
      differentClasses: Math.round((1 - agreement) * test.count),
      relativeLogitError: differences.relative,
      seconds,
    };
    rows.push(row);
    console.log(
      `${name.padEnd(38)} ${row.weights.padEnd(16)} float ${row.float.toFixed(2)}  integer ${row.integer.toFixed(2)}  loss ${row.loss.toFixed(2).padStart(5)}  ${String(row.differentClasses).padStart(4)} classes differ  ${seconds.toFixed(1)} s`,
    );
  }
}
if (chosen.length === 0) {
  const machine = `${cpus()[0].model}, Node ${process.version}`;
  writeFileSync(
    new URL('results/onnx-import.json', import.meta.url),
    `${JSON.stringify({ machine, images: data.test.count, rows }, null, 2)}\n`,
  );
}

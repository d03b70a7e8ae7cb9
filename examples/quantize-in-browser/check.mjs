// The page's classifier without a page: every format classifies test images, finer ones better; 8 bits nearly as well as float.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { fitInput, fitSamples, loadDataset } from '@bitnetmcu/trainer';
import { FORMATS, loadClassifier, quantizeNetwork, readNetwork } from './src/classifier.js';

const IMAGES = 1000;
const network = readNetwork(readFileSync(fileURLToPath(new URL('./public/digits.bnt', import.meta.url))));
const dataset = await loadDataset({ kind: 'mnist' });
const { bytes, labels } = fitSamples(dataset.test, fitInput(dataset.shape, network.spec.input.shape));

const accuracies = {};
for (const format of FORMATS) {
  const { model, bytes: weightBytes } = quantizeNetwork(network, format);
  const classifier = await loadClassifier(model);
  let correct = 0;
  for (let i = 0; i < IMAGES; i++)
    correct += classifier.classify(bytes.subarray(256 * i, 256 * (i + 1))).winner === labels[i];
  classifier.close();
  accuracies[format] = correct / IMAGES;
  console.log(
    `${format.padEnd(8)} ${String(weightBytes).padStart(6)} bytes  ${((100 * correct) / IMAGES).toFixed(1)} % of ${IMAGES} test images`,
  );
}
if (accuracies['8bit'] < 0.9 || accuracies['4bitsym'] < 0.85) {
  console.error('8 bits or 4 bits classify worse than a barely trained network should.');
  process.exitCode = 1;
}

// Speed of the WebAssembly runtime on the two networks that the issues name.
// node bench/inference.mjs (after a build). Each time is the best of several runs: others may be using the machine.
import { cpus } from 'node:os';
import { SeededRandom } from '@bitnetmcu/models/internal/conformance';
import { getFormat } from '@bitnetmcu/quant';
import { layoutModel, loadWasmModel } from '../dist/index.js';

const SAMPLES = 500;
const RUNS = 60;
const REPORTED = 10_000;
const random = new SeededRandom(1);

function weights(format, count) {
  const levels = getFormat(format).levels.length;
  return { format, codes: Uint8Array.from({ length: count }, () => random.integer(0, levels - 1)) };
}

/** Appends nodes one after another; each reads the one before it. */
function network(shape, ...parts) {
  const nodes = [];
  for (const part of parts) {
    nodes.push({ name: `n${nodes.length}`, inputs: [nodes.at(-1)?.name ?? 'input'], ...part });
  }
  const preprocessing = { divisor: 255, mean: 0, deviation: 1 };
  const input = { shape, preprocessing, quantization: { kind: 'dynamic' } };
  return { name: 'bench', input, nodes, labels: [], provenance: {} };
}

const linear = (inFeatures, outFeatures, format) => ({
  op: 'linear',
  inFeatures,
  outFeatures,
  weights: weights(format, inFeatures * outFeatures),
});
const conv = (inChannels, outChannels, groups) => ({
  op: 'conv2d',
  inChannels,
  outChannels,
  groups,
  kernel: [3, 3],
  stride: [1, 1],
  padding: [0, 0],
  weights: weights('8bit', (outChannels * inChannels * 9) / groups),
});
const norm = { op: 'shiftNorm', activation: 'relu' };
const relu = { op: 'reluShift', shift: 4 };
const pool = { op: 'maxPool2d', size: [2, 2], stride: [2, 2], padding: [0, 0] };
const fullyConnected = (format) =>
  network(
    [256],
    linear(256, 64, format),
    norm,
    linear(64, 64, format),
    norm,
    linear(64, 64, format),
    norm,
    linear(64, 10, format),
  );

const networks = {
  'fc-12k (4bitsym)': fullyConnected('4bitsym'),
  '256-64-64-64-10 8bit': fullyConnected('8bit'),
  '256-64-64-64-10 FP130': fullyConnected('FP130'),
  '256-64-64-64-10 Ternary': fullyConnected('Ternary'),
  '256-64-64-64-10 4.6bit': fullyConnected('4.6bit'),
  '256-64-64-64-10 5bitsym': fullyConnected('5bitsym'),
  'cnn-64': network(
    [1, 16, 16],
    ...[conv(1, 64, 1), relu, conv(64, 64, 64), relu, pool, conv(64, 64, 64), relu, pool, { op: 'flatten' }, norm],
    ...[linear(256, 96, '2bitsym'), norm, linear(96, 64, '4bitsym'), norm, linear(64, 10, '4bitsym')],
  ),
};

console.log(`${cpus()[0].model.trim()}, Node ${process.version}; WebAssembly, one thread\n`);
console.log('network                    image bytes   RAM bytes   ms for 10 000 inferences');
const inputs = Int8Array.from({ length: SAMPLES * 256 }, () => random.integer(-128, 127));
for (const [name, model] of Object.entries(networks)) {
  const { image, ramBytes } = layoutModel(model);
  const wasm = await loadWasmModel(model);
  let best = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    const started = performance.now();
    wasm.infer(inputs, SAMPLES);
    best = Math.min(best, performance.now() - started);
  }
  console.log(
    `${name.padEnd(26)} ${String(image.length).padStart(11)} ${String(ramBytes).padStart(11)} ${((best * REPORTED) / SAMPLES).toFixed(0).padStart(26)}`,
  );
}

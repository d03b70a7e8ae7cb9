// Ternary convolutions on the CH32V003 with lists of digits (bnm_convolve_digits) and without (bnm_convolve_trits), by outputs of a channel: what TRIT_OUTPUTS of
// src/layout/fast.ts rests on. 8 channels over 8 planes, kernels of 3x3, a third of the weights 0; cycles of the layer with its ShiftNorm.
//   node bench/ternary-lists.mjs    (after a build)
import { SeededRandom } from '@bitnetmcu/models/internal/conformance';
import { simulateModel } from '../dist/targets/index.js';

const TARGET = 'ch32v003';
const [CHANNELS, PLANES, KERNEL] = [8, 8, 3];
const WEIGHTS = CHANNELS * PLANES * KERNEL * KERNEL;
/** Rows and columns of outputs. */
const OUTPUTS = [
  [2, 2],
  [3, 2],
  [2, 4],
  [3, 3],
  [4, 3],
  [4, 4],
  [4, 5],
  [5, 5],
  [6, 6],
];

/** @param isListed with a further convolution of one column, for which all of the network take lists */
function modelOf([rows, columns], isListed) {
  const random = new SeededRandom(5);
  const codes = (count) => Uint8Array.from({ length: count }, () => random.integer(0, 2));
  const convolution = (name, input, planes, kernel) => ({
    ...{ op: 'conv2d', name, inputs: [input], inChannels: planes, outChannels: CHANNELS, groups: 1 },
    ...{ kernel, stride: [1, 1], padding: [0, 0] },
    weights: { format: 'Ternary', codes: codes(CHANNELS * planes * kernel[0] * kernel[1]) },
  });
  const norm = (name, input) => ({ op: 'shiftNorm', name, inputs: [input], activation: 'relu' });
  const first = [convolution('conv', 'input', PLANES, [KERNEL, KERNEL]), norm('norm', 'conv')];
  const further = [convolution('column', 'norm', CHANNELS, [1, columns]), norm('column-norm', 'column')];
  const nodes = isListed ? [...first, ...further] : first;
  const inFeatures = CHANNELS * rows * (isListed ? 1 : columns);
  const quantization = { kind: 'dynamic' };
  const preprocessing = { divisor: 255, mean: 0, deviation: 1 };
  return {
    name: 'convolution',
    input: { shape: [PLANES, rows + KERNEL - 1, columns + KERNEL - 1], preprocessing, quantization },
    nodes: [
      ...nodes,
      { op: 'flatten', name: 'flatten', inputs: [nodes.at(-1).name] },
      {
        ...{ op: 'linear', name: 'fc', inputs: ['flatten'], inFeatures, outFeatures: 4 },
        weights: { format: 'Ternary', codes: codes(4 * inFeatures) },
      },
    ],
    labels: ['0', '1', '2', '3'],
    provenance: {},
  };
}

async function cyclesOf(outputs, kernels, isListed) {
  const model = modelOf(outputs, isListed);
  const random = new SeededRandom(6);
  const size = model.input.shape.reduce((product, side) => product * side);
  const inputs = Int8Array.from({ length: size }, () => random.integer(-127, 127));
  const { layers } = await simulateModel(model, { target: TARGET, kernels, inputs });
  return layers[0].cycles;
}

const rows = [];
for (const outputs of OUTPUTS) {
  const count = outputs[0] * outputs[1];
  const lists = await cyclesOf(outputs, 'fast-flash', true);
  const trits = await cyclesOf(outputs, 'fast-conv-flash', false);
  const each = (cycles) => Number((cycles / (WEIGHTS * count)).toFixed(1));
  rows.push({
    outputs: `${outputs[0]}x${outputs[1]}`,
    ...{ lists: Math.round(lists), trits: Math.round(trits), 'trits / lists': Number((trits / lists).toFixed(2)) },
    ...{ 'lists, a weight and output': each(lists), 'trits, a weight and output': each(trits) },
  });
}
console.table(rows);

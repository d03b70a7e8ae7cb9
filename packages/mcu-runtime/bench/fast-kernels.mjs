// Cycles a weight of the fast linear kernels: a layer of 256 inputs and 64 outputs for every format, on every simulated part that has fast
// kernels, with half of the inputs 0 and with none. Prints the table of c/fast/README.md. Needs a build. node bench/fast-kernels.mjs
import { join } from 'node:path';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { FORMAT_NAMES, getFormat } from '@bitnetmcu/quant';
import { simulateModel } from '../dist/targets/index.js';

const INPUTS = 256;
const OUTPUTS = 64;
const PARTS = [
  { target: 'ch32v003', kernels: 'fast-flash' },
  { target: 'ch32v002', kernels: 'fast' },
  { target: 'rp2040', kernels: 'fast' },
  { target: 'stm32f405', kernels: 'fast' },
];
/** One input in so many is not 0. */
const PERIODS = [2, 1];

/** Numbers below 2^24 from a seed (a linear congruential generator, Knuth's constants of MMIX reduced to 32 bits). */
function randomNumbers(seed) {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function modelOf(format) {
  const random = randomNumbers(1);
  const { length } = getFormat(format).integers;
  const codes = Uint8Array.from({ length: INPUTS * OUTPUTS }, () => random(length));
  return {
    name: 'bench',
    input: {
      shape: [INPUTS],
      preprocessing: { divisor: 255, mean: 0, deviation: 1 },
      quantization: { kind: 'dynamic' },
    },
    nodes: [
      {
        op: 'linear',
        name: 'fc',
        inputs: ['input'],
        inFeatures: INPUTS,
        outFeatures: OUTPUTS,
        weights: { format, codes },
      },
    ],
    labels: [],
    provenance: {},
  };
}

/** One input in `period` is not 0. */
function sampleOf(period) {
  const random = randomNumbers(2);
  return Int8Array.from({ length: INPUTS }, () => (random(period) === 0 ? 1 + random(127) : 0));
}

/** Undefined where the layer does not fit. */
async function cyclesOf(format, part, period) {
  const simulated = await simulateModel(modelOf(format), { ...part, inputs: sampleOf(period) });
  if (simulated.kind !== 'simulated') return undefined;
  return simulated.layers.find(({ name }) => name === 'fc').cycles;
}

const rows = [];
for (const format of FORMAT_NAMES) {
  for (const part of PARTS) {
    const [halfZero, noneZero] = [await cyclesOf(format, part, PERIODS[0]), await cyclesOf(format, part, PERIODS[1])];
    const row = { format, ...part, halfZero, noneZero };
    rows.push(row);
    console.log(JSON.stringify(row));
  }
}
const result = { inputs: INPUTS, outputs: OUTPUTS, rows };
writeFileAtomic(join(import.meta.dirname, 'results', 'fast-kernels.json'), `${JSON.stringify(result, null, 2)}\n`);

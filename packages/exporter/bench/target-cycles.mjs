// Cycles of the zoo's presets without convolutions on the simulated CH32V003, CH32V002 and RP2040: portable C against the fast kernels.
//   node bench/target-cycles.mjs [--presets a,b] [--targets a,b] [--output bench/results/target-cycles.json]
// Means are over the first 100 MNIST test images, and over the three (6048, 455, 4584) that the original's figures are about.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { SIMULATION_TARGETS, simulateModel } from '@bitnetmcu/mcu-runtime/targets';
import { quantizeInput } from '@bitnetmcu/models';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { loadZooModel } from '@bitnetmcu/models/zoo';
import { fitInput, fitSamples, loadDataset } from '@bitnetmcu/trainer';
import { firmwareFacts } from '../dist/internal/node.js';

const PUBLISHED_IMAGES = [6048, 455, 4584];
const IMAGES = 100;
const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    presets: {
      type: 'string',
      default: 'fc-1k,fc-12k,fc-12k-fp130,fc-12k-2bit,fc-12k-ternary,fc-12k-binary,fc-12k-8bit',
    },
    targets: { type: 'string', default: 'ch32v003,ch32v002,rp2040' },
    output: { type: 'string', default: join(here, 'results', 'target-cycles.json') },
  },
});

const dataset = await loadDataset({ kind: 'mnist' });
const rows = [];
for (const preset of values.presets.split(',')) {
  const model = await loadZooModel(preset);
  for (const target of values.targets.split(',')) {
    for (const { name: kernels, layout } of SIMULATION_TARGETS[target].variants) {
      // Those with plain linear layers are for networks of convolutions, those for size for models that fit in no other way.
      if (layout.endsWith('-conv') || /-(lto|size)$/.test(kernels)) continue;
      const row = { preset, target, kernels, ...(await simulate(model, target, kernels)) };
      rows.push(row);
      console.log(JSON.stringify(row));
    }
  }
}
writeFileAtomic(values.output, `${JSON.stringify({ images: IMAGES, rows }, null, 2)}\n`);

async function simulate(model, target, kernels) {
  const facts = firmwareFacts(model, target);
  const first = await simulateModel(model, { target, kernels, facts, inputs: inputsOf(model, first100()) });
  const { flash, ram } = first;
  const memory = { flash: flash.code + flash.weights, ram: ram.static + (ram.stack ?? 0) };
  if (first.kind === 'does-not-fit') return { ...memory, missing: first.missing };
  const published = await simulateModel(model, {
    target,
    kernels,
    facts,
    inputs: inputsOf(model, PUBLISHED_IMAGES),
  });
  const { mean, max, worst } = first.cycles;
  return {
    ...memory,
    mean: Math.round(mean),
    max: Math.round(max),
    publishedImages: Math.round(published.cycles.mean),
    worst: Math.round(worst),
  };
}

function first100() {
  return Array.from({ length: IMAGES }, (_, i) => i);
}

function inputsOf(model, indices) {
  const { test, shape } = dataset;
  const size = test.bytes.length / test.count;
  const bytes = new Uint8Array(indices.length * size);
  indices.forEach((index, i) => {
    bytes.set(test.bytes.subarray(index * size, (index + 1) * size), i * size);
  });
  const labels = Uint16Array.from(indices, (index) => test.labels[index]);
  const fitted = fitSamples({ count: indices.length, bytes, labels }, fitInput(shape, model.input.shape));
  return quantizeInput(model, fitted.bytes);
}

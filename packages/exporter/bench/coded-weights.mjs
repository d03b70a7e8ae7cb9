// What prefix codes of weights save, against other coders and on parts:
//   node bench/coded-weights.mjs [--models a,b] [--targets a,b] [--images n] [--output bench/results/coded-weights.json]
// `coders`: bits a weight of the linear layers of models of the zoo by several coders, tables and row lengths not counted but where said.
// `reordered`: the same of codes as differences, and of codes by the one before, with hidden neurons as they are and reordered so that
// neighbours have similar weights. `parts`: flash, RAM and cycles of firmware with each part's kernels; mean cycles over test images.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { getLayout, lowerModel } from '@bitnetmcu/mcu-runtime/internal';
import { simulateModel } from '@bitnetmcu/mcu-runtime/targets';
import { quantizeInput, ReferenceInference } from '@bitnetmcu/models';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { loadZooModel } from '@bitnetmcu/models/zoo';
import { bitsPerWeight, codeStatistics, getFormat } from '@bitnetmcu/quant';
import { fitInput, fitSamples, loadDataset } from '@bitnetmcu/trainer';
import { firmwareFacts } from '../dist/internal/node.js';

const KERNELS = {
  ch32v003: ['fast-flash', 'fast', 'fast-coded', 'coded', 'coded-flash', 'plain'],
  ch32v002: ['fast', 'fast-coded', 'coded', 'plain'],
  rp2040: ['fast', 'fast-coded', 'coded', 'plain'],
  atmega328p: ['fast', 'coded', 'plain'],
};
const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    models: { type: 'string', default: 'fc-12k,mini-fc-12k,fc-12k-ternary' },
    targets: { type: 'string', default: Object.keys(KERNELS).join(',') },
    images: { type: 'string', default: '100' },
    output: { type: 'string', default: join(here, 'results', 'coded-weights.json') },
  },
});

const images = Number(values.images);
const dataset = await loadDataset({ kind: 'mnist' });
const coders = [];
const reordered = [];
const parts = [];
for (const name of values.models.split(',')) {
  const model = await loadZooModel(name);
  coders.push(...coderRows(name, model));
  reordered.push(...reorderRows(name, model));
  for (const target of values.targets.split(',').filter((one) => one in KERNELS)) {
    for (const kernels of KERNELS[target]) {
      const row = { model: name, target, kernels, ...(await simulated(model, target, kernels)) };
      parts.push(row);
      console.log(JSON.stringify(row));
    }
  }
}
console.table(coders);
console.table(reordered);
const command = ['node bench/coded-weights.mjs', ...process.argv.slice(2)].join(' ');
const date = new Date().toISOString().slice(0, 10);
writeFileAtomic(values.output, `${JSON.stringify({ command, date, images, coders, reordered, parts }, null, 2)}\n`);

function linearLayers(model) {
  return model.nodes.filter((node) => node.op === 'linear');
}

function coderRows(name, model) {
  const { steps } = lowerModel(model, getLayout('coded'), { everyTensor: false });
  return linearLayers(model).map(({ name: layer, inFeatures, outFeatures, weights: { format, codes } }) => {
    const step = steps.find(({ op, node }) => op === 'linear' && node === layer);
    const { coded, levels } = getFormat(format);
    const counts = new Float64Array(levels.length);
    for (const code of codes) counts[code]++;
    const inBooks = (coded?.books ?? []).map((lengths) => meanLength(counts, lengths));
    return {
      model: name,
      layer: `${layer} ${inFeatures}→${outFeatures}`,
      format,
      stored: bitsPerWeight(format),
      entropy: round(codeStatistics(format, codes).entropy),
      entropyByInput: round(byInput(codes, inFeatures, outFeatures, format)),
      huffman: round(meanLength(counts, huffmanLengths(counts))),
      rans8: round(ransBits(counts)),
      ...(inBooks.length > 0 && { books: round(Math.min(...inBooks)) }),
      ...(step && coded && { codedBytes: step.tables.weights.length }),
      packedBytes: outFeatures * Math.ceil((inFeatures * bitsPerWeight(format)) / 8),
    };
  });
}

/** Mean bits where each input had an ideal code of its own, whose table costs nothing: a bound that no coder here reaches. */
function byInput(codes, inputs, outputs, format) {
  let sum = 0;
  for (let i = 0; i < inputs; i++) {
    const row = Array.from({ length: outputs }, (_, o) => codes[o * inputs + i]);
    sum += codeStatistics(format, row).entropy;
  }
  return sum / inputs;
}

function meanLength(counts, lengths) {
  let [bits, all] = [0, 0];
  counts.forEach((count, code) => {
    bits += count * lengths[code];
    all += count;
  });
  return bits / all;
}

function huffmanLengths(counts) {
  const lengths = new Array(counts.length).fill(0);
  let nodes = [...counts].map((count, code) => ({ count, codes: [code] }));
  while (nodes.length > 1) {
    nodes.sort((a, b) => a.count - b.count);
    const [a, b, ...others] = nodes;
    for (const code of [...a.codes, ...b.codes]) lengths[code]++;
    nodes = [...others, { count: a.count + b.count, codes: [...a.codes, ...b.codes] }];
  }
  return lengths;
}

/** Of an ANS coder whose frequencies are multiples of 1/256, which is what a table of bytes holds. */
function ransBits(counts) {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const frequencies = [...counts].map((count) => Math.max(1, Math.round((256 * count) / all)));
  const excess = frequencies.reduce((sum, frequency) => sum + frequency, 0) - 256;
  frequencies[frequencies.indexOf(Math.max(...frequencies))] -= excess;
  return meanLength(
    counts,
    frequencies.map((frequency) => Math.log2(256 / frequency)),
  );
}

/** The hidden neurons of a layer, each followed by the one left with the nearest weights. */
function nearestOrder(codes, inputs, outputs) {
  const order = [0];
  const left = new Set(Array.from({ length: outputs }, (_, o) => o).slice(1));
  const distance = (a, b) => {
    let sum = 0;
    for (let i = 0; i < inputs; i++) sum += Math.abs(codes[a * inputs + i] - codes[b * inputs + i]);
    return sum;
  };
  while (left.size > 0) {
    const last = order.at(-1);
    const next = [...left].reduce((best, one) => (distance(last, one) < distance(last, best) ? one : best));
    order.push(next);
    left.delete(next);
  }
  return order;
}

function reorderRows(name, model) {
  return linearLayers(model)
    .slice(0, -1)
    .map(({ name: layer, inFeatures, outFeatures, weights: { format, codes } }) => {
      const asTheyAre = Array.from({ length: outFeatures }, (_, o) => o);
      const order = nearestOrder(codes, inFeatures, outFeatures);
      const measured = (outputs) => ({
        differences: round(differenceEntropy(codes, inFeatures, outputs)),
        byThePrevious: round(contextBits(codes, inFeatures, outputs, getFormat(format).levels.length)),
      });
      return {
        model: name,
        layer,
        format,
        entropy: round(codeStatistics(format, codes).entropy),
        ...prefixed('asIs', measured(asTheyAre)),
        ...prefixed('reordered', measured(order)),
      };
    });
}

function prefixed(prefix, figures) {
  return Object.fromEntries(Object.entries(figures).map(([key, value]) => [`${prefix}: ${key}`, value]));
}

/** Entropy of differences to the weight of the neuron before, for the same input. */
function differenceEntropy(codes, inputs, order) {
  const counts = new Map();
  for (let i = 0; i < inputs; i++) {
    for (let k = 1; k < order.length; k++) {
      const difference = codes[order[k] * inputs + i] - codes[order[k - 1] * inputs + i];
      counts.set(difference, (counts.get(difference) ?? 0) + 1);
    }
  }
  const all = inputs * (order.length - 1);
  return [...counts.values()].reduce((sum, count) => sum - (count / all) * Math.log2(count / all), 0);
}

/** Bits of codes given the one of the neuron before, with the counts that such a table takes paid for (half a bit of log2 n each). */
function contextBits(codes, inputs, order, levels) {
  const counts = new Float64Array(levels * levels);
  for (let i = 0; i < inputs; i++) {
    for (let k = 1; k < order.length; k++) {
      counts[codes[order[k - 1] * inputs + i] * levels + codes[order[k] * inputs + i]]++;
    }
  }
  const all = inputs * (order.length - 1);
  let bits = ((levels * (levels - 1)) / 2) * Math.log2(all);
  for (let a = 0; a < levels; a++) {
    const row = counts.subarray(a * levels, (a + 1) * levels);
    const total = row.reduce((sum, count) => sum + count, 0);
    for (const count of row) if (count > 0) bits -= count * Math.log2(count / total);
  }
  return bits / all;
}

async function simulated(model, target, kernels) {
  const simulation = await simulateModel(model, {
    target,
    kernels,
    facts: firmwareFacts(model, target),
    inputs: samplesOf(model),
  });
  const { flash, ram } = simulation;
  const memory = { flash: flash.code + flash.weights, weights: flash.weights, ram: ram.static + (ram.stack ?? 0) };
  if (simulation.kind === 'does-not-fit') return { ...memory, missing: simulation.missing };
  return { ...memory, cycles: Math.round(simulation.cycles.mean), mismatches: await mismatches(model, simulation) };
}

/** Samples of which a logit is not that of the reference. */
async function mismatches(model, { logits }) {
  const reference = await new ReferenceInference().load(model);
  const expected = await reference.infer(samplesOf(model), images);
  const outputs = expected.length / images;
  const isWrong = (_, sample) =>
    expected
      .subarray(sample * outputs, (sample + 1) * outputs)
      .some((value, o) => value !== logits[sample * outputs + o]);
  return Array.from({ length: images }, isWrong).filter(Boolean).length;
}

function samplesOf(model) {
  const { test, shape } = dataset;
  const size = test.bytes.length / test.count;
  const first = {
    count: images,
    bytes: test.bytes.subarray(0, images * size),
    labels: test.labels.subarray(0, images),
  };
  return quantizeInput(model, fitSamples(first, fitInput(shape, model.input.shape)).bytes);
}

function round(value) {
  return Math.round(1000 * value) / 1000;
}

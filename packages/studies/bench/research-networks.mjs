// What the research plan's activations, sums and top ReLU come to on devices: each trained, made integers, compared bit for bit over the test images in TypeScript,
// WebAssembly, C and on simulated parts, with flash, RAM and cycles.
//   node bench/research-networks.mjs [--networks hardSwish,gelu] [--targets ch32v003] [--epochs 30] [--images 10000] [--simulated 10000] [--output bench/results/research-networks.json]
// Exits with 1 where any logit differs anywhere.
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { verify } from '@bitnetmcu/exporter';
import { firmwareFacts } from '@bitnetmcu/exporter/internal/node';
import { ExportedCBackend } from '@bitnetmcu/exporter/node';
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { CHostBackend } from '@bitnetmcu/mcu-runtime/node';
import { SimulatorBackend, simulateModel } from '@bitnetmcu/mcu-runtime/targets';
import { quantizeInput, ReferenceInference, summarizeModel } from '@bitnetmcu/models';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { createTrainingRun, fitInput, fitSamples, loadDataset, parseTrainingConfig } from '@bitnetmcu/trainer';
import { quantizeWithData } from '../dist/internal/index.js';

const linear = (name, outputs, options = {}) => ({
  ...{ type: 'linear', name, outputs, weights: { format: '4bitsym' } },
  ...options,
});
const activation = (name, f) => ({ type: 'activation', name, function: f });

/** 48-48-48 with a function behind each hidden layer. */
function plain(f) {
  const hidden = [1, 2, 3].flatMap((k) => [linear(`fc${k}`, 48), f(`act${k}`)]);
  return { input: { shape: [256] }, layers: [...hidden, linear('fc4', 10)] };
}

/** relu(s·x + f(x)) in hidden layers 2 and 3. */
function residual() {
  const block = (k, x) => [
    linear(`fc${k}`, 48),
    { type: 'add', name: `sum${k}`, inputs: [x, `fc${k}`], scale: 'learned' },
    activation(`act${k}`, 'relu'),
  ];
  const layers = [linear('fc1', 48), activation('act1', 'relu'), ...block(2, 'act1'), ...block(3, 'act2')];
  return { input: { shape: [256] }, layers: [...layers, linear('fc4', 10)] };
}

/** x·relu6(x+3)/6 is HardSwish: one function, one table. */
const NETWORKS = {
  relu: plain((name) => activation(name, 'relu')),
  hardSwish: plain((name) => activation(name, 'hardSwish')),
  gelu: plain((name) => activation(name, 'gelu')),
  xReluPlus3: plain((name) => activation(name, 'xReluPlus3')),
  residual: residual(),
  topRelu: plain((name) => ({ type: 'topRelu', name })),
};

const { values } = parseArgs({
  options: {
    networks: { type: 'string', default: Object.keys(NETWORKS).join(',') },
    targets: { type: 'string', default: 'ch32v003,ch32v002,rp2040,atmega328p' },
    epochs: { type: 'string', default: '30' },
    images: { type: 'string', default: '10000' },
    simulated: { type: 'string', default: '10000' },
    output: {
      type: 'string',
      default: join(dirname(fileURLToPath(import.meta.url)), 'results', 'research-networks.json'),
    },
  },
});
const targets = values.targets.split(',').filter(Boolean);
const images = Number(values.images);
/** Of them on simulated parts, which take minutes for all. */
const simulated = Math.min(images, Number(values.simulated));
const dataset = await loadDataset({ kind: 'mnist' });
const rows = [];
for (const name of values.networks.split(',')) {
  const row = { network: name, ...(await measured({ name, ...NETWORKS[name] })) };
  rows.push(row);
  console.log(JSON.stringify(row));
  const machine = { cpu: cpus()[0]?.model, node: process.versions.node };
  writeFileAtomic(
    values.output,
    `${JSON.stringify({ epochs: Number(values.epochs), images, simulated, machine, rows }, null, 2)}\n`,
  );
}
if (rows.some(({ mismatches }) => Object.values(mismatches).some((count) => count > 0))) process.exitCode = 1;

async function measured(network) {
  const config = parseTrainingConfig({ network, epochs: Number(values.epochs), seed: 1 });
  const run = await createTrainingRun(config, { dataset });
  await run.run({ test: false });
  const trained = run.trainedNetwork();
  await run.close();
  const { model } = quantizeWithData(trained, dataset);
  const { inputs, labels } = testInputs(model);
  const references = [new ReferenceInference(), new WasmBackend(), new CHostBackend(), new ExportedCBackend()];
  const parts = {};
  for (const target of targets) parts[target] = await onPart(model, target, inputs);
  const { perBackend } = await verify(model, references, inputs, labels);
  const onParts = [references[0], ...targets.map((target) => new SimulatorBackend(target))];
  const some = await verify(model, onParts, inputs.subarray(0, simulated * 256), labels.subarray(0, simulated));
  return {
    accuracy: perBackend[0].accuracy,
    weightBytes: summarizeModel(model).total.bytes,
    nodes: model.nodes.map(({ op }) => op),
    mismatches: Object.fromEntries(
      [...perBackend.slice(1), ...some.perBackend.slice(1)].map(({ name, mismatches }) => [name, mismatches]),
    ),
    parts,
  };
}

/** Flash and RAM of the firmware, cycles of an inference; of a network that does not fit what it would take. */
async function onPart(model, target, inputs) {
  const some = inputs.subarray(0, Math.min(100, images) * 256);
  const simulation = await simulateModel(model, { target, facts: firmwareFacts(model, target), inputs: some });
  const { flash, ram } = simulation;
  const memory = { flash: flash.code + flash.weights, ram: ram.static + (ram.stack ?? 0) };
  if (simulation.kind === 'does-not-fit') return { ...memory, missing: simulation.missing };
  const { mean, max, worst } = simulation.cycles;
  return { ...memory, mean: Math.round(mean), max: Math.round(max), worst: Math.round(worst) };
}

function testInputs(model) {
  const { test, shape } = dataset;
  const bytes = test.bytes.subarray(0, (images * test.bytes.length) / test.count);
  const labels = test.labels.subarray(0, images);
  const fitted = fitSamples({ count: images, bytes, labels }, fitInput(shape, model.input.shape));
  return { inputs: quantizeInput(model, fitted.bytes), labels };
}

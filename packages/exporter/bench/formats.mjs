// What each weight format costs in accuracy: trained by quantization-aware training, tested in integer arithmetic on MNIST.
//   node bench/formats.mjs [--epochs 60] [--seeds 1,2,3] [--formats a,b] [--studies fc,cnn,flash] [--output bench/results/formats.json]
// Three studies: the fully connected 64-64-64 (`fc`), the convolutional cnn-16-small with its convolutions in the format too (`cnn`), and fully
// connected networks whose hidden layers are as wide as 12 608 bytes allow (`flash`). Each run ends with all test images on every
// implementation (TypeScript, WebAssembly, C, exported C), compared bit for bit. Finished runs are in the output and are not repeated.
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { CHostBackend, hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { buildPreset, quantizeInput, ReferenceInference, summarizeModel, summarizeSpec } from '@bitnetmcu/models';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { bitsPerWeight, FORMAT_NAMES } from '@bitnetmcu/quant';
import { createTrainingRun, fitInput, fitSamples, loadDataset } from '@bitnetmcu/trainer';
import { splitForValidation } from '@bitnetmcu/trainer/internal';
import { quantize, verify } from '../dist/index.js';
import { ExportedCBackend } from '../dist/node.js';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    epochs: { type: 'string', default: '60' },
    seeds: { type: 'string', default: '1,2,3' },
    formats: { type: 'string', default: FORMAT_NAMES.join(',') },
    studies: { type: 'string', default: 'fc,cnn,flash' },
    output: { type: 'string', default: join(here, 'results', 'formats.json') },
  },
});
const epochs = Number(values.epochs);
const seeds = values.seeds.split(',').map(Number);
const formats = values.formats.split(',');

/** The preset with every weight in one format, and hidden layers of other widths if asked for. */
function withFormat(preset, format, width) {
  const network = buildPreset(preset);
  const hidden = network.layers.filter(({ type }) => type === 'linear').slice(0, -1);
  const layers = network.layers.map((layer) => ({
    ...layer,
    ...('weights' in layer && { weights: { ...layer.weights, format } }),
    ...(width !== undefined && hidden.includes(layer) && { outputs: width }),
  }));
  return { ...network, name: `${preset}-${format.toLowerCase().replace('.', '_')}`, layers };
}

/** Bytes that fc-12k takes; the widest network of the format that takes no more. */
function widestWithin(format) {
  const limit = summarizeSpec(buildPreset('fc-12k')).total.bytes;
  const fits = (width) => summarizeSpec(withFormat('fc-12k', format, width)).total.bytes <= limit;
  let width = 1;
  while (fits(width + 1)) width++;
  return width;
}

const STUDIES = {
  fc: (format) => ({ network: withFormat('fc-12k', format) }),
  cnn: (format) => ({ network: withFormat('cnn-16-small', format) }),
  flash: (format) => {
    const width = widestWithin(format);
    return { network: withFormat('fc-12k', format, width), width };
  },
};
const studies = values.studies.split(',');
const unknown = [
  ...studies.filter((study) => !Object.hasOwn(STUDIES, study)),
  ...formats.filter((format) => !FORMAT_NAMES.includes(format)),
];
if (unknown.length > 0) {
  console.error(
    `Not known: ${unknown.join(', ')}. Studies: ${Object.keys(STUDIES).join(', ')}; formats: ${FORMAT_NAMES.join(', ')}.`,
  );
  process.exit(2);
}

const results = existsSync(values.output)
  ? JSON.parse(readFileSync(values.output, 'utf8'))
  : { epochs, machine: { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version }, runs: [] };
if (results.epochs !== epochs) {
  console.error(`${values.output} has runs of ${results.epochs} epochs; remove it or give another --output.`);
  process.exit(2);
}

const compiler = hostCompiler();
if (compiler.kind === 'missing') console.log(`C is not compared: ${compiler.message}`);
const backends = () => [
  new ReferenceInference(),
  new WasmBackend(),
  ...(compiler.kind === 'missing' ? [] : [new CHostBackend(), new ExportedCBackend()]),
];
const dataset = await loadDataset({ kind: 'mnist' });
const wanted = seeds.flatMap((seed) => studies.flatMap((study) => formats.map((format) => ({ study, format, seed }))));
const isDone = ({ study, format, seed }) =>
  results.runs.some((run) => run.study === study && run.format === format && run.seed === seed);
const missing = wanted.filter((run) => !isDone(run));
console.log(`${wanted.length} runs of ${epochs} epochs, ${wanted.length - missing.length} of them already done.`);
const started = performance.now();
for (const [done, { study, format, seed }] of missing.entries()) {
  const run = await trainOnce(study, format, seed);
  results.runs.push(run);
  results.runs.sort((a, b) => order(a) - order(b));
  writeFileAtomic(values.output, `${JSON.stringify(results, null, 2)}\n`);
  const left = ((performance.now() - started) / 60_000 / (done + 1)) * (missing.length - done - 1);
  console.log(
    `${study.padEnd(6)}${format.padEnd(10)} seed ${seed}  ${String(run.weightBytes).padStart(6)} B  test ${(100 * run.test).toFixed(2)} %  ` +
      `${run.mismatches} mismatches of ${run.images} × ${run.implementations.length}  ${run.seconds.toFixed(0)} s, ${left.toFixed(0)} min left`,
  );
}
if (results.runs.some(({ mismatches }) => mismatches > 0)) {
  console.log('Some implementations differ: this is a bug.');
  process.exitCode = 1;
}

function order({ study, format, seed }) {
  return Object.keys(STUDIES).indexOf(study) * 10_000 + FORMAT_NAMES.indexOf(format) * 100 + seed;
}

async function trainOnce(study, format, seed) {
  const { network, width } = STUDIES[study](format);
  const start = performance.now();
  const run = await createTrainingRun({ network, epochs, seed }, { dataset });
  const finished = await run.run();
  const seconds = (performance.now() - start) / 1000;
  if (finished.status !== 'finished') throw new Error(`${study} ${format}: ${finished.status}`);
  const { model } = quantize(run.trainedNetwork());
  const { heldOut } = splitForValidation(dataset.train, run.config);
  await run.close();
  const inputsOf = (samples) => {
    const fitted = fitSamples(samples, fitInput(dataset.shape, model.input.shape));
    return [quantizeInput(model, fitted.bytes), fitted.labels];
  };
  const tested = await verify(model, backends(), ...inputsOf(dataset.test));
  const validated = await verify(model, [new WasmBackend()], ...inputsOf(heldOut));
  const { total } = summarizeModel(model);
  return {
    ...{ study, format, bits: bitsPerWeight(format), seed },
    ...(width !== undefined && { width }),
    weightBytes: total.bytes,
    macs: total.macs,
    validation: validated.perBackend[0].accuracy,
    test: tested.perBackend[1].accuracy,
    fakeQuantizedTest: finished.test.accuracy,
    images: tested.images,
    implementations: tested.perBackend.map(({ name }) => name),
    mismatches: tested.perBackend.reduce((sum, one) => sum + one.mismatches, 0),
    seconds,
  };
}

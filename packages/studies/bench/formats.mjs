// What each weight format costs in accuracy: trained by quantization-aware training, tested in integer arithmetic on MNIST. The study is formats-study.mjs.
//   node bench/formats.mjs [--epochs 60] [--seeds 1,2,3] [--formats a,b] [--studies fc,cnn,flash] [--records ../../runs/formats] [--output bench/results/formats.json]
// Each network ends with all test images on every implementation (TypeScript, WebAssembly, C, exported C), compared bit for bit. Finished runs are in the
// records, and what was compared is in the output: neither is done again.
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { verify } from '@bitnetmcu/exporter';
import { ExportedCBackend } from '@bitnetmcu/exporter/node';
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { CHostBackend, hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { decodeBnm, quantizeInput, ReferenceInference, summarizeModel } from '@bitnetmcu/models';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { bitsPerWeight, FORMAT_NAMES } from '@bitnetmcu/quant';
import { fitInput, fitSamples, loadDataset } from '@bitnetmcu/trainer';
import { createLocalPool, openRecords, parseStudy, runStudy } from '../dist/index.js';
import { formatsStudy, KINDS } from './formats-study.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    epochs: { type: 'string', default: '60' },
    seeds: { type: 'string', default: '1,2,3' },
    formats: { type: 'string', default: FORMAT_NAMES.join(',') },
    studies: { type: 'string', default: Object.keys(KINDS).join(',') },
    records: { type: 'string', default: join(here, '..', '..', '..', 'runs', 'formats') },
    output: { type: 'string', default: join(here, 'results', 'formats.json') },
  },
});
const epochs = Number(values.epochs);
const formats = values.formats.split(',');
const kinds = values.studies.split(',');
const unknown = [
  ...kinds.filter((kind) => !Object.hasOwn(KINDS, kind)),
  ...formats.filter((format) => !FORMAT_NAMES.includes(format)),
];
if (unknown.length > 0) {
  console.error(
    `Not known: ${unknown.join(', ')}. Studies: ${Object.keys(KINDS).join(', ')}; formats: ${FORMAT_NAMES.join(', ')}.`,
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
const isDone = ({ kind, format }, seed) =>
  results.runs.some((run) => run.study === kind && run.format === format && run.seed === seed);
const { cases, document } = formatsStudy({ kinds, formats, epochs, seeds: values.seeds.split(',').map(Number) });
const records = openRecords(values.records);
const runner = createLocalPool();
try {
  const { runs } = await runStudy(parseStudy(document), {
    ...{ records, runner },
    onEnd: ({ label, request, record }) =>
      console.log(`${label}, seed ${request.config.seed}: ${record.status}, ${record.seconds?.toFixed(0)} s`),
  });
  for (const { label, record } of runs) {
    if (record.status !== 'finished') throw new Error(`${label}: ${record.reason}: ${record.message}`);
    const { seed } = record.request.config;
    if (isDone(cases.get(label), seed)) continue;
    results.runs.push(await compared(cases.get(label), record));
    results.runs.sort((a, b) => order(a) - order(b));
    writeFileAtomic(values.output, `${JSON.stringify(results, null, 2)}\n`);
  }
} finally {
  await runner.close();
  records.close();
}
if (results.runs.some(({ mismatches }) => mismatches > 0)) {
  console.log('Some implementations differ: this is a bug.');
  process.exitCode = 1;
}

function order({ study, format, seed }) {
  return Object.keys(KINDS).indexOf(study) * 10_000 + FORMAT_NAMES.indexOf(format) * 100 + seed;
}

/** A finished run, and the logits that every implementation gives of the test images. */
async function compared(
  { kind, format, width },
  { request, model: sha256, validation, epochs: history, test, seconds },
) {
  const model = decodeBnm(readFileSync(records.modelPath(sha256)));
  const fitted = fitSamples(dataset.test, fitInput(dataset.shape, model.input.shape));
  const tested = await verify(model, backends(), quantizeInput(model, fitted.bytes), fitted.labels);
  const { total } = summarizeModel(model);
  const { seed } = request.config;
  if (tested.perBackend[1].accuracy !== test.accuracy)
    throw new Error(`${kind} ${format}: the record has another score`);
  return {
    ...{ study: kind, format, bits: bitsPerWeight(format), seed },
    ...(width !== undefined && { width }),
    weightBytes: total.bytes,
    macs: total.macs,
    validation: validation.integer.accuracy,
    test: test.accuracy,
    fakeQuantizedValidation: history.at(-1).validation.accuracy,
    images: tested.images,
    implementations: tested.perBackend.map(({ name }) => name),
    mismatches: tested.perBackend.reduce((sum, one) => sum + one.mismatches, 0),
    seconds,
  };
}

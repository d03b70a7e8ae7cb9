// Checks every model of @bitnetmcu/models/zoo against its manifest:
//   node zoo/check.mjs [--update] [name …]
// Accuracy on all test images (C runtime, WebAssembly) and on the validation split exactly as stated, every logit of a sample of images
// the same in TypeScript and WebAssembly, sizes and the targets on which it fits. Exits with 1 where anything differs. --update writes RAM
// and targets as they are now into the manifest: they change with the runtime, not with the model.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { layoutModel, WasmBackend } from '@bitnetmcu/mcu-runtime';
import { ReferenceInference, summarizeModel } from '@bitnetmcu/models';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { findZooEntry, loadZooModel, zoo } from '@bitnetmcu/models/zoo';
import { loadDataset } from '@bitnetmcu/trainer';
import { splitForValidation } from '@bitnetmcu/trainer/internal';
import { integerAccuracy, modelInputs } from './evaluate.mjs';
import { onTargets } from './on-targets.mjs';

/** Images whose logits are compared one by one. */
const COMPARED_IMAGES = 200;

const { values, positionals: names } = parseArgs({
  options: { update: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const entries = names.length > 0 ? names.map(findZooEntry) : zoo;
const datasets = new Map();
const updates = new Map();
let failures = 0;

for (const entry of entries) {
  const started = performance.now();
  const model = await loadZooModel(entry.name);
  const dataset = await datasetOf(entry, model);
  if (dataset === undefined) continue;
  const problems = [];
  const expectEqual = (what, found, wanted) => {
    if (JSON.stringify(found) !== JSON.stringify(wanted)) {
      problems.push(`${what}: ${JSON.stringify(found)} found, the manifest says ${JSON.stringify(wanted)}`);
    }
  };
  const { inputs, count } = modelInputs(model, dataset, dataset.test);
  expectEqual('test accuracy', await integerAccuracy(model, dataset, dataset.test), entry.test);
  const { config } = model.provenance;
  if (config.validation > 0) {
    const { heldOut } = splitForValidation(dataset.train, { ...config, seed: entry.seed });
    expectEqual('validation accuracy', await integerAccuracy(model, dataset, heldOut), entry.validation);
  }
  const mismatches = await countMismatches(model, inputs, count);
  if (mismatches > 0)
    problems.push(`${mismatches} of ${COMPARED_IMAGES} images differ between TypeScript and WebAssembly`);
  const { total } = summarizeModel(model);
  expectEqual('bytes of weights', total.bytes, entry.weightBytes);
  expectEqual('multiply-accumulates', total.macs, entry.macs);
  const image = layoutModel(model);
  const onDevice = {
    ramBytes: image.ramBytes + image.inputs + 4 * image.outputs,
    ...(await onTargets(model)),
  };
  if (values.update) updates.set(entry.name, onDevice);
  else {
    expectEqual('RAM', onDevice.ramBytes, entry.ramBytes);
    expectEqual('targets', onDevice.targets, entry.targets);
    expectEqual('milliseconds', onDevice.milliseconds, entry.milliseconds);
  }
  report(entry, problems, (performance.now() - started) / 1000);
}
if (values.update) updateManifest();
console.log(`${entries.length} models of the zoo checked, ${failures} of them wrong.`);
process.exitCode = failures > 0 ? 1 : 0;

function updateManifest() {
  const file = fileURLToPath(new URL('../packages/models/zoo/manifest.json', import.meta.url));
  const manifest = JSON.parse(readFileSync(file, 'utf8'));
  const updated = manifest.map((entry) => ({ ...entry, ...updates.get(entry.name) }));
  writeFileAtomic(file, `${JSON.stringify(updated, null, 2)}\n`);
}

/** The entry's data set, or undefined where this machine does not have it. */
async function datasetOf({ name, dataset: kind }, model) {
  if (!datasets.has(kind)) {
    try {
      datasets.set(kind, await loadDataset(model.provenance.config.data));
    } catch (error) {
      if (error.code !== 'data-not-found') throw error;
      datasets.set(kind, undefined);
      console.log(`– ${kind} is not on this machine: ${error.message}`);
    }
  }
  const dataset = datasets.get(kind);
  if (dataset === undefined) {
    console.log(`– ${name}: skipped, there is no ${kind}`);
    return undefined;
  }
  const { datasetSha256 } = model.provenance;
  if (dataset.sha256 === datasetSha256) return dataset;
  throw new Error(`${name} was trained on ${kind} with the SHA-256 ${datasetSha256}; found ${dataset.sha256}.`);
}

async function countMismatches(model, inputs, count) {
  const images = Math.min(COMPARED_IMAGES, count);
  const features = inputs.length / count;
  const [reference, wasm] = await Promise.all(
    [new ReferenceInference(), new WasmBackend()].map(async (backend) => {
      const loaded = await backend.load(model);
      const logits = loaded.infer(inputs.subarray(0, images * features), images);
      const { outputs } = loaded;
      loaded.close();
      return { logits, outputs };
    }),
  );
  let mismatches = 0;
  for (let i = 0; i < images; i++) {
    const of = ({ logits, outputs }) => logits.subarray(i * outputs, (i + 1) * outputs).join();
    if (of(reference) !== of(wasm)) mismatches++;
  }
  return mismatches;
}

function report({ name, test }, problems, seconds) {
  if (problems.length > 0) failures++;
  const verdict = problems.length === 0 ? '✓' : '✗';
  console.log(
    `${verdict} ${name.padEnd(18)} ${(100 * test).toFixed(2)} % of the test images (${seconds.toFixed(1)} s)`,
  );
  for (const problem of problems) console.log(`    ${problem}`);
}

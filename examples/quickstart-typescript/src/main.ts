// From a network description to verified C with the packages themselves.
import { parseArgs } from 'node:util';
import { quantize, verify } from '@bitnetmcu/exporter';
import { ExportedCBackend, writeExport } from '@bitnetmcu/exporter/node';
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { type NetworkSpecInput, quantizeInput, ReferenceInference, summarizeModel } from '@bitnetmcu/models';
import { createTrainingRun, fitInput, fitSamples, loadDataset } from '@bitnetmcu/trainer';

const { values } = parseArgs({ options: { epochs: { type: 'string', default: '10' } } });

// 1. A network: 16×16 pixels, two layers of 2-bit weights, a last one of 4 bits. 2.2 kB in all.
const network: NetworkSpecInput = {
  name: 'quickstart',
  input: { shape: [256] },
  layers: [
    { type: 'linear', name: 'fc1', outputs: 32, weights: { format: '2bitsym' } },
    { type: 'activation', name: 'relu1', function: 'relu' },
    { type: 'linear', name: 'fc2', outputs: 16, weights: { format: '2bitsym' } },
    { type: 'activation', name: 'relu2', function: 'relu' },
    { type: 'linear', name: 'fc3', outputs: 10, weights: { format: '4bitsym' } },
  ],
};

// 2. Train it with quantization-aware training. The data are fetched on first use.
const dataset = await loadDataset({ kind: 'mnist' }, { onNotice: console.log });
const run = await createTrainingRun({ network, data: { kind: 'mnist' }, epochs: Number(values.epochs) }, { dataset });
const result = await run.run({
  onEpoch: ({ epoch, validation }) =>
    console.log(`epoch ${epoch + 1}: ${((validation?.accuracy ?? 0) * 100).toFixed(2)} % of the validation samples`),
});
if (result.status !== 'finished') throw new Error('the run was interrupted');
const trained = run.trainedNetwork();
await run.close();

// 3. Reduce it to integers and write C.
const { model } = quantize(trained);
const { folder, written } = writeExport(model, 'out', { name: 'quickstart' });
console.log(`${summarizeModel(model).total.bytes} bytes of weights; ${written.length} files in ${folder}/`);

// 4. Every implementation must give the same logits for every test image.
const test = fitSamples(dataset.test, fitInput(dataset.shape, model.input.shape));
const backends = [new ReferenceInference(), new WasmBackend()];
const withC = hostCompiler().kind === 'found' ? [...backends, new ExportedCBackend()] : backends;
const { images, perBackend } = await verify(model, withC, quantizeInput(model, test.bytes), test.labels);
for (const { name, accuracy, mismatches } of perBackend) {
  console.log(
    `${name.padEnd(12)} ${((accuracy ?? 0) * 100).toFixed(2)} % of ${images} images, ${mismatches} mismatches`,
  );
}
if (perBackend.some(({ mismatches }) => mismatches > 0)) process.exitCode = 1;

// Trains the network of the keywords and judges its integers on the voices that were held out:
//
//   node examples/keywords/train.mjs <folder of speak.mjs> [--seeds 1] [--epochs 30] [--save model.bnm]
import { parseArgs } from 'node:util';
import { quantize } from '@bitnetmcu/exporter';
import { summarizeModel } from '@bitnetmcu/models';
import { writeModelFile } from '@bitnetmcu/models/node';
import { createTrainingRun } from '@bitnetmcu/trainer';
import { splitForValidation } from '@bitnetmcu/trainer/internal';
import { integerAccuracy } from '../../zoo/evaluate.mjs';
import { network } from './network.mjs';
import { loadWords, logMel } from './words.mjs';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    seeds: { type: 'string', default: '1' },
    epochs: { type: 'string', default: '30' },
    save: { type: 'string' },
    copies: { type: 'string', default: '6' },
    hop: { type: 'string', default: '160' },
    bands: { type: 'string', default: '16' },
    rate: { type: 'string', default: '0.003' },
    format: { type: 'string', default: '4bitsym' },
    channels: { type: 'string', default: '32,40' },
    dropout: { type: 'string', default: '0.4' },
  },
});
const started = performance.now();
const { dataset, input } = await loadWords(
  positionals[0],
  logMel({ hop: Number(values.hop), count: Number(values.bands) }),
  Number(values.copies),
);
console.log(`${dataset.train.count} + ${dataset.test.count} samples in ${Math.round(performance.now() - started)} ms`);
for (const seed of values.seeds.split(',').map(Number)) {
  const config = {
    network: network(input, values),
    seed,
    epochs: Number(values.epochs),
    batchSize: 64,
    learningRate: Number(values.rate),
    schedule: { kind: 'cosine' },
    optimizer: { kind: 'adamw', weightDecay: 0.01 },
    data: { kind: 'folder', train: positionals[0] },
    validation: 544,
  };
  const run = await createTrainingRun(config, { dataset });
  const begun = performance.now();
  const finished = await run.run();
  const { model } = quantize(run.trainedNetwork(), { name: 'keywords' });
  const { heldOut } = splitForValidation(dataset.train, run.config);
  const result = {
    seed,
    weightBytes: summarizeModel(model).total.bytes,
    validation: await integerAccuracy(model, dataset, heldOut),
    test: await integerAccuracy(model, dataset, dataset.test),
    floatTest: finished.test?.accuracy,
    seconds: Math.round((performance.now() - begun) / 1000),
  };
  console.log(JSON.stringify(result));
  if (values.save) writeModelFile(values.save, model);
  await run.close();
}

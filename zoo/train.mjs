// Trains zoo entries over several seeds and keeps every run's model and scores:
//   node zoo/train.mjs [--seeds 1,2,3] [--out runs/zoo] [--epochs n] [name …]
// A run that is already there is not trained again, a teacher that is missing is trained first. Scores are those of the integer network on the C runtime (WebAssembly);
// the test score is kept with the run and not shown before a model is published, so that no recipe is chosen by it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { quantize } from '@bitnetmcu/exporter';
import { summarizeModel } from '@bitnetmcu/models';
import { writeModelFile } from '@bitnetmcu/models/node';
import { createTrainingRun, loadDataset } from '@bitnetmcu/trainer';
import { splitForValidation } from '@bitnetmcu/trainer/internal';
import { trainingArguments } from './arguments.mjs';
import { configOf, entries } from './entries.mjs';
import { integerAccuracy } from './evaluate.mjs';

const { seeds, out, epochsOf, chosen } = trainingArguments();

for (const seed of seeds) {
  for (const entry of chosen) await trainOnce(entry, seed);
}

/** Trains the teachers that are not there yet. */
async function trainTeachers({ loss = [] }) {
  for (const path of loss.flatMap(({ teacher = [] }) => teacher)) {
    const [, folder, name, seed] = /^(.+)\/([^/]+)\/seed-(\d+)\/checkpoint\.bnc$/.exec(path);
    const teacher = entries.find((entry) => entry.name === name);
    if (!existsSync(path)) await trainOnce(teacher, Number(seed), folder);
  }
}

async function trainOnce(entry, seed, runs = out) {
  const { name, budget } = entry;
  const config = configOf(entry, seed);
  const folder = join(runs, name, `seed-${seed}`);
  const resultFile = join(folder, 'result.json');
  if (existsSync(resultFile)) {
    report(JSON.parse(readFileSync(resultFile, 'utf8')));
    return;
  }
  await trainTeachers(config);
  mkdirSync(folder, { recursive: true });
  const epochs = epochsOf(entry);
  const dataset = await loadDataset({ kind: 'mnist', ...config.data });
  const run = await createTrainingRun(
    { ...config, epochs, output: folder, checkpointEvery: epochs },
    { dataset, overwrite: true },
  );
  const started = performance.now();
  const finished = await run.run();
  const seconds = (performance.now() - started) / 1000;
  if (finished.status !== 'finished') throw new Error(`${name}: ${finished.status}`);
  if (entry.teaches) {
    await run.close();
    // A float network: what it is for is its checkpoint, and its test score is nobody's business.
    keep({ name, seed, epochs, seconds, validation: finished.history.at(-1).validation.accuracy });
    return;
  }
  const { model } = quantize(run.trainedNetwork(), { name });
  await run.close();
  writeModelFile(join(folder, 'model.bnm'), model);
  const weightBytes = summarizeModel(model).total.bytes;
  if (budget !== undefined && weightBytes > budget) throw new Error(`${name}: ${weightBytes} bytes, ${budget} allowed`);
  const { heldOut } = splitForValidation(dataset.train, run.config);
  keep({
    name,
    seed,
    epochs,
    weightBytes,
    seconds,
    validation: await integerAccuracy(model, dataset, heldOut),
    test: await integerAccuracy(model, dataset, dataset.test),
    floatTest: finished.test.accuracy,
  });

  function keep(result) {
    writeFileSync(resultFile, `${JSON.stringify(result, null, 2)}\n`);
    report(result);
  }
}

function report({ name, seed, weightBytes, validation, seconds }) {
  const percent = (share) => `${(100 * share).toFixed(2)} %`;
  console.log(
    `${name.padEnd(16)} seed ${seed}  ${String(weightBytes ?? 'float').padStart(6)}${weightBytes === undefined ? '' : ' B'}  validation ${percent(validation)}  ${seconds.toFixed(0)} s`,
  );
}

// Trains zoo entries over several seeds, as a study (study.mjs), and keeps every run's model and scores:
//   node zoo/train.mjs [--seeds 1,2,3] [--out runs/zoo] [--epochs n] [name …]
// A run that is already there is not trained again, a teacher that is missing is trained first. Scores are those of the integer network on the C runtime (WebAssembly);
// the test score is kept with the run and not shown before a model is published, so that no recipe is chosen by it.
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createLocalPool, openRecords, parseStudy, runStudy } from '@bitnetmcu/studies';
import { trainingArguments } from './arguments.mjs';
import { configOf } from './entries.mjs';
import { zooStudy } from './study.mjs';
import { trainTeacher, trainTeachers } from './teachers.mjs';

const { seeds, out, epochsOf, chosen } = trainingArguments();
mkdirSync(out, { recursive: true });
const records = openRecords(join(out, 'records'));
const runner = createLocalPool();
try {
  for (const seed of seeds) await trainAll(seed);
} finally {
  await runner.close();
  records.close();
}

async function trainAll(seed) {
  for (const entry of chosen) {
    if (entry.teaches) report(await trainTeacher(entry, seed, { out, epochs: epochsOf(entry) }));
  }
  const missing = [];
  for (const entry of chosen.filter(({ teaches }) => !teaches)) {
    const file = join(folderOf(entry, seed), 'result.json');
    if (existsSync(file)) report(JSON.parse(readFileSync(file, 'utf8')));
    else missing.push(entry);
  }
  if (missing.length === 0) return;
  for (const entry of missing) await trainTeachers(configOf(entry, seed), epochsOf);
  const study = parseStudy(zooStudy(missing, seed, epochsOf));
  const byName = new Map(missing.map((entry) => [entry.name, entry]));
  const failed = [];
  await runStudy(study, {
    ...{ records, runner },
    onEnd({ label, record }) {
      if (record.status === 'finished') keep(byName.get(label), seed, record);
      else failed.push(`${label}: ${record.reason}: ${record.message}`);
    },
  });
  if (failed.length > 0) throw new Error(failed.join('\n'));
}

function folderOf({ name }, seed) {
  return join(out, name, `seed-${seed}`);
}

/** The model and scores of a run, where publish.mjs looks for them. */
function keep(entry, seed, { model, weightBytes, validation, test, seconds, request }) {
  const { name, budget } = entry;
  if (budget !== undefined && weightBytes > budget) throw new Error(`${name}: ${weightBytes} bytes, ${budget} allowed`);
  const folder = folderOf(entry, seed);
  mkdirSync(folder, { recursive: true });
  copyFileSync(records.modelPath(model), join(folder, 'model.bnm'));
  const { epochs } = request.config;
  const scores = { validation: validation.integer.accuracy, test: test.accuracy };
  const result = { name, seed, epochs, weightBytes, seconds, ...scores };
  writeFileSync(join(folder, 'result.json'), `${JSON.stringify(result, null, 2)}\n`);
  report(result);
}

function report({ name, seed, weightBytes, validation, seconds }) {
  const percent = (share) => `${(100 * share).toFixed(2)} %`;
  console.log(
    `${name.padEnd(16)} seed ${seed}  ${String(weightBytes ?? 'float').padStart(6)}${weightBytes === undefined ? '' : ' B'}  validation ${percent(validation)}  ${seconds.toFixed(0)} s`,
  );
}

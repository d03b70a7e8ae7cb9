// Networks that only teach: float weights, which have no integers and so are no run of a study; what counts is their checkpoint.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTrainingRun, loadDataset } from '@bitnetmcu/trainer';
import { configOf, entries } from './entries.mjs';

/** Trains the teachers of a configuration that are not there yet. */
export async function trainTeachers({ loss = [] }, epochsOf) {
  for (const path of loss.flatMap(({ teacher = [] }) => teacher)) {
    if (existsSync(path)) continue;
    const [, out, name, seed] = /^(.+)\/([^/]+)\/seed-(\d+)\/checkpoint\.bnc$/.exec(path);
    const teacher = entries.find((entry) => entry.name === name);
    await trainTeacher(teacher, Number(seed), { out, epochs: epochsOf(teacher) });
  }
}

/** @returns its scores; the test score is nobody's business */
export async function trainTeacher(entry, seed, { out, epochs }) {
  const { name } = entry;
  const output = join(out, name, `seed-${seed}`);
  const file = join(output, 'result.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const config = configOf(entry, seed);
  await trainTeachers(config, () => epochs);
  mkdirSync(output, { recursive: true });
  const dataset = await loadDataset({ kind: 'mnist', ...config.data });
  const options = { dataset, overwrite: true };
  const run = await createTrainingRun({ ...config, epochs, output, checkpointEvery: epochs }, options);
  const started = performance.now();
  const { status, history } = await run.run();
  await run.close();
  if (status !== 'finished') throw new Error(`${name}: ${status}`);
  const seconds = (performance.now() - started) / 1000;
  const result = { name, seed, epochs, seconds, validation: history.at(-1).validation.accuracy };
  writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`);
  return result;
}

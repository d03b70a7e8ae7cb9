// What train.mjs left in its folder: the runs of each entry, and which of them is shipped.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { readModelFile } from '@bitnetmcu/models/node';

/** The finished runs of an entry, by seed; none where it was not trained. */
export function readRuns(folder, name) {
  const entryFolder = join(folder, name);
  if (!existsSync(entryFolder)) return [];
  return readdirSync(entryFolder)
    .map((seedFolder) => /^seed-(\d+)$/.exec(seedFolder))
    .filter((match) => match !== null && existsSync(join(entryFolder, match[0], 'result.json')))
    .sort((a, b) => Number(a[1]) - Number(b[1]))
    .map(([seedFolder]) => ({
      result: JSON.parse(readFileSync(join(entryFolder, seedFolder, 'result.json'), 'utf8')),
      model: readModelFile(join(entryFolder, seedFolder, 'model.bnm')),
    }));
}

/** Mean test score of the same layers without quantization (float-ceiling.mjs), if it was measured. */
export function readFloatCeiling(folder, name) {
  const file = join(folder, name, 'float-ceiling.json');
  return existsSync(file) ? mean(JSON.parse(readFileSync(file, 'utf8')).seeds.map(({ test }) => test)) : undefined;
}

/**
 * The run with the best validation score; of equal ones the smallest seed. The test score is never looked at.
 * @throws Error if the runs are not of one recipe: their mean would mean nothing
 */
export function selectRun(name, runs) {
  const recipes = new Set(runs.map(({ model }) => recipeOf(model)));
  if (recipes.size > 1) {
    throw new Error(
      `${name}: its runs have ${recipes.size} different configurations; train every seed with the same one.`,
    );
  }
  return runs.reduce((best, run) => (run.result.validation > best.result.validation ? run : best));
}

/** The configuration of a model's training as text, without its seed: also the teacher's is that of the run. */
function recipeOf({ provenance }) {
  const { seed, ...recipe } = publicConfig(provenance.config);
  return JSON.stringify(recipe).replaceAll(`/seed-${seed}/`, '/seed-{seed}/');
}

/** A configuration without what only the machine that trained knows: where files were. */
export function publicConfig({ output: _output, engine: _engine, checkpointEvery: _checkpointEvery, ...config }) {
  const { path: _path, ...data } = config.data;
  return {
    ...config,
    data,
    loss: config.loss.map((term) => ('teacher' in term ? { ...term, teacher: publicPath(term.teacher) } : term)),
  };
}

function publicPath(path) {
  const inside = isAbsolute(path) ? relative(process.cwd(), path) : path;
  const start = inside.lastIndexOf('runs/');
  if (start === -1)
    throw new Error(`The teacher ${path} lies outside of runs/: nobody else could train this model again.`);
  return inside.slice(start);
}

export function mean(values) {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Sample standard deviation (n − 1); undefined of one value. */
export function deviation(values) {
  if (values.length < 2) return undefined;
  const center = mean(values);
  return Math.sqrt(values.reduce((sum, value) => sum + (value - center) ** 2, 0) / (values.length - 1));
}

// What train.mjs left in its folder: the runs of each entry, and which of them is shipped.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { buildPreset, parseNetworkSpec } from '@bitnetmcu/models';
import { readModelFile } from '@bitnetmcu/models/node';
import { meanAndDeviation } from '@bitnetmcu/studies/internal';
import { parseTrainingConfig } from '@bitnetmcu/trainer';
import { configOf } from './entries.mjs';

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
  return existsSync(file)
    ? meanAndDeviation(JSON.parse(readFileSync(file, 'utf8')).seeds.map(({ test }) => test)).mean
    : undefined;
}

/**
 * The run with the best validation score; of equal ones the smallest seed. The test score is never looked at.
 * @throws Error if a run was not trained as the entry says, or not all for as long: their mean would mean nothing
 */
export function selectRun(entry, runs) {
  for (const { model, result } of runs) {
    const keys = differencesFrom(entry, model);
    if (keys.length > 0) {
      throw new Error(
        `${entry.name}: seed ${result.seed} was trained with another ${keys.join(', ')} than the entry has. Train it again, every seed with one recipe.`,
      );
    }
  }
  const epochs = new Set(runs.map(({ model }) => model.provenance.config.epochs));
  if (epochs.size > 1) {
    throw new Error(`${entry.name}: its runs have ${[...epochs].join(' and ')} epochs; train every seed for as many.`);
  }
  return runs.reduce((best, run) => (run.result.validation > best.result.validation ? run : best));
}

/** Keys of the training configuration in which a model differs from its entry; how long it was trained is no difference. */
export function differencesFrom(entry, { provenance }) {
  const { epochs } = provenance.config;
  const found = normalized(provenance.config);
  const wanted = normalized({ ...configOf(entry, provenance.seed), epochs });
  const keys = new Set([...Object.keys(found), ...Object.keys(wanted)]);
  return [...keys].filter((key) => !isDeepStrictEqual(found[key], wanted[key]));
}

/** The default of sets of 60 000 training samples. */
const HELD_OUT = 5000;

/** With every default filled in, presets as networks: configurations of older runs lack what was not there yet. */
function normalized(config) {
  // Without a number a run holds out the default of its data set, which for these is as many; without a loss it takes that of their task.
  const defaults = { validation: HELD_OUT, loss: [{ kind: 'crossEntropy' }] };
  const { network, ...parsed } = parseTrainingConfig({ ...defaults, ...config });
  const spec = typeof network === 'string' ? buildPreset(network) : parseNetworkSpec(network);
  return JSON.parse(JSON.stringify({ ...publicConfig(parsed), network: spec }));
}

/** A configuration without what only the machine that trained knows: where files were. */
export function publicConfig({ output: _output, engine: _engine, checkpointEvery: _checkpointEvery, ...config }) {
  const { path: _path, ...data } = config.data;
  return {
    ...config,
    data,
    loss: config.loss?.map((term) => ('teacher' in term ? { ...term, teacher: publicTeacher(term.teacher) } : term)),
  };
}

const publicTeacher = (teacher) => (Array.isArray(teacher) ? teacher.map(publicPath) : publicPath(teacher));

function publicPath(path) {
  const inside = isAbsolute(path) ? relative(process.cwd(), path) : path;
  const start = inside.lastIndexOf('runs/');
  if (start === -1)
    throw new Error(`The teacher ${path} lies outside of runs/: nobody else could train this model again.`);
  return inside.slice(start);
}

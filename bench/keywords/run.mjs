// The keywords of examples/keywords: what its configuration reaches with several seeds, and what the best network costs.
//   node examples/keywords/speak.mjs examples/keywords/words
//   node bench/keywords/run.mjs [--seeds 3] [--part validation] [--networks folder] [--costs]
// With --part validation recipes are compared without looking at the test speakers, and nothing is written. The best of the seeds is the one that validation speakers
// like most. A folder of networks keeps what was trained, by configuration and seed, and what it has is not trained again. With --costs only the costs are measured
// again, of the best network in that folder: after a change of C that leaves all bits as they are. Needs riscv64-unknown-elf-gcc.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { quantize } from '../../packages/exporter/dist/index.js';
import { simulateFrontEnd } from '../../packages/mcu-runtime/dist/internal/targets.js';
import { findSimulationTarget } from '../../packages/mcu-runtime/dist/targets/index.js';
import { decodeBnm, encodeBnm, summarizeModel } from '../../packages/models/dist/index.js';
import { createEngine, createTrainingRun } from '../../packages/trainer/dist/index.js';
import { splitForValidation, wavSamples } from '../../packages/trainer/dist/internal/index.js';
import { integerAccuracy } from '../own-data/train-file.mjs';
import { keptDataset } from './dataset.mjs';
import { listen } from './listen.mjs';

const example = fileURLToPath(new URL('../../examples/keywords/', import.meta.url));
const { parse } = createRequire(new URL('../../packages/cli/package.json', import.meta.url))('yaml');
const { values: options } = parseArgs({
  options: {
    seeds: { type: 'string', default: '3' },
    part: { type: 'string', default: 'test' },
    networks: { type: 'string' },
    costs: { type: 'boolean', default: false },
  },
});
const PART = 'ch32v006';
/** Whose code the same memories run without the multiplier. */
const WITHOUT_MULTIPLIER = 'ch32v003';
const BAR = { accuracy: 95, ramBytes: 4096, flashBytes: 8192, load: 100 };

const { output: _, ...config } = parse(readFileSync(join(example, 'keywords.yaml'), 'utf8'));
const parts = { train: join(example, config.data.train), test: join(example, config.data.test) };
const data = { ...config.data, ...parts };
const rounded = (value, digits = 2) => Number(value.toFixed(digits));

const accuracy = async (model, samples) => rounded(await integerAccuracy(model, samples));

/** The first recording of the test part, and the speaker's other words. */
function someSounds(words) {
  return words.map((word) => {
    const folder = join(data.test, word);
    return wavSamples(readFileSync(join(folder, readdirSync(folder).sort()[0])), data.rate, word);
  });
}

/** Where the network of a seed is kept, if any is. */
function keptAt(seed) {
  if (options.networks === undefined) return undefined;
  mkdirSync(options.networks, { recursive: true });
  const key = createHash('sha256').update(JSON.stringify(config)).digest('hex').slice(0, 16);
  return join(options.networks, `${key}-${seed}.bnm`);
}

async function trained(run, file) {
  if (file !== undefined && existsSync(file)) return decodeBnm(readFileSync(file));
  await run.run();
  const { model } = quantize(run.trainedNetwork(), { name: config.network.name });
  if (file !== undefined) writeFileSync(file, encodeBnm(model));
  return model;
}

async function train(seed, dataset, engine) {
  const started = performance.now();
  const run = await createTrainingRun({ ...config, data, seed }, { dataset, engine });
  const model = await trained(run, keptAt(seed));
  const { heldOut } = splitForValidation(dataset.train, run.config);
  await run.close();
  const result = { seed, validation: await accuracy(model, heldOut) };
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stderr.write(`${JSON.stringify({ ...result, seconds, ...summarizeModel(model).total })}\n`);
  return { ...result, model };
}

async function costs(model, words) {
  const sounds = someSounds(words);
  const { frontEnd, raw } = model.input;
  const frames = Int16Array.from(sounds.flatMap((sound) => [...sound.subarray(4000, 4000 + frontEnd.frame)]));
  const featureBytes = async (part) =>
    (await simulateFrontEnd(frontEnd, part, frames)).flashBytes + 16 * raw.features.length;
  const { clockHz } = findSimulationTarget(PART);
  const measured = await listen(model, sounds[0]);
  const framesASecond = data.rate / frontEnd.hop;
  const load = ({ frameCycles, networkCycles }, decisions) =>
    rounded((100 * (framesASecond * frameCycles + decisions * networkCycles)) / clockHz, 1);
  const shares = (cost) => ({ ...cost, load: { once: load(cost, 1), twice: load(cost, 2) } });
  return {
    part: PART,
    clockHz,
    rate: data.rate,
    framesASecond,
    weightBytes: summarizeModel(model).total.bytes,
    multiplier: { featureBytes: await featureBytes(PART), ...shares(measured.multiplier) },
    none: { featureBytes: await featureBytes(WITHOUT_MULTIPLIER), ...shares(measured.none) },
  };
}

/** What is reached of the bars by so much accuracy at such costs. */
function passed(mean, cost) {
  const ramBytes = Math.max(...[cost.multiplier, cost.none].map(({ staticRam, stack }) => staticRam + stack));
  return {
    accuracy: mean >= BAR.accuracy,
    ramBytes: ramBytes <= BAR.ramBytes,
    flashBytes: cost.weightBytes + cost.multiplier.featureBytes <= BAR.flashBytes,
    flashBytesWithoutMultiplier: cost.weightBytes + cost.none.featureBytes <= BAR.flashBytes,
    realTime: cost.none.load.once <= BAR.load,
  };
}

const today = () => new Date().toISOString().slice(0, 10);
const resultsFile = join(example, 'results.json');
const write = (results) => writeFileSync(resultsFile, `${JSON.stringify(results, null, 2)}\n`);

async function measureCosts() {
  const before = JSON.parse(readFileSync(resultsFile, 'utf8'));
  const file = keptAt(before.best);
  if (file === undefined || !existsSync(file)) {
    throw new Error(`no network of seed ${before.best} found, --networks with what this configuration gave wanted`);
  }
  const cost = await costs(decodeBnm(readFileSync(file)), before.words);
  const costsMeasured = { command: 'node bench/keywords/run.mjs --costs --networks <folder>', date: today() };
  write({ ...before, cost, costsMeasured, passed: passed(before.mean, cost) });
}

async function measureAll() {
  const dataset = await keptDataset(data);
  const engine = await createEngine();
  const runs = [];
  for (let seed = 1; seed <= Number(options.seeds); seed++) runs.push(await train(seed, dataset, engine));
  if (options.part !== 'test') return;
  const best = runs.reduce((a, b) => (b.validation > a.validation ? b : a));
  const seeds = [];
  for (const { model, ...run } of runs) seeds.push({ ...run, test: await accuracy(model, dataset.test) });
  const tests = seeds.map(({ test }) => test);
  const mean = tests.reduce((sum, value) => sum + value, 0) / tests.length;
  const deviation = Math.sqrt(tests.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (tests.length - 1));
  const cost = await costs(best.model, dataset.labels);
  write({
    command: `node bench/keywords/run.mjs --seeds ${options.seeds}`,
    date: today(),
    words: dataset.labels,
    samples: { training: dataset.train.count, test: dataset.test.count },
    speakers: { training: new Set(dataset.train.groups).size, test: new Set(dataset.test.groups).size },
    epochs: config.epochs,
    seeds,
    mean: rounded(mean),
    deviation: rounded(deviation),
    best: best.seed,
    cost,
    bar: BAR,
    passed: passed(mean, cost),
  });
}

await (options.costs ? measureCosts() : measureAll());

// What a fused multiply-add changes: the seconds of an epoch with it and without (engine `reproducible`), and how far two trainings of one
// seed get from one another that differ in it. MNIST, one thread.
// node bench/arithmetic.mjs [--rounds 15] [--images 60000]
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildPreset, parseNetworkSpec } from '@bitnetmcu/models';
import { createEngine, fitInput, fitSamples, loadDataset, loadKernels } from '@bitnetmcu/trainer';
import { machine as describeMachine } from './measure.mjs';
import { networks } from './networks.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '15' }, images: { type: 'string', default: '60000' } },
});
const KINDS = ['native', 'reproducible'];
const BATCH = 128;
const RATE = 1e-3;
/** Of the training that is compared: two epochs, and where it is looked at. */
const SEEDS = [1, 2, 3];
const LOOKS = [1, 10, 100, 469, 938];
/** Steps at the end whose test accuracies tell how far one step may move it. */
const LAST = 20;

const engines = await Promise.all(KINDS.map((kind) => createEngine({ kind, threads: 1 })));
const [arithmetics, simd] = [engines.map(({ info }) => info.arithmetic), engines[0].info.simd];
if (arithmetics[0] !== 'fused') throw new Error('this machine has no fused multiply-add: there is nothing to compare');

const dataset = await loadDataset({ kind: 'mnist' });
const kernels = await loadKernels();
const [train, test] = [dataset.train, dataset.test].map((part) =>
  fitSamples(part, fitInput(dataset.shape, [1, 16, 16]), kernels),
);
const middle = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

function compile(engine, spec, seed) {
  const network = engine.compile(spec, { batchSize: BATCH, seed });
  network.load('train', train);
  network.load('test', test);
  network.updateClipping(0);
  return network;
}

/** Steps [from, to) of one order in all epochs. */
function advance(network, from, to) {
  const perEpoch = Math.ceil(train.count / BATCH);
  for (let step = from; step < to; ) {
    const epoch = Math.floor(step / perEpoch);
    const end = Math.min(to, (epoch + 1) * perEpoch);
    if (step === epoch * perEpoch && epoch > 0) network.updateClipping(epoch);
    const [first, last] = [step - epoch * perEpoch, end - epoch * perEpoch].map((at) => at * BATCH);
    const learningRates = new Float32Array(end - step).fill(RATE);
    const order = Uint32Array.from({ length: train.count }, (_, i) => (i * 7919) % train.count);
    network.train('train', { order, from: first, to: Math.min(last, train.count), learningRates });
    step = end;
  }
}

/** Processor seconds of an epoch, both engines in turn. */
function epochSeconds(spec, images) {
  const compiled = engines.map((engine) => compile(engine, spec, 1));
  const order = Uint32Array.from({ length: images }, (_, i) => (i * 7919) % train.count);
  const learningRates = new Float32Array(Math.ceil(images / BATCH)).fill(RATE);
  const seconds = [[], []];
  for (let round = 0; round <= Number(values.rounds); round++) {
    for (const at of round % 2 ? [1, 0] : [0, 1]) {
      const before = process.cpuUsage();
      compiled[at].train('train', { order, learningRates });
      const { user, system } = process.cpuUsage(before);
      if (round > 0) seconds[at].push((user + system) / 1e6);
    }
  }
  for (const network of compiled) network.dispose();
  return {
    seconds: seconds.map((list) => Math.min(...list)),
    ratio: middle(seconds[1].map((s, i) => s / seconds[0][i])),
  };
}

/** |a − b| / |a| over all weights. */
function distance(a, b) {
  let [square, difference] = [0, 0];
  for (const [name, weights] of Object.entries(a.parameters)) {
    if (!name.endsWith('.weight')) continue;
    weights.forEach((weight, i) => {
      square += weight ** 2;
      difference += (weight - b.parameters[name][i]) ** 2;
    });
  }
  return Math.sqrt(difference / square);
}

function accuracy(network) {
  const { correct, samples } = network.evaluate('test', 0, test.count);
  return correct / samples;
}

/** Two trainings of one seed, and how the test accuracy of the first moves in the last steps. */
function compare(spec, seed) {
  const [a, b] = engines.map((engine) => compile(engine, spec, seed));
  const distances = LOOKS.map((look, i) => {
    for (const network of [a, b]) advance(network, LOOKS[i - 1] ?? 0, look);
    return distance(a, b);
  });
  const scores = [accuracy(a), accuracy(b)];
  const last = Array.from({ length: LAST }, (_, i) => {
    advance(a, LOOKS.at(-1) + i, LOOKS.at(-1) + i + 1);
    return accuracy(a);
  });
  for (const network of [a, b]) network.dispose();
  return { seed, distances, scores, lastSteps: [Math.min(...last), Math.max(...last)] };
}

const speed = Object.entries({ 'fc-12k': buildPreset('fc-12k'), ...networks })
  .filter(([name]) => name !== 'fc')
  .map(([name, spec]) => ({ name, ...epochSeconds(parseNetworkSpec(spec), Number(values.images)) }));
for (const { name, seconds, ratio } of speed) {
  console.log(`${name.padEnd(14)} ${seconds.map((s) => s.toFixed(3)).join(' → ')} s, ratio ${ratio.toFixed(3)}`);
}

const divergence = [];
const fc = buildPreset('fc-1k');
for (const weights of ['2bitsym', 'None']) {
  for (const activations of ['max-abs', 'none']) {
    const layers = fc.layers.map((layer) =>
      layer.type === 'linear' ? { ...layer, weights: { format: weights }, activationQuantizer: activations } : layer,
    );
    const runs = SEEDS.map((seed) => compare(parseNetworkSpec({ ...fc, layers }), seed));
    divergence.push({ weights, activations, runs });
    const shown = LOOKS.map((look, i) => `${look}: ${middle(runs.map((r) => r.distances[i])).toExponential(1)}`);
    console.log(`${weights}, ${activations}: ${shown.join('  ')}`);
    for (const { seed, scores, lastSteps } of runs) {
      const percents = [...scores, ...lastSteps].map((score) => (100 * score).toFixed(2));
      console.log(
        `  seed ${seed}: test ${percents[0]} and ${percents[1]} %, ${percents[2]} to ${percents[3]} % in the last ${LAST} steps`,
      );
    }
  }
}

const { version } = JSON.parse(readFileSync(join(here, '..', 'package.json'), 'utf8'));
const [command, date] = [['node bench/arithmetic.mjs', ...process.argv.slice(2)].join(' '), new Date().toISOString()];
const about = { command, date, version, machine: describeMachine(), simd, images: Number(values.images), batch: BATCH };
const record = { ...about, rounds: Number(values.rounds), speed, looks: LOOKS, lastSteps: LAST, divergence };
mkdirSync(join(here, 'results'), { recursive: true });
writeFileSync(join(here, 'results', 'arithmetic.json'), `${JSON.stringify(record, null, 2)}\n`);
process.exit(0);

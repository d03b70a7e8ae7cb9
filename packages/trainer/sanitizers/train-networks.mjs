// Trains random networks and works on random images in every instruction set of the addon with the sanitizers, and in WebAssembly:
// engines of one arithmetic must give the same bits. Started by random-networks.mjs, with the sanitizers loaded.

import { SeededRandom } from '@bitnetmcu/models/internal/conformance';
import { createEngine, loadKernels } from '@bitnetmcu/trainer';
import { randomSpec } from './random-spec.mjs';

const [networks, seed] = process.argv.slice(2, 4).map(Number);
const addonFolder = process.argv[4];
const SIMD = process.arch === 'x64' ? ['baseline', 'avx2', 'avx512'] : ['baseline'];
const OPTIMIZERS = [
  { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 },
  { kind: 'adamw', beta1: 0.9, beta2: 0.99, epsilon: 1e-7, weightDecay: 0.1 },
  { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 0.01 },
  { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 },
];

async function engines() {
  const made = [['wasm', await createEngine({ kind: 'wasm' })]];
  for (const simd of SIMD) {
    for (const kind of ['native', 'reproducible']) {
      for (const threads of [1, 2]) {
        const engine = await createEngine({ kind, simd, threads }).catch(() => undefined);
        if (engine === undefined || (kind === 'native' && engine.info.arithmetic === 'separate')) continue;
        made.push([`${engine.info.arithmetic} ${simd}, ${threads} threads`, engine]);
      }
    }
  }
  if (made.length < 3) throw new Error('the addon with the sanitizers does not load');
  return made;
}

/** Everything that two epochs leave, as one array. */
function train(engine, spec, { options, samples, targets, order }) {
  const network = engine.compile(spec, options);
  network.load('train', samples);
  if (targets) network.loadTargets('train', targets);
  network.updateClipping(0);
  const steps = Math.ceil(order.length / options.batchSize);
  const totals = [];
  for (let epoch = 0; epoch < 2; epoch++) {
    const { loss } = network.train('train', { order, learningRates: new Float32Array(steps).fill(0.01), damping: 0.1 });
    totals.push(loss);
    network.updateClipping(epoch + 1);
  }
  const logits = new Float32Array(samples.count * network.outputs);
  network.evaluate('train', 0, samples.count, logits);
  network.setFakeQuantization(false);
  network.evaluate('train', 0, samples.count);
  network.statistics();
  const values = [...totals, ...logits, ...Object.values(network.parameters).flatMap((parameter) => [...parameter])];
  network.dispose();
  return Float64Array.from(values);
}

function work(random, spec) {
  const features = spec.input.shape.reduce((a, b) => a * b, 1);
  const classes = spec.layers.at(-1).outputs;
  const count = random.integer(1, 45);
  const samples = {
    count,
    bytes: Uint8Array.from({ length: count * features }, () => (random.chance(0.3) ? 0 : random.integer(0, 255))),
    labels: Uint16Array.from({ length: count }, () => random.integer(0, classes - 1)),
  };
  const distills = random.chance(0.2);
  const targets = Float32Array.from({ length: count * classes }, () => random.integer(-300, 300) / 100);
  const loss = [{ kind: 'crossEntropy', weight: 1, labelSmoothing: random.pick([0, 0.1]) }];
  if (distills) loss.push({ kind: 'distillation', weight: 0.5, temperature: 2 });
  const optimizer = random.pick(OPTIMIZERS);
  const options = { batchSize: random.integer(1, 37), optimizer, loss, seed: random.integer(0, 1e6) };
  const order = Uint32Array.from({ length: random.integer(1, 60) }, () => random.integer(0, count - 1));
  return { options, samples, order, ...(distills ? { targets } : {}) };
}

/** Two small jobs of the image kernels; gives what they write. */
function images(random, kernels) {
  const size = () => random.integer(1, 20);
  const [channels, count, height, width, outHeight, outWidth] = [
    random.integer(1, 3),
    random.integer(1, 4),
    size(),
    size(),
    size(),
    size(),
  ];
  const stack = (h, w, byte) => ({
    bytes: Uint8Array.from({ length: count * channels * h * w }, byte),
    channels,
    height: h,
    width: w,
  });
  const source = stack(height, width, () => random.integer(0, 255));
  const [rows, columns] = [random.integer(2, 4), random.integer(2, 4)];
  const entry = () => random.integer(-2000, 2000) / 300;
  const request = {
    ...{ source, count, fill: random.integer(0, 255) },
    indices: Uint32Array.from({ length: count }, () => random.integer(0, count - 1)),
    matrices: Float32Array.from({ length: 6 * count }, entry),
    ...(random.chance(0.5)
      ? { displacement: { grid: Float32Array.from({ length: 2 * count * rows * columns }, entry), rows, columns } }
      : {}),
  };
  return kernels.map((each) => {
    const [deformed, resized] = [stack(outHeight, outWidth, () => 0), stack(outHeight, outWidth, () => 0)];
    each.augmentBatch({ ...request, destination: deformed });
    each.resizeBatch({ source, count, destination: resized });
    return Buffer.concat([deformed.bytes, resized.bytes]);
  });
}

const all = await engines();
if (!process.report.getReport().sharedObjects.some((path) => path.startsWith(addonFolder))) {
  throw new Error(`the addon of ${addonFolder} is not the one that was loaded`);
}
const kernels = [await loadKernels({ kind: 'wasm' })];
for (const simd of SIMD) {
  const loaded = await loadKernels({ kind: 'native', simd }).catch(() => undefined);
  if (loaded !== undefined) kernels.push(loaded);
}
let differences = 0;
for (let index = 0; index < networks; index++) {
  const random = new SeededRandom(seed, index, 0x7a);
  const spec = randomSpec(random);
  const job = work(random, spec);
  // Where a sanitizer ends the process, this line says with what.
  process.stderr.write(`network ${index}: ${JSON.stringify(spec.layers)}\n`);
  const expected = new Map();
  for (const [name, engine] of all) {
    const result = train(engine, spec, job);
    const { arithmetic } = engine.info;
    if (!expected.has(arithmetic)) expected.set(arithmetic, { first: name, values: result });
    const { first, values } = expected.get(arithmetic);
    if (Buffer.compare(Buffer.from(values.buffer), Buffer.from(result.buffer)) === 0) continue;
    differences++;
    const at = values.findIndex((value, i) => !Object.is(value, result[i]));
    console.log(
      `✗ network ${index}: value ${at} is ${values[at]} with ${first}, ${result[at]} with ${name}: ${JSON.stringify(spec)} ${JSON.stringify(job.options)}`,
    );
  }
  const [first, ...others] = images(random, kernels);
  if (others.some((bytes) => Buffer.compare(first, bytes) !== 0)) {
    differences++;
    console.log(`✗ images of network ${index} differ`);
  }
  if (index % 100 === 99) console.log(`${index + 1} of ${networks}`);
}
console.log(`${networks} networks trained in ${all.map(([name]) => name).join('; ')}: ${differences} differences`);
process.exit(differences === 0 ? 0 : 1);

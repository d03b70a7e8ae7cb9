// Digests of what random networks are after training, to compare machines by: engines of one arithmetic must have one, wherever they run.
// node bench/bits.mjs [--networks 50] [--steps 20] [--each]
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createEngine, loadKernels } from '@bitnetmcu/trainer';
import { randomJob } from '../sanitizers/random-job.mjs';

const { values } = parseArgs({
  options: {
    networks: { type: 'string', default: '50' },
    steps: { type: 'string', default: '20' },
    each: { type: 'boolean', default: false },
  },
});
const SEED = 14;
const CHOICES = ['avx512', 'avx2', 'baseline'].flatMap((simd) =>
  ['native', 'reproducible'].flatMap((kind) => [1, 2].map((threads) => ({ kind, simd, threads }))),
);

const bytesOf = (array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

function addTrained(hash, engine, { spec, options, samples, teacher, steps }) {
  const network = engine.compile(spec, options);
  network.load('train', samples);
  if (teacher) network.loadTargets('train', teacher);
  network.updateClipping(0);
  network.train('train', steps);
  network.updateClipping(1);
  for (const part of [network.parameters, network.state]) {
    for (const array of Object.values(part)) hash.update(bytesOf(array));
  }
  network.dispose();
}

/** A turned, displaced and resized picture. */
function imageDigest(kernels) {
  const source = { bytes: new Uint8Array(784).map((_, i) => i * 31), channels: 1, height: 28, width: 28 };
  const deformed = { ...source, bytes: new Uint8Array(784) };
  const resized = { bytes: new Uint8Array(256), channels: 1, height: 16, width: 16 };
  const grid = Float32Array.from({ length: 32 }, (_, i) => ((i * 7) % 11) / 5 - 1);
  const matrices = Float32Array.of(0.98, 0.17, -1.5, -0.17, 0.98, 2.2);
  const displacement = { grid, rows: 4, columns: 4 };
  kernels.augmentBatch({ source, count: 1, matrices, displacement, destination: deformed });
  kernels.resizeBatch({ source: deformed, count: 1, destination: resized });
  return createHash('sha256').update(deformed.bytes).update(resized.bytes).digest('hex').slice(0, 16);
}

const found = new Map();
for (const options of [{ kind: 'wasm' }, ...CHOICES]) {
  const engine = await createEngine(options).catch(() => undefined);
  if (engine === undefined) continue;
  const hash = createHash('sha256');
  for (let index = 0; index < Number(values.networks); index++) {
    addTrained(hash, engine, randomJob(SEED, index, Number(values.steps)));
    if (values.each) console.log(`network ${index}: ${hash.copy().digest('hex').slice(0, 16)}`);
  }
  const { threads: _, ...kernelOptions } = options;
  const images = imageDigest(await loadKernels(kernelOptions));
  const { arithmetic, kind, simd, threads } = engine.info;
  const digest = hash.digest('hex').slice(0, 16);
  console.log(`${arithmetic.padEnd(9)} weights ${digest}  images ${images}  ${kind} ${simd}, ${threads} threads`);
  found.set(arithmetic, (found.get(arithmetic) ?? new Set()).add(`${digest} ${images}`));
}
console.log(`${process.arch}, Node ${process.versions.node}, ${values.networks} networks of ${values.steps} steps`);
process.exit([...found.values()].every((digests) => digests.size === 1) ? 0 : 1);

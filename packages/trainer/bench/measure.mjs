// How the benchmarks measure an epoch of training: this engine, the peers doing the same in their own processes, and the machine's limit.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseNetworkSpec, summarizeSpec } from '@bitnetmcu/models';
import { createEngine } from '@bitnetmcu/trainer';
import { peersPython } from '../../../scripts/training-peers.mjs';
import { engineVariants } from '../scripts/engine-variants.mjs';
import { samples } from './networks.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const optimizer = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };
const loss = [{ kind: 'crossEntropy', weight: 1, labelSmoothing: 0 }];

/** Wall and processor seconds of each repetition after a first one that warms up. */
export function measure(repetitions, work) {
  const seconds = [];
  const cpuSeconds = [];
  for (let repetition = 0; repetition <= repetitions; repetition++) {
    const cpu = process.cpuUsage();
    const started = performance.now();
    work(repetition);
    const wall = (performance.now() - started) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    if (repetition === 0) continue;
    seconds.push(wall);
    cpuSeconds.push((user + system) / 1e6);
  }
  return { seconds, cpuSeconds };
}

/** Epochs of one network on one engine. @param options those of `createEngine` */
export async function trainSeconds(network, options, { images, batch, epochs }) {
  const engine = await createEngine(options);
  const spec = parseNetworkSpec(network);
  const compiled = engine.compile(spec, { batchSize: batch, optimizer, loss, seed: 1 });
  const features = spec.input.shape.reduce((product, length) => product * length);
  compiled.load('training', samples(images, features));
  const order = Uint32Array.from({ length: images }, (_, i) => (i * 7919) % images);
  const rates = new Float32Array(Math.ceil(images / batch)).fill(1e-3);
  const measured = measure(epochs, (epoch) => {
    compiled.updateClipping(epoch);
    compiled.train('training', { order, from: 0, to: images, learningRates: rates });
  });
  compiled.dispose();
  return { info: engine.info, ...measured };
}

/** What the peers' programs are, beside this file; `scripts/training-peers.mjs` installs what they need. */
export const PEERS = {
  pytorch: ['pytorch_qat.py'],
  'pytorch-compiled': ['pytorch_qat.py', '--compile'],
  jax: ['jax_qat.py'],
};

/**
 * The same epochs by a peer, on as many cores as it has threads, or null where no Python here has it.
 * @param spec a NetworkSpec
 */
export function peerSeconds(peer, spec, { images, batch, epochs, threads }) {
  const [program, ...more] = PEERS[peer];
  const flags = Object.entries({ images, batch, epochs, threads }).flatMap(([flag, value]) => [
    `--${flag}`,
    String(value),
  ]);
  const cores = Array.from({ length: threads }, (_, i) => i).join(',');
  const input = JSON.stringify(parseNetworkSpec(spec));
  for (const python of [peersPython, '/usr/bin/python3', 'python3']) {
    const args = ['-c', cores, python, join(here, 'peers', program), ...flags, ...more];
    const result = spawnSync('taskset', args, { encoding: 'utf8', input });
    if (result.status === 0) return JSON.parse(result.stdout.trim().split('\n').at(-1));
    const reason = result.error?.message ?? result.stderr.trim().split('\n').at(-1);
    if (!/ENOENT|No such file|ModuleNotFoundError|ImportError/.test(reason)) throw new Error(`${peer}: ${reason}`);
  }
  return null;
}

/**
 * 10⁹ operations a second (a multiply-add is two) of one core at most, with an instruction set of the engine: bench/peak.c.
 * @param simd as in EngineInfo
 */
export function measurePeak(simd) {
  const variant = engineVariants(process.arch).find(({ name }) => name === simd);
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-peak-'));
  try {
    const program = join(folder, 'peak');
    const flags = ['-O3', '-std=gnu11', '-ffp-contract=off', ...variant.flags];
    execFileSync(process.env.CC ?? 'cc', [...flags, join(here, 'peak.c'), '-o', program], { stdio: 'pipe' });
    return Number(execFileSync(program, { encoding: 'utf8' }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Operations of one training step for one sample: forward, the weights' gradient, and the input's but for the first layer. */
export function trainingOperations(spec) {
  const macs = summarizeSpec(parseNetworkSpec(spec)).layers.flatMap((layer) => (layer.macs > 0 ? [layer.macs] : []));
  return 2 * (3 * macs.reduce((sum, value) => sum + value, 0) - macs[0]);
}

export const machine = () => ({
  cpu: cpus()[0].model,
  cores: availableParallelism(),
  node: process.versions.node,
  load: loadavg()[0],
});

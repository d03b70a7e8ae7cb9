// How the benchmarks measure an epoch of training: this engine, and PyTorch doing the same in its own process.
import { spawnSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseNetworkSpec } from '@bitnetmcu/models';
import { createEngine } from '@bitnetmcu/trainer';
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
  const compiled = engine.compile(parseNetworkSpec(network), { batchSize: batch, optimizer, loss, seed: 1 });
  compiled.load('training', samples(images));
  const order = Uint32Array.from({ length: images }, (_, i) => (i * 7919) % images);
  const rates = new Float32Array(Math.ceil(images / batch)).fill(1e-3);
  const measured = measure(epochs, (epoch) => {
    compiled.updateClipping(epoch);
    compiled.train('training', { order, from: 0, to: images, learningRates: rates });
  });
  compiled.dispose();
  return { info: engine.info, ...measured };
}

/** The same epochs in PyTorch (pytorch_qat.py), or null where no Python here has it. */
export function pytorchSeconds({ network, channels = 64, images, batch, epochs, threads }) {
  const flags = { network, channels, images, batch, epochs, threads };
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, String(value)]);
  for (const python of ['/usr/bin/python3', 'python3']) {
    const result = spawnSync(python, [join(here, 'pytorch_qat.py'), ...args], { encoding: 'utf8' });
    if (result.status === 0) return JSON.parse(result.stdout.trim().split('\n').at(-1));
  }
  return null;
}

export const machine = () => ({
  cpu: cpus()[0].model,
  cores: availableParallelism(),
  node: process.versions.node,
  load: loadavg()[0],
});

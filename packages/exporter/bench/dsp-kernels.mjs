// Cycles of the zoo's networks, and of two that ONNX graphs bring, on the simulated Cortex-M parts with the DSP extension:
//   node bench/dsp-kernels.mjs [--as before|after] [--only a,b] [--targets a,b] [--profile]
// Needs a build and MNIST, but no compiler: the kernels are the prebuilt ones. Cycles are estimates (an instruction count by the tables of Arm's
// manuals), the mean over MNIST's test images 6048, 455 and 4584 or over three windows of a signal; all logits are compared with the reference.
// --as writes this column of bench/results/dsp-kernels.json where all is measured, and leaves the other one; --profile shows where the cycles go.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { parts } from '@bitnetmcu/mcu-runtime/internal/targets';
import { simulateModel } from '@bitnetmcu/mcu-runtime/targets';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { loadDataset } from '@bitnetmcu/trainer';
import { barNetwork, IMAGES } from './bar-networks.mjs';

const NETWORKS = [
  ...[
    'fc-1k',
    'fc-12k',
    'fc-12k-8bit',
    'fc-12k-2bit',
    'fc-12k-ternary',
    'fc-12k-binary',
    'fc-12k-fp130',
    'mini-fc-12k',
  ],
  ...['cnn-16-small', 'cnn-64', 'cnn-96-ternary', 'mini-cnn-1k', 'mini-cnn-5k', 'mini-cnn-11k'],
  ...['imported-cnn', 'signal-16k'],
];
const TARGETS = Object.keys(parts).filter((name) => parts[name].core.kind === 'cortex-m' && parts[name].core.dsp);
const { values } = parseArgs({
  options: {
    as: { type: 'string' },
    only: { type: 'string', default: NETWORKS.join(',') },
    targets: { type: 'string', default: TARGETS.join(',') },
    profile: { type: 'boolean', default: false },
  },
});
if (values.as !== undefined && !['before', 'after'].includes(values.as)) {
  throw new Error(`--as ${values.as} found; before or after wanted`);
}

const dataset = await loadDataset({ kind: 'mnist' });
const measured = [];
for (const name of values.only.split(',')) {
  const { model, samples } = await barNetwork(name, dataset);
  const inputs = Int8Array.from(samples.flatMap((sample) => [...sample]));
  for (const target of values.targets.split(',')) {
    const simulated = await simulateModel(model, { target, inputs, profile: values.profile });
    if (simulated.kind !== 'simulated') throw new Error(`${name} does not fit the ${target}`);
    const { cycles, flash, profile } = simulated;
    const row = { mean: Math.round(cycles.mean), worst: Math.round(cycles.worst), flash: flash.code + flash.weights };
    measured.push({ model: name, target, ...row });
    console.log(`${name} ${target}: ${row.mean} cycles, worst case ${row.worst}, ${row.flash} bytes of flash`);
    for (const line of profile === undefined ? [] : largest(profile)) console.log(`    ${line}`);
  }
}
const isWhole = values.only === NETWORKS.join(',') && values.targets === TARGETS.join(',');
if (values.as !== undefined && isWhole) record(values.as);

function record(column) {
  const output = join(dirname(fileURLToPath(import.meta.url)), 'results', 'dsp-kernels.json');
  const known = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')).rows : [];
  const rows = measured.map(({ model, target, ...figures }) => {
    const other = known.find((row) => row.model === model && row.target === target);
    return { model, target, before: other?.before, after: other?.after, [column]: figures };
  });
  const command = 'node bench/dsp-kernels.mjs --as before, with the kernel images of 48f974bb; --as after';
  const result = { command, date: new Date().toISOString().slice(0, 10), images: IMAGES, rows };
  writeFileAtomic(output, `${JSON.stringify(result, undefined, 2)}\n`);
}

function largest({ functions }) {
  const all = functions.toSorted((a, b) => b.selfCycles - a.selfCycles).slice(0, 12);
  return all.map(
    (one) => `${String(Math.round(one.selfCycles / IMAGES.length)).padStart(9)}  ${one.name} ${one.calls}×`,
  );
}

// Cycles of built firmware for the networks that have a bar, beside the bar:
//   node bench/bars.mjs [--only a,b] [--targets ch32v003,ch32v002,rp2040,atmega328p] [--kernels NAME] [--profile]
// Needs a build, the cross compilers and MNIST. For every network and part the kernels are those that `firmware` chooses, measured anew (nothing
// recorded is read); cycles are the mean over MNIST's test images 6048, 455 and 4584, or over three windows of a signal. The self-test of each
// firmware holds its logits against the reference. --profile shows where the cycles go. Writes bench/results/bars.json where all are measured.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { defaultsFor } from '@bitnetmcu/mcu-runtime/internal/targets';
import { SIMULATION_TARGETS } from '@bitnetmcu/mcu-runtime/targets';
import { ReferenceInference } from '@bitnetmcu/models';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { loadDataset } from '@bitnetmcu/trainer';
import { compilerVersion, firmwareRuns } from '../dist/internal/node.js';
import { measureFirmware } from '../dist/node.js';
import { barNetwork, IMAGES } from './bar-networks.mjs';

/** Cycles: CH32V003, CH32V002, RP2040, ATmega328P. */
const BARS = {
  'fc-12k': [72_000, 37_000, 38_000, 120_000],
  'fc-12k-ternary': [250_000, 180_000, 100_000, 500_000],
  'fc-12k-binary': [250_000, 180_000, 200_000, 500_000],
  'cnn-64': [2_000_000, 700_000, 800_000, 6_000_000],
  'mini-cnn-1k': [700_000, 450_000, 400_000, 1_500_000],
  'mini-cnn-3k': [2_000_000, 1_000_000, 900_000, 4_000_000],
  'mini-cnn-11k': [5_000_000, 2_500_000, 1_800_000],
  'imported-cnn': [2_500_000, 400_000, 450_000],
  'signal-16k': [250_000, 120_000, 100_000, 600_000],
};
const TARGETS = ['ch32v003', 'ch32v002', 'rp2040', 'atmega328p'];
const { values } = parseArgs({
  options: {
    only: { type: 'string', default: Object.keys(BARS).join(',') },
    targets: { type: 'string', default: TARGETS.join(',') },
    kernels: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
});

const dataset = await loadDataset({ kind: 'mnist' });
const rows = [];
for (const name of values.only.split(',')) {
  const { model, samples } = await barNetwork(name, dataset);
  for (const target of values.targets.split(',')) {
    const row = {
      model: name,
      target,
      ...(await measure(model, target, samples)),
      bar: BARS[name]?.[TARGETS.indexOf(target)],
    };
    rows.push(row);
    const { kernels, cycles, bar, flash, ramStatic, ramStack, profile } = row;
    const mark =
      bar === undefined || cycles === undefined ? '' : cycles <= bar ? '✓' : `✗ ${(cycles / bar).toFixed(2)}`;
    console.log(
      `${name} ${target} ${kernels}: ${cycles ?? 'does not fit'} (bar ${bar}) ${mark}; flash ${flash}, RAM ${ramStatic} + ${ramStack}`,
    );
    if (values.profile) for (const line of profile ?? []) console.log(`    ${line}`);
  }
}
if (
  values.only === Object.keys(BARS).join(',') &&
  values.targets === TARGETS.join(',') &&
  values.kernels === undefined
) {
  const versions = Object.fromEntries(TARGETS.map((target) => [target, compilerVersion(target)]));
  const kept = rows.map(({ profile, ...row }) => row);
  const output = join(dirname(fileURLToPath(import.meta.url)), 'results', 'bars.json');
  writeFileAtomic(output, `${JSON.stringify({ versions, images: IMAGES, rows: kept }, undefined, 2)}\n`);
}

async function measure(model, target, samples) {
  const { flashBytes, ramBytes, variants } = SIMULATION_TARGETS[target];
  const asked =
    values.kernels === undefined
      ? defaultsFor(model, SIMULATION_TARGETS[target])
      : variants.filter(({ name }) => name === values.kernels);
  let row, variant;
  for (variant of asked) {
    const { flash, staticRam, stack } = await measureFirmware(model, target, variant);
    row = { kernels: variant.name, flash, ramStatic: staticRam, ramStack: stack };
    if (stack !== undefined && flash <= flashBytes && staticRam + stack <= ramBytes) break;
    variant = undefined;
  }
  if (variant === undefined) return row;
  const runs = await firmwareRuns(model, target, variant, samples);
  const classes = await referenceClasses(model, samples);
  if (runs.some(({ value }, i) => value !== classes[i]))
    throw new Error(`${model.name} on ${target}: other classes than the reference`);
  const cycles = Math.round(runs.reduce((sum, run) => sum + run.cycles, 0) / runs.length);
  const profile = runs[0].profile.functions
    .toSorted((a, b) => b.selfCycles - a.selfCycles)
    .slice(0, 12)
    .map((one) => `${String(one.selfCycles).padStart(9)}  ${one.name} ${one.calls}×`);
  return { ...row, cycles, profile };
}

async function referenceClasses(model, samples) {
  const loaded = await new ReferenceInference().load(model);
  const { outputs } = loaded;
  return samples.map((sample) => {
    const logits = [...loaded.infer(sample, 1)];
    return logits.slice(0, outputs).indexOf(Math.max(...logits));
  });
}

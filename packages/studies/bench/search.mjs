// Search against random search with the same time: the hypervolume that the networks dominate, and the best within given bytes of weights.
//   node bench/search.mjs [--seconds 3600] [--repetitions 3] [--jobs 2] [--data mnist] [--target ch32v003] [--max-weights 3400] [--sizes 1126,3379]
//     [--output bench/results/search.json]
// Networks are chosen by held-out samples; the test scores are of the networks on the front. Two objectives are measured, both as logarithms: the error
// below 10 %, and bytes of weights below the limit. The machine should do nothing else. A repetition that is in the output is not repeated.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { createLocalPool, openRecords, searchNetworks } from '../dist/index.js';
import { hypervolume } from '../dist/internal/index.js';

const here = dirname(fileURLToPath(import.meta.url));
const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3600' },
    repetitions: { type: 'string', default: '3' },
    jobs: { type: 'string', default: String(availableParallelism()) },
    data: { type: 'string', default: 'mnist' },
    target: { type: 'string', default: 'ch32v003' },
    'max-weights': { type: 'string', default: '3400' },
    sizes: { type: 'string', default: '1126,3379' },
    output: { type: 'string', default: join(here, 'results', 'search.json') },
  },
});
const limits = { target: values.target, maxWeights: Number(values['max-weights']) };
const reference = [Math.log10(0.1), Math.log10(limits.maxWeights)];

/** Both objectives of every network that finished. */
function volumeOf(runs) {
  const points = runs.flatMap(({ record }) => {
    if (record.status !== 'finished') return [];
    const error = 1 - record.validation.integer.accuracy;
    return [[Math.log10(Math.max(error, 1e-4)), Math.log10(record.weightBytes)]];
  });
  return hypervolume(points, reference);
}

function bestWithin(points, bytes) {
  const [best] = points.filter(({ costs }) => costs.weightBytes <= bytes).sort((a, b) => b.validation - a.validation);
  if (best === undefined) return { bytes };
  return { bytes, weightBytes: best.costs.weightBytes, validation: best.validation, test: best.test };
}

async function search(sampler, seed) {
  const folder = mkdtempSync(join(tmpdir(), 'search-bench-'));
  const records = openRecords(folder);
  const runner = createLocalPool({ processes: Number(values.jobs) });
  const started = performance.now();
  try {
    const { runs, points } = await searchNetworks({
      ...{ name: sampler, data: { kind: values.data }, budget: limits, records, runner, sampler, seed },
      seconds: Number(values.seconds),
      objectives: ['weights', 'cycles'],
      minAccuracy: 0.9,
      onRun: ({ record, costs }) =>
        console.log(sampler, seed, record.validation?.integer.accuracy ?? record.message, costs.weightBytes),
    });
    const largest = values.sizes.split(',').map((bytes) => bestWithin(points, Number(bytes)));
    return {
      ...{ sampler, seed, trainings: runs.length, seconds: (performance.now() - started) / 1000 },
      ...{ hypervolume: volumeOf(runs), points: points.length, best: largest },
    };
  } finally {
    await runner.close();
    records.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

const known = existsSync(values.output) ? JSON.parse(readFileSync(values.output, 'utf8')).results : [];
const results = [...known];
for (let seed = 1; seed <= Number(values.repetitions); seed++) {
  for (const sampler of ['evolution', 'random']) {
    if (results.some((one) => one.sampler === sampler && one.seed === seed)) continue;
    results.push(await search(sampler, seed));
    const command = `node bench/search.mjs ${process.argv.slice(2).join(' ')}`.trim();
    const machine = { cpu: cpus()[0].model, cores: cpus().length, node: process.version };
    const document = { date: new Date().toISOString(), command, machine, settings: values, reference, results };
    writeFileAtomic(values.output, `${JSON.stringify(document, null, 2)}\n`);
  }
}
console.table(
  results.map(({ sampler, seed, trainings, hypervolume: volume, best }) => ({
    ...{ sampler, seed, trainings, hypervolume: Number(volume.toFixed(4)) },
    ...Object.fromEntries(best.map(({ bytes, test = Number.NaN }) => [`test ≤ ${bytes} B`, test])),
  })),
);

// Regression and anomaly with default options, in the integers of the C runtime (as WebAssembly), against scikit-learn on the same rows.
//   node bench/own-data/tasks.mjs [--python python3] [--seeds 1,2,3,4,5] [--only diabetes,digits] [--validate] [--output FILE]
// The Python needs scikit-learn (pip install scikit-learn). With --validate a fifth of the training rows judges in place of the test rows (of
// diabetes; digits are told from others by nothing else), and nothing is written.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { quantize } from '../../packages/exporter/dist/index.js';
import { loadWasmModel } from '../../packages/mcu-runtime/dist/index.js';
import { quantizeInput } from '../../packages/models/dist/index.js';
import {
  createEngine,
  createTrainingRun,
  drawSamples,
  loadDataset,
  selectSamples,
} from '../../packages/trainer/dist/index.js';
import {
  areaUnderRoc,
  coefficientOfDetermination,
  recommendTraining,
  splitForValidation,
} from '../../packages/trainer/dist/internal/index.js';

const here = dirname(fileURLToPath(import.meta.url));
const { values: options } = parseArgs({
  options: {
    python: { type: 'string', default: 'python3' },
    seeds: { type: 'string', default: '1,2,3,4,5' },
    only: { type: 'string', default: 'diabetes,digits' },
    validate: { type: 'boolean', default: false },
    output: { type: 'string', default: join(here, '..', 'results', 'own-data-tasks.json') },
  },
});
const seeds = options.seeds.split(',').map(Number);
const names = options.only.split(',');
const folder = mkdtempSync(join(tmpdir(), 'own-tasks-'));
const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const rounded = (number) => Math.round(number * 1e4) / 1e4;

/** Trains with default options; answers of the integer network to the judging samples. */
async function answersTo(spec, seed, engine) {
  let dataset = await loadDataset(spec);
  if (options.validate) {
    const { rest, heldOut } = splitForValidation(dataset.train, {
      validation: Math.round(dataset.train.count / 5),
      seed,
    });
    dataset = { ...dataset, train: rest, test: heldOut };
  }
  const { config } = recommendTraining(dataset);
  const run = await createTrainingRun({ ...config, data: spec, seed }, { dataset, engine });
  const { test: score } = await run.run();
  const network = run.trainedNetwork();
  const { rest, heldOut } = splitForValidation(dataset.train, run.config);
  await run.close();
  const drawn = selectSamples(rest, drawSamples(rest, Math.min(512, rest.count)));
  const { model } = quantize(network, {
    calibration: { samples: drawn.bytes },
    ...(heldOut.count > 0 && { normal: { samples: heldOut.bytes } }),
  });
  const { test } = dataset;
  const wasm = await loadWasmModel(model);
  const inputs = quantizeInput(model, test.bytes);
  const logits = wasm.infer(inputs, test.count);
  const decisions = Array.from({ length: test.count }, (_, i) =>
    wasm.decide(
      inputs.subarray(i * wasm.inputs, (i + 1) * wasm.inputs),
      logits.subarray(i * wasm.outputs, (i + 1) * wasm.outputs),
    ),
  );
  return { decisions, test, model, score };
}

const files = (name) => ({ train: join(folder, `${name}.train.csv`), test: join(folder, `${name}.test.csv`) });

try {
  const baselines = JSON.parse(
    execFileSync(options.python, [join(here, 'make_tasks.py'), folder, ...seeds.map(String)], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    }),
  );
  const engine = await createEngine({ threads: 1 });
  const results = {};
  if (names.includes('diabetes')) results.diabetes = await diabetes(engine, baselines.diabetes);
  if (names.includes('digits')) results.digits = await digits(engine, baselines.digits);
  console.log(JSON.stringify(results, null, 2));
  if (!options.validate && names.length === 2) {
    const command = `node bench/own-data/tasks.mjs --seeds ${seeds.join(',')}`;
    const text = { command, date: new Date().toISOString().slice(0, 10), seeds, ...results };
    writeFileSync(options.output, `${JSON.stringify(text, null, 2)}\n`);
    if (!results.diabetes.passed || !results.digits.passed) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}

async function diabetes(engine, baselines) {
  const runs = [];
  for (const seed of seeds) {
    const spec = { kind: 'csv', ...files(`diabetes-${seed}`), labelColumn: 'target', task: 'regression' };
    const { decisions, test, model, score } = await answersTo(spec, seed, engine);
    const factor = 10 ** model.output.values[0].decimals;
    const predicted = decisions.map(({ values }) => values[0] / factor);
    runs.push({
      r2: rounded(coefficientOfDetermination(test.targets, predicted)),
      trained: rounded(score.r2),
      meanAbsoluteError: rounded(mean(predicted.map((value, i) => Math.abs(value - test.targets[i])))),
    });
    process.stderr.write(`diabetes ${seed}: ${JSON.stringify(runs.at(-1))}\n`);
  }
  const r2 = rounded(mean(runs.map((run) => run.r2)));
  const ridge = rounded(mean(baselines.map((baseline) => baseline.ridge)));
  return { bar: 'R² within 0.03 of ridge', r2, ridge, passed: r2 >= ridge - 0.03, runs };
}

async function digits(engine, baselines) {
  const runs = [];
  for (const seed of seeds) {
    const areas = [];
    const falseAlarms = [];
    for (let digit = 0; digit < 10; digit++) {
      const spec = { kind: 'csv', ...files(`digits${digit}-${seed}`), labelColumn: 'state', task: 'anomaly' };
      const { decisions, test } = await answersTo(spec, seed, engine);
      areas.push(
        areaUnderRoc(
          decisions.map(({ score }) => score),
          test.labels,
        ),
      );
      const normal = decisions.filter((_, i) => test.labels[i] === 0);
      falseAlarms.push(mean(normal.map(({ isAnomaly }) => Number(isAnomaly))));
    }
    runs.push({
      area: rounded(mean(areas)),
      worst: rounded(Math.min(...areas)),
      falseAlarms: rounded(mean(falseAlarms)),
    });
    process.stderr.write(`digits ${seed}: ${JSON.stringify(runs.at(-1))}\n`);
  }
  const area = rounded(mean(runs.map((run) => run.area)));
  const pca = rounded(mean(baselines.flat().map((baseline) => baseline['pca-12'])));
  return { bar: 'area of at least 0.95', area, 'pca-12': pca, passed: area >= 0.95, runs };
}

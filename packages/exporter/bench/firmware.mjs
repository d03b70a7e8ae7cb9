// What `sim` says of firmware against firmware that was built and run, for models of the zoo on every simulated part:
//   node bench/firmware.mjs --record [name …]       records facts of firmware (of all models, or of these) for simulations without a compiler, then compares
//   node bench/firmware.mjs [--check] [name …]      compares; --check exits with 1 where anything differs
// and with --part=NAME on that part alone; unknown parts, models and options are refused.
// Needs a build, the cross compilers, MNIST and Fashion-MNIST (models whose data are missing are tested on the probe). For every model
// and part: `makeFirmware` as the command calls it, its self-test from reset; flash, static RAM and stack of the smallest firmware,
// exactly, and cycles of an inference, within 1 % (3 % where kernels are optimized at link time), against `simulateModel` without a compiler. Writes bench/results/firmware.json, its rows of a part with --part, where all
// models are measured.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { BOARD_PART_NAMES, chooseVariant, modelKey, parts, probeInput } from '@bitnetmcu/mcu-runtime/internal/targets';
import { runFirmware, SIMULATION_TARGETS, simulateModel } from '@bitnetmcu/mcu-runtime/targets';
import { quantizeInput } from '@bitnetmcu/models';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { loadZooModel, zoo } from '@bitnetmcu/models/zoo';
import { fitInput, fitSamples, loadDataset } from '@bitnetmcu/trainer';
import { compilerVersion, firmwareCycles, firmwareKindOf } from '../dist/internal/node.js';
import { makeFirmware, measureFirmware } from '../dist/node.js';

/** Of kernels that are optimized at link time the simulation knows one inference, and scales others by it. */
const cyclesTolerance = ({ lto }) => (lto ? 0.03 : 0.01);
/**
 * A self-test of several samples may keep a register of 4 bytes more than that of the one blank sample; on AVR, whose registers have one, none was seen
 * to, and the stack is the same.
 */
const savedRegisterBytes = (part) => (parts[part].core.kind === 'avr' ? 0 : 4);
const FLAGS = ['--record', '--check'];
const here = dirname(fileURLToPath(import.meta.url));
const results = join(here, 'results', 'firmware.json');
const recorded = join(here, '..', '..', 'mcu-runtime', 'src', 'targets', 'prebuilt', 'firmware-facts.ts');

if (isMainThread) await main();
else await work();

async function main() {
  const options = process.argv.slice(2);
  const names = options.filter((option) => !option.startsWith('--'));
  const only = options.find((option) => option.startsWith('--part='))?.slice('--part='.length);
  const flags = options.filter((option) => option.startsWith('--') && !option.startsWith('--part='));
  refuseUnknown('option', flags, FLAGS);
  refuseUnknown(
    'model',
    names,
    zoo.map(({ name }) => name),
  );
  refuseUnknown('part', only === undefined ? [] : [only], BOARD_PART_NAMES);
  for (const part of BOARD_PART_NAMES) {
    if (compilerVersion(part) === undefined) throw new Error(`${parts[part].compiler.toolchain}-gcc is missing`);
  }
  const cells = BOARD_PART_NAMES.flatMap((part) => zoo.map(({ name }) => ({ name, part }))).filter(
    ({ name, part }) => (names.length === 0 || names.includes(name)) && (only === undefined || part === only),
  );
  const isAll = names.length === 0 && only === undefined;
  const isRecording = options.includes('--record');
  if (isRecording) record(await inParallel(cells, 'measure'), !isAll);
  // Without the facts that were just recorded a simulation could not tell them: they are handed over.
  const fresh = isRecording ? factsOf(readFileSync(recorded, 'utf8')) : undefined;
  const rows = (await inParallel(cells, 'compare', fresh)).flat();
  print(rows);
  const wrong = rows.filter(({ problems }) => problems.length > 0);
  for (const { model, target, problems } of wrong) console.log(`✗ ${model} on ${target}: ${problems.join('; ')}`);
  console.log(`${rows.length - wrong.length} of ${rows.length} builds are what the simulation says.`);
  if (names.length === 0) {
    // Of a part alone its rows and its compiler are exchanged.
    const before = isAll ? { versions: {}, rows: [] } : JSON.parse(readFileSync(results, 'utf8'));
    const compilers = BOARD_PART_NAMES.filter((part) => isAll || part === only).map((part) => [
      parts[part].compiler.toolchain,
      compilerVersion(part),
    ]);
    const versions = { ...before.versions, ...Object.fromEntries(compilers) };
    const measured = rows.map(({ problems, ...row }) => ({ ...row, agrees: problems.length === 0 }));
    const others = before.rows.filter(({ target }) => target !== only);
    const kept = BOARD_PART_NAMES.flatMap((part) => [...others, ...measured].filter(({ target }) => target === part));
    writeFileAtomic(results, `${JSON.stringify({ versions, rows: kept }, undefined, 2)}\n`);
  }
  if (wrong.length > 0 && options.includes('--check')) process.exitCode = 1;
}

/** @throws where one of the names is not known */
function refuseUnknown(what, names, known) {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Error(`There is no ${what} ${unknown}: one of ${known.join(', ')} is wanted`);
}

/** Runs a task over all cells, one worker a core; results in the order of the cells. */
async function inParallel(cells, task, fresh) {
  const found = new Array(cells.length);
  let next = 0;
  const one = () =>
    new Promise((resolve, reject) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { task, fresh } });
      const give = () => {
        if (next < cells.length) worker.postMessage({ index: next, ...cells[next++] });
        else worker.postMessage(undefined);
      };
      worker.on('message', ({ index, result }) => {
        found[index] = result;
        process.stderr.write(`${task} ${cells[index].part} ${cells[index].name}\n`);
        give();
      });
      worker.on('error', reject);
      worker.on('exit', resolve);
      give();
    });
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), cells.length) }, one));
  return found;
}

async function work() {
  const { task, fresh } = workerData;
  parentPort.on('message', async (cell) => {
    if (cell === undefined) {
      parentPort.close();
      return;
    }
    const { index, name, part } = cell;
    const model = await loadZooModel(name);
    const result = task === 'measure' ? await measure(model, part) : [await compare(model, part, fresh?.[part])];
    parentPort.postMessage({ index, result });
  });
}

/** Facts of the variants up to the first with which the model fits. */
async function measure(model, part) {
  const found = [];
  await chooseVariant(model, part, {
    facts: async (variant) => {
      const { flash, staticRam, stack, cycles } = await measureFirmware(model, part, variant);
      found.push([`${variant.name} ${modelKey(model, variant)}`, [flash, staticRam, stack ?? null, cycles ?? null]]);
      return { flash, staticRam, stack, cycles };
    },
  });
  return { part, found };
}

/** @param isPartial only some models were measured: the facts of the others stay */
function record(measured, isPartial) {
  const before = isPartial ? factsOf(readFileSync(recorded, 'utf8')) : {};
  const facts = Object.fromEntries(
    BOARD_PART_NAMES.map((part) => [
      part,
      {
        ...before[part],
        ...Object.fromEntries(measured.filter((one) => one.part === part).flatMap(({ found }) => found)),
      },
    ]),
  );
  // As the formatter wants them: quotes where a name has hyphens.
  const versions = BOARD_PART_NAMES.map((part) => {
    const { toolchain } = parts[part].compiler;
    const key = toolchain.includes('-') ? `'${toolchain}'` : toolchain;
    return `  ${key}: ${JSON.stringify(compilerVersion(part)).replaceAll('"', "'")},`;
  });
  writeFileAtomic(
    recorded,
    [
      '// Generated by `npm run firmware:facts` in packages/exporter: do not edit.',
      'export const RECORDED_BY: Readonly<Record<string, string>> = {',
      ...new Set(versions),
      '};',
      `export const RECORDED_FACTS =\n  '${JSON.stringify(facts)}';`,
      '',
    ].join('\n'),
  );
  console.log(`${recorded} written: build packages/mcu-runtime`);
}

function factsOf(module) {
  return JSON.parse(/RECORDED_FACTS =\n {2}'(.*)';/.exec(module)[1]);
}

async function compare(model, part, fresh) {
  const inputs = await testInputs(model);
  const source =
    fresh === undefined
      ? {}
      : {
          facts: async (variant) => {
            const [flash, staticRam, stack, cycles] = fresh[`${variant.name} ${modelKey(model, variant)}`];
            return { flash, staticRam, stack: stack ?? undefined, cycles: cycles ?? undefined };
          },
        };
  const simulated = await simulateModel(model, { target: part, inputs, ...source });
  const problems = [];
  const row = { model: model.name, target: part, kernels: simulated.kernels, fits: simulated.kind === 'simulated' };
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-bench-'));
  let made;
  try {
    made = await makeFirmware(model, firmwareKindOf(part), inputs, folder, { name: 'model' });
    const flash = readFileSync(join(folder, made.project.simulation.path));
    const { sizes } = made.written;
    const run = await runFirmware(part, flash, { staticRamBytes: sizes.ram });
    if (run.output !== made.project.expectedOutput)
      problems.push(`the self-test printed ${JSON.stringify(run.output)}`);
    if (!row.fits) problems.push('the simulation says that it does not fit');
    const { clockHz } = SIMULATION_TARGETS[part];
    const variant = made.choice.variant;
    if (variant.name !== simulated.kernels) problems.push(`kernels ${variant.name}, simulated ${simulated.kernels}`);
    // The smallest firmware, built again.
    const facts = await measureFirmware(model, part, variant);
    const expectSame = (what, built, said) => {
      if (built !== said) problems.push(`${what} ${built}, the simulation says ${said}`);
    };
    expectSame('flash', facts.flash, simulated.flash.code + simulated.flash.weights);
    expectSame('static RAM', facts.staticRam, simulated.ram.static);
    expectSame('stack', facts.stack, simulated.ram.stack);
    if (run.stackBytes > facts.stack + savedRegisterBytes(part))
      problems.push(`${run.stackBytes} bytes of stack on test samples, ${facts.stack} on the probe`);
    // What is in RAM of an RP2040 are its samples, too.
    if (SIMULATION_TARGETS[part].weightsIn === 'flash' && sizes.ram !== facts.staticRam) {
      problems.push(`static RAM ${sizes.ram} with samples`);
    }
    const features = probeInput(model).length;
    const samples = Array.from({ length: inputs.length / features }, (_, i) =>
      inputs.subarray(i * features, (i + 1) * features),
    );
    const cycles = await firmwareCycles(model, part, variant, samples);
    const built = cycles.reduce((sum, one) => sum + one, 0) / cycles.length;
    const said = simulated.cycles.mean;
    if (Math.abs(built / said - 1) > cyclesTolerance(variant))
      problems.push(`${built} cycles, the simulation says ${said}`);
    Object.assign(row, {
      flash: facts.flash,
      ramStatic: facts.staticRam,
      ramStack: facts.stack,
      stackWithSamples: run.stackBytes,
      cycles: Math.round(simulated.cycles.mean),
      cyclesBuilt: Math.round(built),
      ms: Number(((1000 * simulated.cycles.mean) / clockHz).toFixed(2)),
      samples: made.project.samples.count,
      flashWithSamples: sizes.flash,
    });
  } catch (error) {
    if (error.code !== 'does-not-fit') throw error;
    if (row.fits) problems.push(`firmware says: ${error.message}`);
    if (!row.fits) row.missing = simulated.missing;
  } finally {
    rmSync(folder, { recursive: true });
  }
  return { ...row, problems };
}

/** The first two test images. */
async function testInputs(model) {
  const COUNT = 2;
  let dataset;
  try {
    dataset = await loadDataset(model.provenance.config.data);
  } catch (error) {
    if (error.code !== 'data-not-found') throw error;
    return probeInput(model);
  }
  const { test, shape } = dataset;
  const size = test.bytes.length / test.count;
  const raw = { count: COUNT, bytes: test.bytes.subarray(0, COUNT * size), labels: test.labels.subarray(0, COUNT) };
  return quantizeInput(model, fitSamples(raw, fitInput(shape, model.input.shape)).bytes);
}

function print(rows) {
  console.table(
    rows.map(({ model, target, kernels, fits, flash, ramStatic, ramStack, cycles, cyclesBuilt, missing }) => ({
      model,
      target,
      kernels,
      fits,
      flash,
      ram: ramStatic === undefined ? undefined : `${ramStatic} + ${ramStack}`,
      cycles,
      built: cyclesBuilt,
      missing: missing && `${missing.flash} + ${missing.ram}`,
    })),
  );
}

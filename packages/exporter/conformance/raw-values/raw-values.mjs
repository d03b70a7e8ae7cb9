// Random raw samples through every implementation; int8 inputs, logits and classes must be those of TypeScript.
//   node conformance/raw-values/raw-values.mjs [--samples 10000] [--simulated 10000] [--parts ch32v003,ch32v002,atmega328p,rp2040] [--json <file>]
// WebAssembly sample by sample; exported C with -Os, and under the sanitizers, a checksum a sample; firmware of parts in their simulators,
// with exported C of their kernels, a checksum every 100 samples.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { exportC } from '@bitnetmcu/exporter';
import { firmwareProject } from '@bitnetmcu/exporter/node';
import { loadWasmModel } from '@bitnetmcu/mcu-runtime';
import { linkedSources } from '@bitnetmcu/mcu-runtime/internal/node';
import { parts as records } from '@bitnetmcu/mcu-runtime/internal/targets';
import { runtimeSources } from '@bitnetmcu/mcu-runtime/node';
import { runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import { SANITIZERS } from '../c-flags.mjs';
import { checksums, expectedInput, expectedLogits, MODELS, randomSamples, rangesHeader } from './cases.mjs';

const { values: options } = parseArgs({
  options: {
    samples: { type: 'string', default: '10000' },
    simulated: { type: 'string', default: '10000' },
    parts: { type: 'string', default: 'ch32v003,ch32v002,atmega328p,rp2040' },
    json: { type: 'string' },
  },
});
const [samples, simulated] = [Number(options.samples), Number(options.simulated)];
if (![samples, simulated].every((count) => Number.isInteger(count) && count > 0 && count % 100 === 0)) {
  console.error('--samples and --simulated: multiples of 100 are wanted.');
  process.exit(2);
}
const SEED = 20_251;
/** Samples of a line that a part prints. */
const EVERY = 100;
const harness = readFileSync(join(dirname(fileURLToPath(import.meta.url)), 'harness.c'), 'utf8');
const root = mkdtempSync(join(tmpdir(), 'raw-values-'));
process.on('exit', () => rmSync(root, { recursive: true, force: true }));

const has = (program) => spawnSync(program, ['--version']).status === 0;
/** What compiles exported C here: name and command. */
const HOSTS = [
  ['gcc -Os', ['gcc', '-Os']],
  ['gcc -O1 with the sanitizers', ['gcc', '-O1', ...SANITIZERS]],
  ['clang -O2 with the sanitizers', ['clang', '-O2', ...SANITIZERS]],
].filter(([, [command]]) => has(command));

function run(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status === 0) return stdout;
  throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr.slice(0, 4000)}`);
}

function newFolder(files) {
  const folder = mkdtempSync(join(root, 'c-'));
  for (const { path, content } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

/** Lines of a program for this machine. */
function onHost(model, [command, ...flags]) {
  const { files, runtime } = exportC(model, { name: 'model' });
  const folder = newFolder([
    ...files,
    { path: 'harness.c', content: harness },
    { path: 'ranges.h', content: rangesHeader(model, { samples, every: 1, seed: SEED }) },
  ]);
  const { include } = runtimeSources();
  const kernels = linkedSources({ ...runtime, variant: 'plain' }).filter((path) => path.endsWith('.c'));
  const warnings = ['-std=c99', '-Wall', '-Wextra', '-Werror', '-ffp-contract=off', '-DHOST'];
  const sources = ['harness.c', 'model.c', ...kernels];
  run(
    command,
    [...flags, ...warnings, '-I.', ...include.map((path) => `-I${path}`), ...sources, '-o', 'program'],
    folder,
  );
  return run(join(folder, 'program'), [], folder).trim().split('\n');
}

/** Lines of firmware for a part. */
async function onPart(model, part) {
  const inputs = expectedInput(model, randomSamples(model, 1, 1));
  const project = firmwareProject(model, records[part].firmware.name, inputs, { name: 'model', softFloat: true });
  const isOf = (path, name) => path === name || path.endsWith(`/${name}`);
  const files = project.files.map((file) =>
    isOf(file.path, 'main.c')
      ? { ...file, content: harness }
      : isOf(file.path, 'self_test.c')
        ? { ...file, content: '/* Not needed. */\ntypedef int nothing;\n' }
        : file,
  );
  const folder = newFolder([
    ...files,
    { path: 'ranges.h', content: rangesHeader(model, { samples: simulated, every: EVERY, seed: SEED }) },
  ]);
  for (const [command, ...args] of project.commands) run(command === 'node' ? process.execPath : command, args, folder);
  const { path, target } = project.simulation;
  const { output, cycles } = await runFirmware(target, readFileSync(join(folder, path)), { maxInstructions: 100e9 });
  return { lines: output.trim().split('\n'), cycles };
}

const differencesOf = (found, wanted) =>
  found.filter((line, i) => line !== wanted[i]).length + Math.abs(wanted.length - found.length);

const results = [];
let total = 0;
function report(kind, implementation, count, differences, more = {}) {
  results.push({ kind, implementation, samples: count, differences, ...more });
  total += differences;
  console.log(
    `${kind.padEnd(10)} ${implementation.padEnd(32)} ${`${count}`.padStart(6)} samples  ${differences} differences`,
  );
}

for (const [kind, model] of Object.entries(MODELS)) {
  const values = randomSamples(model, Math.max(samples, simulated), SEED);
  const input = expectedInput(model, values);
  const logits = expectedLogits(model, input);
  const size = input.length / Math.max(samples, simulated);
  const outputs = logits.length / (input.length / size);
  const sums = (count, every) =>
    checksums(model, input.subarray(0, count * size), logits.subarray(0, count * outputs), every);

  const wasm = await loadWasmModel(model);
  const quantized = model.input.raw ? wasm.quantizeRaw(values) : input;
  const found = wasm.infer(quantized, quantized.length / size);
  report(kind, 'WebAssembly', quantized.length / size, differencesOf([...quantized, ...found], [...input, ...logits]));
  const each = sums(samples, 1);
  for (const [name, command] of HOSTS)
    report(kind, `exported C, ${name}`, samples, differencesOf(onHost(model, command), each));
  const some = sums(simulated, EVERY);
  for (const part of options.parts.split(',').filter((name) => name !== '')) {
    if (!has(`${records[part].compiler.toolchain}-gcc`)) {
      console.log(`${kind}: ${part} is left out, ${records[part].compiler.toolchain}-gcc is not installed`);
      continue;
    }
    const { lines, cycles } = await onPart(model, part);
    report(kind, `${part}, simulated`, simulated, differencesOf(lines, some), { cycles });
  }
}
console.log(total === 0 ? '✓ 0 differences' : `✗ ${total} differences`);
if (options.json !== undefined) {
  const command = `node conformance/raw-values/raw-values.mjs --samples ${samples} --simulated ${simulated} --parts ${options.parts}`;
  const about = {
    command,
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    processor: cpus()[0]?.model,
    seed: SEED,
  };
  writeFileSync(options.json, `${JSON.stringify({ ...about, differences: total, results }, undefined, 2)}\n`);
}
process.exit(total === 0 ? 0 : 1);

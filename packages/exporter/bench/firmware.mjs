// What complete firmware takes of a part: flash, RAM, stack and cycles, measured on the linked programs in the simulator.
// node bench/firmware.mjs [--write] [model.bnm …] (after a build; needs MNIST and riscv64-unknown-elf-gcc). Without models: some of
// the zoo's. Prints a table; --write also writes bench/firmware.json.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createMachine, readElf, TARGETS } from '@bitnetmcu/mcu-runtime/sim';
import { quantizeInput } from '@bitnetmcu/models';
import { readModelFile } from '@bitnetmcu/models/node';
import { loadZooModel } from '@bitnetmcu/models/zoo';
import { fitInput, fitSamples, loadDataset } from '@bitnetmcu/trainer';
import { firmwareProject, writeFirmware } from '../dist/node.js';

const ZOO_MODELS = [
  ...['fc-1k', 'fc-12k', 'cnn-16-small', 'cnn-64'],
  ...['mini-cnn-1k', 'mini-cnn-3k', 'mini-cnn-11k', 'mini-fc-12k'],
];
const KINDS = ['ch32v003', 'ch32v002'];

const isWriting = process.argv.includes('--write');
const files = process.argv.slice(2).filter((argument) => argument !== '--write');
const dataset = await loadDataset({ kind: 'mnist' });

async function measure(model, kind) {
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-bench-'));
  try {
    const raw = { count: 10, bytes: dataset.test.bytes.subarray(0, 7840), labels: dataset.test.labels.subarray(0, 10) };
    const fitted = fitSamples(raw, fitInput(dataset.shape, model.input.shape));
    const project = firmwareProject(model, kind, quantizeInput(model, fitted.bytes));
    const { sizes } = writeFirmware(project, folder);
    const machine = await createMachine(TARGETS[kind]);
    machine.load(readElf(readFileSync(join(folder, 'firmware.elf'))), 'flashed');
    const run = machine.runFromReset();
    const passed = Buffer.from(run.output).toString('latin1') === project.expectedOutput;
    if (!passed || run.stackOverflow) throw new Error(`${model.name} on ${kind}: the self-test failed`);
    return {
      model: model.name,
      target: kind,
      kernels: project.kernels,
      samples: project.samples.count,
      flash: sizes.flash,
      ramStatic: sizes.ram,
      ramStack: run.stackBytes,
      cyclesPerSample: Math.round(run.cycles / project.samples.count),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const models = files.length > 0 ? files.map(readModelFile) : await Promise.all(ZOO_MODELS.map(loadZooModel));
const rows = [];
for (const model of models) {
  for (const kind of KINDS) {
    try {
      rows.push(await measure(model, kind));
    } catch (error) {
      if (error.code !== 'compile') throw error;
      console.log(
        `${model.name} on ${kind}: ${/overflowed by \d+ bytes|will not fit in region `\w+'/.exec(error.message)?.[0] ?? error.message}`,
      );
    }
  }
}
console.table(rows.map((row) => ({ ...row, ram: row.ramStatic + row.ramStack })));
if (isWriting) {
  writeFileSync(
    fileURLToPath(new URL('firmware.json', import.meta.url)),
    `${JSON.stringify({ date: new Date().toISOString().slice(0, 10), rows }, undefined, 2)}\n`,
  );
}

// Peers that registries have, beside ours, on one float network (256-64-64-64-10, ReLU, MNIST at 16×16) and the same test images, in one run:
//   node bench/peers.mjs
// Installs emlearn, TensorFlow (converter and interpreter) and onnxruntime from PyPI into a virtual environment outside of the repository (some
// 2 GB, once); BITNETMCU_BENCH_PYTHON names another. Needs a build, MNIST and a C compiler. Writes bench/results/peers.json.
// Times are of one image at a time on one thread: from Python those of the interpreters hold its call, which takes microseconds of its own; emlearn's C and
// ours are compiled with -O2 and timed in C.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SIMULATION_TARGETS } from '@bitnetmcu/mcu-runtime/targets';
import { quantizeInput } from '@bitnetmcu/models';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { fitInput, fitSamples, loadDataset } from '@bitnetmcu/trainer';
import { environmentFolder, installPython } from '../../../scripts/python-environment.mjs';
import { exportC, quantize } from '../dist/index.js';
import { compilerVersion, firmwareCycles } from '../dist/internal/node.js';
import { measureFirmware, readOnnxFile, writeExport } from '../dist/node.js';

const here = dirname(fileURLToPath(import.meta.url));
/** emlearn, onnxruntime and TensorFlow are those of the recorded results. */
const PACKAGES = [
  'emlearn==0.23.2',
  'scikit-learn==1.9.1',
  'onnx==1.23.2',
  'onnxruntime==1.32.0',
  'tensorflow==2.21.0',
];
const python = process.env.BITNETMCU_BENCH_PYTHON || installPython(environmentFolder('inference-peers'), PACKAGES);
const TEST_IMAGES = 10_000;

function run(program, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 26, cwd });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return stdout;
}

const INPUT = [256];
const PREPROCESSING = { divisor: 255, mean: 0, deviation: 1 };
const CALIBRATION_IMAGES = 512;
/** Of MNIST's test images, as everywhere here. */
const PART_IMAGES = [6048, 455, 4584];

const dataset = await loadDataset({ kind: 'mnist' });
const fit = fitInput(dataset.shape, [1, 16, 16]);
const [train, test] = [fitSamples(dataset.train, fit), fitSamples(dataset.test, fit)];
const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-peers-'));
try {
  for (const [name, { bytes, labels }] of Object.entries({ train, test })) {
    writeFileSync(
      join(folder, `${name}.f32`),
      Float32Array.from(bytes, (byte) => byte / PREPROCESSING.divisor),
    );
    writeFileSync(join(folder, `${name}.u8`), Uint8Array.from(labels));
  }
  const peers = JSON.parse(
    run(python, [join(here, 'peers', 'measure.py'), folder], folder)
      .trim()
      .split('\n')
      .at(-1),
  );
  const rows = [...peers.rows, emlearnRow(peers.emlearn), ...(await ourRows())];
  for (const { peer, version, accuracy, microseconds, bytes } of rows) {
    const ratio = microseconds / rows.at(-1).microseconds;
    console.log(
      `${peer.padEnd(34)} ${(version ?? '').padEnd(9)} ${(100 * accuracy).toFixed(2)} %  ${microseconds.toFixed(2).padStart(8)} µs  ×${ratio.toFixed(2).padStart(6)}  ${bytes} B`,
    );
  }
  const machine = `${cpus()[0].model}, Node ${process.version}, Python ${peers.python}, ${run('cc', ['--version']).split('\n')[0]}`;
  console.log(machine);
  const document = { command: 'node bench/peers.mjs', date: new Date().toISOString().slice(0, 10), machine, rows };
  writeFileAtomic(join(here, 'results', 'peers.json'), `${JSON.stringify(document, undefined, 2)}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** C around a function, timed over all test images: prints how many classes are right, and the least of five means of nanoseconds an image. */
function timedInC(name, { declarations, type, images, call }, sources, flags) {
  writeFileSync(join(folder, `${name}.samples`), images);
  writeFileSync(
    join(folder, `${name}_timed.c`),
    `#define _POSIX_C_SOURCE 199309L
#include <stdint.h>
#include <stdio.h>
#include <time.h>
${declarations}
static ${type} samples[${TEST_IMAGES}][256];
static uint8_t labels[${TEST_IMAGES}];
static int read(const char *path, void *to, size_t bytes) {
  FILE *file = fopen(path, "rb");
  const int is_read = file != NULL && fread(to, 1, bytes, file) == bytes;
  if (file != NULL) fclose(file);
  return is_read;
}
int main(void) {
  if (!read("${name}.samples", samples, sizeof samples) || !read("test.u8", labels, sizeof labels)) return 1;
  double least = 1e30;
  int right = 0;
  for (int round = 0; round < 5; round++) {
    struct timespec from, to;
    right = 0;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < ${TEST_IMAGES}; i++) right += ${call} == labels[i];
    clock_gettime(CLOCK_MONOTONIC, &to);
    const double mean = ((double)(to.tv_sec - from.tv_sec) * 1e9 + (double)(to.tv_nsec - from.tv_nsec)) / ${TEST_IMAGES};
    if (mean < least) least = mean;
  }
  printf("%d %.3f\\n", right, least);
  return 0;
}
`,
  );
  run('cc', ['-std=c99', '-O2', ...flags, `${name}_timed.c`, ...sources, '-lm', '-o', name], folder);
  const [right, nanoseconds] = run(join(folder, name), [], folder).trim().split(' ').map(Number);
  return { accuracy: right / TEST_IMAGES, microseconds: nanoseconds / 1000 };
}

function emlearnRow({ version, include, bytes }) {
  const code = readFileSync(join(folder, 'network.h'), 'utf8');
  const [, predict] = /\b(\w*predict)\s*\(const float \*\w+, int(?:32_t)? \w+\)/.exec(code) ?? [];
  if (predict === undefined) throw new Error('No function that predicts found in the C of emlearn');
  const timed = timedInC(
    'emlearn',
    {
      declarations: '#include "network.h"',
      type: 'float',
      images: readFileSync(join(folder, 'test.f32')),
      call: `${predict}(samples[i], 256)`,
    },
    [],
    [`-I${include}`],
  );
  return { peer: 'emlearn (C), float32', version, ...timed, bytes };
}

/** The same network imported to int8 and to 4 bits; the last row is what the others are compared with. */
async function ourRows() {
  const graph = await readOnnxFile(join(folder, 'network.onnx'));
  const rows = [];
  for (const quantizer of ['4bitsym', '8bit']) {
    const { model } = quantize(graph, {
      preprocessing: PREPROCESSING,
      calibration: { samples: train.bytes.subarray(0, CALIBRATION_IMAGES * INPUT[0]) },
      quantizer,
    });
    const target = join(folder, quantizer);
    const { files } = exportC(model, { name: 'ours', kernels: 'plain' });
    const written = writeExport(model, target, { name: 'ours', kernels: 'plain', hostProgram: false });
    const sources = written.written.filter((path) => path.endsWith('.c')).map((path) => join(target, path));
    const int8 = quantizeInput(model, test.bytes);
    const timed = timedInC(
      `ours_${quantizer}`,
      { declarations: '#include "ours.h"', type: 'int8_t', images: int8, call: 'ours_classify(samples[i])' },
      sources,
      [`-I${target}`],
    );
    const text = files.find(({ path }) => path.endsWith('.c')).content;
    rows.push({
      peer: `ours (C), ${quantizer}`,
      ...timed,
      bytes: Buffer.byteLength(text),
      parts: await onParts(model, int8),
    });
  }
  return rows;
}

/** Firmware and cycles of it in the simulators. */
async function onParts(model, int8) {
  const samples = PART_IMAGES.map((image) => int8.slice(256 * image, 256 * (image + 1)));
  const parts = [];
  for (const part of ['ch32v006', 'rp2040']) {
    const [variant] = SIMULATION_TARGETS[part].variants;
    const { flash, staticRam, stack } = await measureFirmware(model, part, variant);
    const cycles = await firmwareCycles(model, part, variant, samples);
    const mean = Math.round(cycles.reduce((sum, one) => sum + one, 0) / cycles.length);
    parts.push({
      part,
      compiler: compilerVersion(part),
      kernels: variant.name,
      flash,
      ram: staticRam + stack,
      cycles: mean,
    });
  }
  return parts;
}

// What packings of ternary weights take and how fast they are decoded: five trits in a byte (the format Ternary), ten in 16 bits, three in 5 bits, and two bits each.
//   node bench/ternary-packings.mjs    (after a build, with the cross compilers) prints and writes results/ternary-packings.json
// Every packing has the plainest loop in C (ternary-packings.c), compiled with -O2 for each part and run in the simulator; sums are compared with sums worked out here.
// Beside them: the kernel that models run with on the part. Inputs have no zeros, which kernels skip.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeededRandom } from '@bitnetmcu/models/internal/conformance';
import { writeFileAtomic } from '@bitnetmcu/models/internal/node';
import { packCodes } from '@bitnetmcu/quant';
import { readElf, TARGETS } from '../dist/sim/index.js';
import { SIMULATION_TARGETS, simulateModel } from '../dist/targets/index.js';

const [INPUTS, OUTPUTS] = [256, 64];
/** Where weights begin: of the RP2040's SRAM, in which its models lie, and of the flash of the others, behind the code. */
const WEIGHTS = { rp2040: 2 ** 15, others: 2 ** 12 };

/** Digits in base 3, the first one the highest, as the smallest number whose product with 3 carries them over `bits`. */
const inBase3 = (trits, group, bits) => {
  const number = Array.from({ length: group }, (_, k) => trits[k] ?? 0).reduce((sum, trit) => 3 * sum + trit, 0);
  return Math.ceil((number * 2 ** bits) / 3 ** group);
};
const groupsOf = (row, size) =>
  Array.from({ length: Math.ceil(row.length / size) }, (_, g) => row.slice(g * size, (g + 1) * size));

/** Bytes of a row of codes 0, 1, 2. */
const PACKINGS = {
  bits_2: (row) => groupsOf(row, 4).map((four) => four.reduce((byte, trit, k) => byte | (trit << (2 * k)), 0)),
  base_3_in_8: (row) => groupsOf(row, 5).map((five) => inBase3(five, 5, 8)),
  base_3_in_16: (row) =>
    groupsOf(row, 10).flatMap((ten) => {
      const half = inBase3(ten, 10, 16);
      return [half & 255, half >> 8];
    }),
  trits_3_in_5: (row) => {
    const groups = groupsOf(row, 3).map((three) => BigInt(inBase3(three, 3, 5)));
    const bits = groups.reduce((all, group, g) => all | (group << BigInt(5 * g)), 0n);
    return Array.from({ length: Math.ceil((5 * groups.length) / 8) }, (_, i) => Number((bits >> BigInt(8 * i)) & 255n));
  },
};

const random = new SeededRandom(7);
const rows = Array.from({ length: OUTPUTS }, () => Array.from({ length: INPUTS }, () => random.integer(0, 2)));
const x = Int8Array.from({ length: INPUTS }, () => random.integer(1, 127));
const wanted = rows.map((row) => row.reduce((sum, trit, i) => sum + (trit - 1) * x[i], 0));

/** Compiled for a part from an address on, and its code sizes by function. */
function compiled([prefix, ...flags], base) {
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-packings-'));
  try {
    const run = (tool, args) => execFileSync(`${prefix}${tool}`, args, { cwd: folder, encoding: 'utf8' });
    const roots = Object.keys(PACKINGS).map((name) => `-Wl,-u,${name}`);
    run('gcc', [
      ...['-std=c99', '-O2', '-Wall', '-Wextra', '-Werror', '-ffreestanding', '-nostdlib', '-nostartfiles', ...flags],
      ...[`-DOUTPUTS=${OUTPUTS}`, join(import.meta.dirname, 'ternary-packings.c'), ...roots],
      ...['-Wl,-n', `-Wl,-Ttext=0x${base.toString(16)}`, '-Wl,-e,0', '-o', 'packings.elf'],
    ]);
    const elf = readFileSync(join(folder, 'packings.elf'));
    const sizes = new Map(
      run('nm', ['-S', 'packings.elf'])
        .split('\n')
        .map((line) => line.split(' '))
        .filter((parts) => parts.length === 4)
        .map(([, size, , name]) => [name, Number.parseInt(size, 16)]),
    );
    return { elf, sizes, compiler: run('gcc', ['--version']).split('\n')[0] };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const riscv = (name, ...flags) => ({
  compiler: ['riscv64-unknown-elf-', ...TARGETS[name].compiler.instructionSet, ...flags],
  codeBase: TARGETS[name].flash.base,
  weights: TARGETS[name].flash.base + WEIGHTS.others,
});

/** The simulated part with all packings' loops, and a call of one of them. */
async function simulated(name, { compiler: flags, codeBase, weights, elfMachine }) {
  const { elf, sizes, compiler } = compiled(flags, codeBase);
  const { createDevice, flashBytes, ramBase, ramBytes } = SIMULATION_TARGETS[name];
  const device = await createDevice({ program: readElf(elf, elfMachine) }, { flashBytes, ramBytes });
  // Of the RP2040 the code is first in SRAM.
  const input = codeBase === ramBase ? ramBase + WEIGHTS.rp2040 / 2 : ramBase;
  const acc = input + 2 * INPUTS;
  const call = (packing, bytes) => {
    device.writeFlash(weights, bytes);
    device.writeRam(input, new Uint8Array(x.buffer));
    const { cycles } = device.call(packing, [input, INPUTS, weights, acc]);
    return { cycles, sums: new Int32Array(device.readRam(acc, 4 * OUTPUTS).slice().buffer) };
  };
  return { sizes, compiler, call };
}

/** Cycles of the layer alone with the kernels that a part runs models with. */
async function productKernel(target) {
  const model = {
    name: 'ternary-layer',
    input: {
      shape: [INPUTS],
      preprocessing: { divisor: 255, mean: 0, deviation: 1 },
      quantization: { kind: 'dynamic' },
    },
    nodes: [
      {
        ...{ op: 'linear', name: 'fc', inputs: ['input'], inFeatures: INPUTS, outFeatures: OUTPUTS },
        weights: { format: 'Ternary', codes: Uint8Array.from(rows.flat()) },
      },
    ],
    labels: rows.map((_, i) => String(i)),
    provenance: {},
  };
  const { kernels, layers, flash } = await simulateModel(model, { target, inputs: x });
  return { kernels, weightBytes: flash.weights, cycles: layers.find(({ name }) => name === 'fc').cycles };
}

const SRAM = SIMULATION_TARGETS.rp2040.ramBase;
const parts = {
  ch32v003: await simulated('ch32v003', riscv('ch32v003')),
  ch32v002: await simulated('ch32v002', riscv('ch32v002', '-DMULTIPLIES')),
  rp2040: await simulated('rp2040', {
    compiler: ['arm-none-eabi-', '-mcpu=cortex-m0plus', '-mthumb', '-DMULTIPLIES'],
    codeBase: SRAM,
    weights: SRAM + WEIGHTS.rp2040,
    elfMachine: 'arm',
  }),
};
const perWeight = (cycles) => Number((cycles / (INPUTS * OUTPUTS)).toFixed(2));
const packings = Object.entries(PACKINGS).map(([name, pack]) => {
  const bytes = Uint8Array.from(rows.flatMap(pack));
  const measured = Object.entries(parts).map(([part, { sizes, call }]) => {
    const { cycles, sums } = call(name, bytes);
    if (sums.some((sum, o) => sum !== wanted[o])) throw new Error(`${name} on ${part} gives other sums`);
    return [part, { cyclesPerWeight: perWeight(cycles), codeBytes: sizes.get(name) }];
  });
  return {
    name,
    weightBytes: bytes.length,
    bitsPerWeight: Number(((8 * bytes.length) / (INPUTS * OUTPUTS)).toFixed(3)),
    parts: Object.fromEntries(measured),
  };
});
// The format of the project packs as base_3_in_8 does, rows one behind another.
const row = rows[0].slice(0, 255);
const own = packCodes('Ternary', Uint8Array.from(row), 1, row.length);
if (PACKINGS.base_3_in_8(row).some((byte, i) => byte !== own[i])) throw new Error('Ternary is packed otherwise');
const kernels = {};
for (const part of Object.keys(parts)) {
  const { kernels: name, weightBytes, cycles } = await productKernel(part);
  kernels[part] = { kernels: name, weightBytes, cyclesPerWeight: perWeight(cycles) };
}
const compilers = Object.fromEntries(Object.entries(parts).map(([part, { compiler }]) => [part, compiler]));
const result = { layer: { inputs: INPUTS, outputs: OUTPUTS }, compilers, packings, kernels };
console.log(JSON.stringify(result, null, 2));
writeFileAtomic(join(import.meta.dirname, 'results', 'ternary-packings.json'), `${JSON.stringify(result, null, 2)}\n`);

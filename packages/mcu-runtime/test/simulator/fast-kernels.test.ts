// The fast linear kernels in the simulator, in assembly and in portable C: equal to sums worked out here, for every format,
// odd sizes, sparse and dense inputs, mode values and extremes.
import { join } from 'node:path';
import { type FastKernel, FORMAT_NAMES, type FormatName, getFormat, integerWeights, packCodes } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { blockWords, mulLayout, nomulLayout, packBlocks } from '../../src/layout/fast.js';
import { runtimeSources } from '../../src/node.js';
import { createMachine } from '../../src/sim/create-machine.js';
import type { Machine } from '../../src/sim/machine.js';
import { crossCompile, findCrossCompiler } from '../../src/sim/node/cross-compile.js';
import { findSymbol } from '../../src/sim/program.js';
import { TARGETS, type Target } from '../../src/sim/targets.js';
import { skipWhere } from '../host-compiler.js';
import { Random } from './random.js';

const KIB = 1024;
const MAX_INPUTS = 400;
const MAX_OUTPUTS = 80;
const missing = findCrossCompiler() === undefined ? 'no RISC-V cross compiler is installed' : undefined;
const simulator = join(import.meta.dirname, '..', '..', 'simulator');

/** A format with one of its fast kernels. */
interface Case {
  readonly format: FormatName;
  readonly name: string;
  readonly kernel: FastKernel;
}

const records = FORMAT_NAMES.map((format) => getFormat(format));
const NOMUL: readonly Case[] = records.flatMap(({ name: format, kernel, fast }) =>
  fast ? [{ format, name: `${kernel.name}_nomul`, kernel: fast.nomul }] : [],
);
const ROWS: readonly Case[] = records.flatMap(({ name: format, kernel, fast }) =>
  fast?.rows ? [{ format, name: `${kernel.name}_rows`, kernel: fast.rows }] : [],
);
const MUL: readonly Case[] = records.flatMap(({ name: format, kernel, fast }) =>
  fast?.mul ? [{ format, name: `${kernel.name}_mul`, kernel: fast.mul }] : [],
);
const nomulKernel = (format: FormatName) => getFormat(format).fast!.nomul;

function roomy(target: Target): Target {
  return { ...target, flash: { ...target.flash, size: 256 * KIB }, ram: { ...target.ram, size: 64 * KIB } };
}

async function machineWithKernels(
  target: Target,
  names: readonly string[],
  defines: Record<string, true>,
): Promise<Machine> {
  const { include, files } = runtimeSources('fast');
  const room = roomy(target);
  const program = await crossCompile({
    sources: [...files.filter((path) => path.includes('fast')), join(simulator, 'test-buffers.c')],
    target: room,
    linkerScript: join(simulator, 'kernels.ld'),
    includeFolders: include,
    optimization: '-O2',
    flags: [
      '-Wall',
      '-Wextra',
      '-Werror',
      ...names.flatMap((name) => ['-u', `bnm_linear_${name}`]),
      ...['weights', 'x', 'acc'].flatMap((name) => ['-u', `test_${name}`]),
    ],
    defines: { MAX_INPUTS, MAX_OUTPUTS, ...defines },
  });
  const machine = await createMachine(room);
  machine.load(program);
  return machine;
}

/** Kinds of inputs that take different ways through the kernels. */
const INPUTS: Readonly<Record<string, (random: Random) => number>> = {
  'mostly zero': (r) => (r.below(3) === 0 ? r.between(1, 127) : 0),
  'mostly -19': (r) => (r.below(4) === 0 ? r.between(-19, 127) : -19),
  'mostly 127': (r) => (r.below(4) === 0 ? r.between(-128, 127) : 127),
  'far apart': (r) => (r.below(50) === 0 ? r.between(-128, 127) : 0),
  'large on both sides of zero': (r) => (r.below(2) ? r.between(112, 127) : r.between(-128, -112)),
  'dense and positive': (r) => r.between(1, 127),
  'dense and signed': (r) => r.between(-128, 127),
  'all zero': () => 0,
  'all -128': () => -128,
  'only -128 and 127': (r) => (r.below(2) ? -128 : 127),
};

function checkKernel(machine: Machine, { name, format, kernel }: Case, random: Random): void {
  const inputs = random.below(4) === 0 ? random.between(1, 9) : random.between(1, MAX_INPUTS);
  const outputs = random.between(1, MAX_OUTPUTS);
  const levels = getFormat(format).integers.length;
  const codes = Uint8Array.from({ length: inputs * outputs }, () => random.below(levels));
  const integers = integerWeights(format, codes);
  const kinds = Object.entries(INPUTS);
  const [kind, value] = kinds[random.below(kinds.length)]!;
  const x = Int8Array.from({ length: inputs }, () => value(random));
  const withRowSums = random.below(2) === 0;
  const wanted = Array.from({ length: outputs }, (_, o) =>
    x.reduce((sum, xi, i) => sum + xi * integers[o * inputs + i]!, 0),
  );

  const address = (symbol: string) => findSymbol(machine.program, symbol).address;
  const guard = 0x5a5a5a5a;
  machine.write(address('test_weights'), packBlocks(format, codes, outputs, inputs, withRowSums, kernel));
  machine.write(address('test_x'), new Uint8Array(x.buffer));
  machine.write(address('test_acc'), new Uint8Array(new Int32Array(MAX_OUTPUTS + 1).fill(guard).buffer));
  const { stop } = machine.call(`bnm_linear_${name}`, [
    address('test_x'),
    inputs,
    address('test_weights'),
    outputs,
    address('test_acc'),
  ]);
  const about = `${name}: ${inputs} inputs, ${outputs} outputs, ${kind}, ${withRowSums ? 'with' : 'without'} row sums`;
  expect(stop.kind, about).toBe('returned');
  const acc = new Int32Array(machine.read(address('test_acc'), 4 * (outputs + 1)).buffer);
  expect([...acc.subarray(0, outputs)], about).toEqual(wanted);
  expect(acc[outputs], `${about}: written behind the end`).toBe(guard);
}

const CASES = 24;
const portable = { BNM_PORTABLE: true } as const;

describe.skipIf(skipWhere(missing))('fast kernels', () => {
  const kinds = [
    { title: 'assembly on ch32v003', target: TARGETS.ch32v003, kernels: [...NOMUL, ...ROWS], defines: {} },
    { title: 'assembly on ch32v002', target: TARGETS.ch32v002, kernels: [...NOMUL, ...MUL], defines: {} },
    { title: 'portable C on ch32v003', target: TARGETS.ch32v003, kernels: NOMUL, defines: portable },
    { title: 'portable C on ch32v002', target: TARGETS.ch32v002, kernels: MUL, defines: portable },
  ];
  it.each(kinds)('$title', async ({ target, kernels, defines }) => {
    const names = [...new Set(kernels.map(({ name }) => name))];
    const machine = await machineWithKernels(target, names, defines);
    const random = new Random(1);
    for (const kernel of kernels) {
      for (let i = 0; i < CASES; i++) checkKernel(machine, kernel, random);
    }
  });
});

describe('layouts of the fast kernels', () => {
  it('put codes by blocks of outputs, input after input', () => {
    // Two inputs, nine outputs: one whole block, and one that ends with output 8 and has zeros for outputs 1 … 7.
    const codes = Uint8Array.from({ length: 18 }, (_, i) => (i + 1) % 16);
    const words = new Uint32Array(packBlocks('4bit', codes, 9, 2, false, nomulKernel('4bit')).buffer);
    expect([...words]).toEqual([0, 0xfdb97531, 0x0eca8642, 0x10000000, 0x20000000]);
  });

  it('put the 3-bit codes of every fourth block of 8 outputs into the nibbles that three words spare', () => {
    // One input, 33 outputs. Outputs 0 … 7: 1 and 2 in the low half of a word, 3 in its high half. Outputs 24 … 31: 7, 6, 5, 4 make
    // 0b100_101_110_111 = 0x977, 0, 1, 2, 3 make 0b011_010_001_000 = 0x688. Output 32 has a word in which 25 … 31 are 0 again.
    const codes = new Uint8Array(33);
    codes.set([1, 0, 0, 2, 3, 0, 0, 0], 0);
    codes.set([7, 6, 5, 4, 0, 1, 2, 3], 24);
    codes[32] = 5;
    const words = blockWords({ bits: 3, lowest: 0 }, codes, 33, 1);
    expect(words).toEqual([0x6003_9401, 0x8000_7000, 0x8000_7000, 5 << 25]);
    // 64 outputs take 3 bits a weight, 56 have four blocks in three words and three in as many.
    expect(blockWords({ bits: 3, lowest: 0 }, new Uint8Array(64 * 5), 64, 5)).toHaveLength((64 * 5 * 3) / 32);
    expect(blockWords({ bits: 3, lowest: 0 }, new Uint8Array(56), 56, 1)).toHaveLength(6);
  });

  it('begin with row sums where the input is the sample', () => {
    const packed = nomulLayout.linear('2bitsym', Uint8Array.of(0, 3, 3, 2, 1, 0), 3, 2, 'sample');
    expect(packed.kernel).toBe(18);
    expect([...new Int16Array(packed.weights.buffer)]).toEqual([1, 0, 0, 4, -4, 0, 0b00_10_11_00_01_11_00, 0]);
    expect(
      new Uint32Array(nomulLayout.linear('2bitsym', new Uint8Array(4), 2, 2, 'activations').weights.buffer)[0],
    ).toBe(0);
  });

  it('put the few-bit codes of all outputs together for one input after another', () => {
    // Two inputs, seven ternary outputs: five in a byte, so two bytes an input, the same as in a plain row of seven weights.
    const codes = Uint8Array.of(2, 0, 2, 1, 2, 2, 2, 0, 2, 1, 1, 2, 1, 1);
    const byInput = [Uint8Array.of(2, 2, 2, 2, 2, 1, 1), Uint8Array.of(0, 1, 2, 0, 1, 2, 1)];
    const expected = byInput.flatMap((row) => [...packCodes('Ternary', row, 1, 7)]);
    expect([...packBlocks('Ternary', codes, 7, 2, false, nomulKernel('Ternary'))]).toEqual([0, 0, 0, 0, ...expected]);
    // The preset that ternary weights make room for: 128-128-112.
    const bytes = ([rows, columns]: readonly [number, number]) =>
      packBlocks('Ternary', new Uint8Array(rows * columns), rows, columns, false, nomulKernel('Ternary')).length;
    const layers = [
      [128, 256],
      [128, 128],
      [112, 128],
      [10, 112],
    ] as const;
    expect(layers.reduce((sum, layer) => sum + bytes(layer), 0)).toBeLessThan(13_500);
  });

  it('fill rows of 1-bit codes up to half-words', () => {
    // Two inputs, 17 outputs: outputs 0 and 16 are +1 for the first input, output 15 for the second one.
    const codes = new Uint8Array(17 * 2);
    for (const [output, input] of [
      [0, 0],
      [16, 0],
      [15, 1],
    ] as const) {
      codes[2 * output + input] = 1;
    }
    const packed = new Uint16Array(packBlocks('Binary', codes, 17, 2, false, nomulKernel('Binary')).buffer);
    expect([...packed]).toEqual([0, 0, 0x0001, 0x0001, 0x8000, 0x0000]);
  });

  it('leave row sums out where they do not fit, and layers that are too wide to the plain kernels', () => {
    const wide = new Uint8Array(300).fill(255);
    expect(mulLayout.linear('8bit', wide, 1, 300, 'sample').weights[0]).toBe(0);
    expect(mulLayout.linear('8bit', new Uint8Array(16_384), 1, 16_384, 'sample').kernel).toBe(9);
  });
});

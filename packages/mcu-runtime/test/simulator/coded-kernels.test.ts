// The kernels of coded weights in the simulator, in assembly and in portable C: equal to sums worked out here, for every format with code
// books, both books, odd sizes, sparse and dense inputs, mode values and extremes.
import { join } from 'node:path';
import { FORMAT_NAMES, type FormatName, getFormat, integerWeights } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { packCoded } from '../../src/layout/coded.js';
import { runtimeSources } from '../../src/node.js';
import { createMachine } from '../../src/sim/create-machine.js';
import type { Machine } from '../../src/sim/machine.js';
import { crossCompile, findCrossCompiler } from '../../src/sim/node/cross-compile.js';
import { findSymbol } from '../../src/sim/program.js';
import { TARGETS, type Target } from '../../src/sim/targets.js';
import { skipWhere } from '../host-compiler.js';
import { Random } from './random.js';

const KIB = 1024;
const MAX_INPUTS = 250;
const MAX_OUTPUTS = 80;
const CASES = 40;
const GUARD = 0x5a5a5a5a;
const missing = findCrossCompiler() === undefined ? 'no RISC-V cross compiler is installed' : undefined;
const simulator = join(import.meta.dirname, '..', '..', 'simulator');
const FORMATS = FORMAT_NAMES.filter((name) => getFormat(name).coded !== undefined);

async function machineWithKernels(target: Target, defines: Record<string, true>): Promise<Machine> {
  const { include, files } = runtimeSources('fast');
  const room = {
    ...target,
    flash: { ...target.flash, size: 256 * KIB },
    ram: { ...target.ram, size: 64 * KIB },
  };
  const program = await crossCompile({
    sources: [...files.filter((path) => /coded/.test(path)), join(simulator, 'test-buffers.c')],
    target: room,
    linkerScript: join(simulator, 'kernels.ld'),
    includeFolders: include,
    optimization: '-O2',
    flags: [
      '-Wall',
      '-Wextra',
      '-Werror',
      ...FORMATS.flatMap((name) => ['-u', `bnm_linear_${getFormat(name).kernel.name}_coded`]),
      ...['weights', 'x', 'acc'].flatMap((name) => ['-u', `test_${name}`]),
    ],
    defines: { MAX_INPUTS, MAX_OUTPUTS, ...defines },
  });
  const machine = await createMachine(room);
  machine.load(program);
  return machine;
}

const INPUTS: readonly ((random: Random) => number)[] = [
  (r) => (r.below(3) === 0 ? r.between(1, 127) : 0),
  (r) => (r.below(4) === 0 ? r.between(-19, 127) : -19),
  (r) => (r.below(4) === 0 ? r.between(-128, 127) : 127),
  (r) => r.between(-128, 127),
  () => 0,
  () => -128,
  (r) => (r.below(2) ? -128 : 127),
];

function check(machine: Machine, format: FormatName, random: Random): void {
  const inputs = random.below(4) === 0 ? random.between(1, 9) : random.between(1, MAX_INPUTS);
  const outputs = random.between(1, MAX_OUTPUTS);
  const { integers: levels, kernel } = getFormat(format);
  // Narrow and wide distributions, so that both books are taken.
  const spread = random.between(1, levels.length / 2);
  const codes = Uint8Array.from({ length: inputs * outputs }, () => {
    const [low, high] = [Math.ceil(levels.length / 2 - spread), Math.floor(levels.length / 2 + spread) - 1];
    return random.below(20) === 0 ? random.below(levels.length) : random.between(Math.max(0, low), Math.max(low, high));
  });
  const integers = integerWeights(format, codes);
  const value = INPUTS[random.below(INPUTS.length)]!;
  const x = Int8Array.from({ length: inputs }, () => value(random));
  const source = random.below(2) === 0 ? 'sample' : 'activations';
  const packed = packCoded(format, codes, outputs, inputs, source);
  const about = `${format}: ${inputs} inputs, ${outputs} outputs, ${source}`;
  expect(packed, about).toBeDefined();
  const address = (symbol: string) => findSymbol(machine.program, symbol).address;
  machine.write(address('test_weights'), packed!.weights);
  machine.write(address('test_x'), new Uint8Array(x.buffer));
  machine.write(address('test_acc'), new Uint8Array(new Int32Array(MAX_OUTPUTS + 1).fill(GUARD).buffer));
  const places = [address('test_x'), inputs, address('test_weights'), outputs, address('test_acc')];
  expect(machine.call(`bnm_linear_${kernel.name}_coded`, places).stop.kind, about).toBe('returned');
  const acc = new Int32Array(machine.read(address('test_acc'), 4 * (outputs + 1)).buffer);
  const wanted = Array.from({ length: outputs }, (_, o) =>
    x.reduce((sum, xi, i) => sum + xi * integers[o * inputs + i]!, 0),
  );
  expect([...acc.subarray(0, outputs)], about).toEqual(wanted);
  expect(acc[outputs], `${about}: written behind the end`).toBe(GUARD);
}

describe.skipIf(skipWhere(missing))('kernels of coded weights', () => {
  const kinds = [
    { title: 'assembly on ch32v003', target: TARGETS.ch32v003, defines: {} },
    { title: 'assembly on ch32v003, in RAM', target: TARGETS.ch32v003, defines: { BNM_KERNELS_IN_RAM: true } as const },
    { title: 'portable C on ch32v002', target: TARGETS.ch32v002, defines: { BNM_PORTABLE: true } as const },
  ];
  it.each(kinds)('$title', async ({ target, defines }) => {
    const machine = await machineWithKernels(target, defines);
    const random = new Random(1);
    for (const format of FORMATS) for (let i = 0; i < CASES; i++) check(machine, format, random);
  });
});

// The convolution chain of parts without a multiplier, with code that it writes into RAM and without (BNM_NO_RUN_TIME_CODE): the same
// activations as worked out here, and what the code gains. Prints the cycles that c/fast/README.md quotes.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runtimeSources } from '../../src/node.js';
import { createMachine } from '../../src/sim/create-machine.js';
import { crossCompile, findCrossCompiler } from '../../src/sim/node/cross-compile.js';
import { findSymbol } from '../../src/sim/program.js';
import { TARGETS } from '../../src/sim/targets.js';
import { skipWhere } from '../host-compiler.js';
import { Random } from './random.js';

const CHANNELS = 16;
const SHIFTS = [6, 7, 7] as const;
const missing = findCrossCompiler() === undefined ? 'no RISC-V cross compiler is installed' : undefined;
const simulator = join(import.meta.dirname, '..', '..', 'simulator');

/** 3×3 convolution without padding over a square map, ReLU and shift. */
function convolve(x: readonly number[], weights: readonly number[], shift: number): number[] {
  const side = Math.sqrt(x.length);
  const out = side - 2;
  return Array.from({ length: out * out }, (_, i) => {
    const at = Math.floor(i / out) * side + (i % out);
    const sum = weights.reduce((total, w, k) => total + w * x[at + Math.floor(k / 3) * side + (k % 3)]!, 0);
    return Math.max(sum, 0) >> shift;
  });
}

function pool(x: readonly number[]): number[] {
  const side = Math.sqrt(x.length);
  const out = side / 2;
  return Array.from({ length: out * out }, (_, i) => {
    const at = 2 * side * Math.floor(i / out) + 2 * (i % out);
    return Math.max(x[at]!, x[at + 1]!, x[at + side]!, x[at + side + 1]!);
  });
}

/** ShiftNorm and ReLU: the largest feature to 64 … 127, rounding half up. */
function normalize(features: readonly number[]): number[] {
  const largest = Math.max(...features);
  let shift = 0;
  while (largest >> shift > 127) shift++;
  const half = shift === 0 ? 0 : 1 << (shift - 1);
  return features.map((feature) => Math.min((feature + half) >> shift, 127));
}

async function run(weights: Uint8Array, x: Int8Array, defines: Record<string, true>) {
  const { include, files } = runtimeSources('fast');
  const target = TARGETS.ch32v003;
  const room = { ...target, flash: { ...target.flash, size: 64 * 1024 }, ram: { ...target.ram, size: 16 * 1024 } };
  const program = await crossCompile({
    sources: [...files.filter((path) => !path.endsWith('bnm_run.c')), join(simulator, 'test-chain.c')],
    target: room,
    linkerScript: join(simulator, 'kernels.ld'),
    includeFolders: include,
    optimization: '-O2',
    flags: ['-u', 'test_chain'],
    defines,
  });
  const machine = await createMachine(room);
  machine.load(program);
  const address = (symbol: string) => findSymbol(machine.program, symbol).address;
  machine.write(address('test_chain_weights'), weights);
  machine.write(address('test_chain_x'), new Uint8Array(x.buffer));
  const { stop, cycles } = machine.call('test_chain', [], { maxInstructions: 100_000_000 });
  expect(stop.kind).toBe('returned');
  return { cycles, y: [...new Int8Array(machine.read(address('test_chain_y'), 4 * CHANNELS))] };
}

describe.skipIf(skipWhere(missing))('code at run time', () => {
  it('gives the same activations as multiplications, in a tenth of their cycles or less', async () => {
    const random = new Random(3);
    // Odd weights of 4 bits, and strokes on a background that two thirds of the sample are.
    const weights = Array.from({ length: CHANNELS }, () =>
      Array.from({ length: 27 }, () => 2 * random.between(0, 15) - 15),
    );
    const x = Int8Array.from({ length: 256 }, (_, i) => {
      const isStroke = i >> 4 > 2 && i >> 4 < 13 && (i & 15) > 3 && (i & 15) < 12 && random.below(2) === 0;
      return isStroke ? random.between(1, 127) : -20;
    });
    const features = weights.flatMap((channel) => {
      const first = convolve([...x], channel.slice(0, 9), SHIFTS[0]);
      const second = pool(convolve(first, channel.slice(9, 18), SHIFTS[1]));
      return pool(convolve(second, channel.slice(18), SHIFTS[2]));
    });
    const packed = Uint8Array.from(weights.flatMap((channel, number) => [...channel, number]));
    const withCode = await run(packed, x, {});
    const without = await run(packed, x, { BNM_NO_RUN_TIME_CODE: true });
    expect(withCode.y).toEqual(normalize(features));
    expect(without.y).toEqual(withCode.y);
    console.info(`16 channels: ${withCode.cycles} cycles with code at run time, ${without.cycles} without`);
    expect(without.cycles).toBeGreaterThan(10 * withCode.cycles);
  });
});

// The promise of encode.ts: a C kernel in float32 gives the same codes and dequantized weights to the bit. Compiled to WebAssembly here.
import { readFileSync } from 'node:fs';
import { commands } from '@yowasp/clang';
import { beforeAll, describe, expect, it } from 'vitest';
import { seededUniform } from './__fixtures__/random-weights.js';
import { quantizeWeights } from './quantize.js';
import { FORMAT_NAMES, formats } from './registry.js';
import { scaleOfInverse } from './scale.js';

interface Kernels {
  uniform(weight: number, scale: number, offset: number, min: number, max: number): number;
  sign(weight: number, mean: number, scale: number): number;
  power_of_two(weight: number, scale: number, maxExponent: number): number;
  step_of_scale(scale: number): number;
  dequantize(level: number, scale: number): number;
}

/** The compiler's type library has no WebAssembly without a DOM. */
declare const WebAssembly: { instantiate(bytes: Uint8Array): Promise<{ instance: { exports: Kernels } }> };

let c: Kernels;

beforeAll(async () => {
  const source = readFileSync(new URL('./__fixtures__/encode.c', import.meta.url), 'utf8');
  const flags = ['-O2', '-ffp-contract=off', '-nostdlib', '-Wl,--no-entry', '-Wl,--export-all'];
  const files = await commands.clang([...flags, 'encode.c', '-o', 'encode.wasm'], { 'encode.c': source });
  const { instance } = await WebAssembly.instantiate(files?.['encode.wasm'] as Uint8Array);
  c = instance.exports;
});

const uniform = seededUniform(77);
/** Any finite float32 pattern, so all exponents and subnormals are met. */
function anyFloat32(): number {
  const bits = Uint32Array.of(uniform() * 2 ** 32);
  const value = new Float32Array(bits.buffer)[0]!;
  return Number.isFinite(value) ? value : anyFloat32();
}
/** Scales over 40 octaves. */
const anyScale = () => Math.fround(2 ** (40 * uniform() - 20));

describe.each(FORMAT_NAMES.filter((name) => name !== 'NF4'))('%s', (name) => {
  it('has the same codes and dequantized weights in C', () => {
    const { encoding, levels } = formats[name];
    let differences = 0;
    for (let run = 0; run < 40; run++) {
      const scale = anyScale();
      // Ties and their neighbours, weights in range and beyond, and any float32 at all.
      const near = Array.from({ length: 300 }, () => {
        const half = Math.round((uniform() - 0.5) * 40) / 2;
        return Math.fround((half + Math.round(2 * uniform() - 1) * 2 ** -22) / scale);
      });
      const wide = Array.from({ length: 300 }, () => Math.fround(((uniform() - 0.5) * 600) / scale));
      const weights = [...near, ...wide, ...Array.from({ length: 300 }, anyFloat32), 0, -0];
      const { codes, dequantized } = quantizeWeights(name, weights, { inverseScales: scale });
      const mean = Math.fround(weights.reduce((a, b) => a + b, 0) / weights.length);
      weights.forEach((weight, i) => {
        let code: number;
        switch (encoding.kind) {
          case 'uniform':
            code = c.uniform(weight, scale, encoding.offset, encoding.min, encoding.max);
            break;
          case 'sign':
            code = c.sign(weight, encoding.centred ? mean : 0, scale);
            break;
          case 'power-of-two':
            code = c.power_of_two(weight, scale, encoding.maxExponent);
            break;
          case 'nearest':
            throw new Error('no C kernel: encodingThresholds is its definition');
          default:
            throw new Error(`no encoding: ${encoding satisfies never}`);
        }
        if (code !== codes[i] || c.dequantize(levels[code]!, scale) !== dequantized[i]) differences++;
      });
    }
    expect(differences).toBe(0);
  });
});

describe('scaleOfInverse', () => {
  it('is the same float32 in C', () => {
    for (let run = 0; run < 20_000; run++) {
      const scale = Math.fround(2 ** (200 * uniform() - 100));
      expect(c.step_of_scale(scale)).toBe(scaleOfInverse(scale));
    }
  });
});

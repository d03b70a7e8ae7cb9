// Networks with learned bits as integers: outputs without weights vanish, the others stand in groups of one format; the same logits everywhere.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { WasmBackend } from '@bitnetmcu/mcu-runtime';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import {
  type InferenceBackend,
  type NetworkSpecInput,
  parseNetworkSpec,
  ReferenceInference,
  type TrainedNetwork,
} from '@bitnetmcu/models';
import { quantizeLearnedBits } from '@bitnetmcu/quant/internal';
import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../__fixtures__/random-network.js';
import { quantize } from '../quantize.js';
import { verify } from '../verify/verify.js';
import { ExportedCBackend } from './exported-c-backend.js';
import { OnnxRuntimeBackend } from './onnxruntime-backend.js';

const onnx = await import('onnxruntime-node').then(
  () => [new OnnxRuntimeBackend()],
  () => [],
);
const present = hostCompiler().kind === 'found';

/** Layers of so many inputs and outputs; the most bits of each. */
interface Sizes {
  readonly inputs: number;
  readonly outputs: readonly number[];
  readonly formats: readonly ('2bitsym' | '3bitsym' | '4bitsym' | '5bitsym')[];
}
const MOST = { '2bitsym': 2, '3bitsym': 3, '4bitsym': 4, '5bitsym': 5 } as const;

function randomNetwork(
  { inputs, outputs, formats }: Sizes,
  bitsOf: (layer: number, output: number) => number,
): TrainedNetwork {
  const random = randomNumbers(3);
  const layers = outputs.flatMap((count, k): NetworkSpecInput['layers'] => [
    {
      ...{ type: 'linear', name: `fc${k}`, outputs: count },
      weights: { format: formats[k]!, learnedBits: { per: 'channel', minimum: k === outputs.length - 1 ? 1 : 0 } },
    },
    ...(k < outputs.length - 1 ? [{ type: 'activation', name: `relu${k}`, function: 'relu' } as const] : []),
  ]);
  const parameters: Record<string, Float32Array> = {};
  outputs.forEach((count, k) => {
    const columns = k === 0 ? inputs : outputs[k - 1]!;
    parameters[`fc${k}.weight`] = Float32Array.from({ length: count * columns }, () => random() - 0.5);
    parameters[`fc${k}.bits`] = Float32Array.from({ length: count }, (_, o) => bitsOf(k, o));
    parameters[`fc${k}.exponent`] = Float32Array.from({ length: count }, () => -5 + 2 * random());
  });
  const labels = Array.from({ length: outputs.at(-1)! }, (_, i) => `class ${i}`);
  const spec = parseNetworkSpec({ name: 'learned', input: { shape: [inputs] }, layers });
  return { spec, parameters, labels, provenance: { tool: 'test' } };
}

/** Logits by the definition, all outputs in their places: integers · 2^(exponent − least exponent), ShiftNorm with ReLU between. */
function expectedLogits({ parameters }: TrainedNetwork, { outputs, formats }: Sizes, sample: Int8Array): number[] {
  let x = Array.from(sample);
  let accumulators: number[] = [];
  outputs.forEach((count, k) => {
    const { integers, exponents, bits } = quantizeLearnedBits(parameters[`fc${k}.weight`]!, {
      ...{ outputs: count, most: MOST[formats[k]!] },
      ...{ bits: parameters[`fc${k}.bits`]!, exponents: parameters[`fc${k}.exponent`]! },
    });
    const least = Math.min(...Array.from(exponents).filter((_, o) => bits[o]! > 0));
    accumulators = Array.from({ length: count }, (_, o) =>
      bits[o] === 0
        ? 0
        : x.reduce((sum, value, i) => sum + value * integers[o * x.length + i]!, 0) * 2 ** (exponents[o]! - least),
    );
    const max = Math.max(0, ...accumulators);
    let shift = 0;
    while (2 ** shift * 128 <= max) shift++;
    const half = shift > 0 ? 2 ** (shift - 1) : 0;
    x = accumulators.map((value) => (value < 0 ? 0 : Math.min(127, Math.floor((value + half) / 2 ** shift))));
  });
  return accumulators;
}

const mixed = (layer: number, output: number) => (layer === 2 ? 3 : ((output * 7) % 16) / 3);

describe('a network with learned bits', () => {
  const sizes: Sizes = { inputs: 50, outputs: [200, 60, 5], formats: ['4bitsym', '5bitsym', '3bitsym'] };
  const trained = randomNetwork(sizes, mixed);
  const { model } = quantize(trained);

  it('has no output without weights, and a node for each format that pays', () => {
    const linear = model.nodes.flatMap((node) => (node.op === 'linear' ? [node] : []));
    const zero = (count: number) =>
      Array.from({ length: count }, (_, o) => mixed(0, o)).filter((bits) => bits <= 0.5).length;
    const outputsOf = (layer: string) =>
      linear.filter(({ name }) => name.startsWith(layer)).reduce((sum, { outFeatures }) => sum + outFeatures, 0);
    expect([outputsOf('fc0'), outputsOf('fc1'), outputsOf('fc2')]).toEqual([200 - zero(200), 60 - zero(60), 5]);
    const formats = linear.filter(({ name }) => name.startsWith('fc0')).map(({ weights }) => weights.format);
    expect(formats.length).toBeGreaterThan(1);
    expect(new Set(formats).size).toBe(formats.length);
    expect(model.nodes.filter(({ op }) => op === 'concat').length).toBeGreaterThan(0);
  });

  it('gives the logits of the definition', async () => {
    const random = randomNumbers(9);
    const inputs = Int8Array.from({ length: 40 * 50 }, () => Math.floor(random() * 256) - 128);
    const found = await (await new ReferenceInference().load(model)).infer(inputs, 40);
    for (let s = 0; s < 40; s++) {
      const expected = expectedLogits(trained, sizes, inputs.subarray(s * 50, (s + 1) * 50));
      expect(Array.from(found.subarray(s * 5, (s + 1) * 5))).toEqual(expected);
    }
  });

  it('gives the same logits in WebAssembly, exported C and ONNX Runtime', async () => {
    const random = randomNumbers(10);
    const inputs = Int8Array.from({ length: 300 * 50 }, () => Math.floor(random() * 256) - 128);
    const backends: InferenceBackend[] = [
      ...[new ReferenceInference(), new WasmBackend(), new WasmBackend({ layout: 'unpacked' })],
      ...onnx,
    ];
    const folder = mkdtempSync(join(tmpdir(), 'learned-bits-'));
    if (present) backends.push(new ExportedCBackend({ cache: folder }));
    const { differences } = await verify(model, backends, inputs, new Uint16Array(300));
    rmSync(folder, { recursive: true, force: true });
    expect(differences).toEqual([]);
  }, 60_000);
});

describe('learned bits that cannot become integers', () => {
  const sizes: Sizes = { inputs: 9, outputs: [6, 3], formats: ['4bitsym', '4bitsym'] };
  it.each([
    ['all outputs of a layer', (layer: number) => (layer === 0 ? 0 : 2), /fc0 has lost all of its weights/],
    ['a logit', (layer: number, o: number) => (layer === 1 && o === 1 ? 0 : 2), /fc1 gives a logit without weights/],
  ])('%s without weights', (_, bitsOf, message) => {
    expect(() => quantize(randomNetwork(sizes, bitsOf))).toThrow(
      expect.objectContaining({ code: 'unsupported-graph', message: expect.stringMatching(message) }),
    );
  });

  it('steps too far apart', () => {
    const network = randomNetwork(sizes, () => 3);
    network.parameters['fc0.exponent']![1] = 12;
    expect(() => quantize(network)).toThrow(/fc0 has learned steps from 2\^-\d to 2\^12/);
  });
});

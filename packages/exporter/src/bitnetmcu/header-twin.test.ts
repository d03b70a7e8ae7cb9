// Headers that we write, run by the original's rules in C under the address sanitizer: every zoo model that can be written as one.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { QuantizedModel } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { loadZooModel, zoo } from '@bitnetmcu/models/zoo';
import { afterAll, describe, expect, it } from 'vitest';
import { SANITIZERS } from '../../conformance/c-flags.mjs';
import { randomInputs, randomNetwork } from '../__fixtures__/random-network.js';
import { ExporterError } from '../errors.js';
import { quantize } from '../quantize.js';
import { parseBitnetmcuHeader } from './read-header.js';
import { writeBitnetmcuHeader } from './write-header.js';

const twin = fileURLToPath(new URL('./__fixtures__/header_twin.c', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'header-twin-'));
afterAll(() => rmSync(folder, { recursive: true }));

const hasCompiler = spawnSync('cc', ['--version'], { stdio: 'ignore' }).status === 0;
const SAMPLES = 20;
/** Zoo models that the original's C code has no form for. */
const REFUSED = /^(mini-|fashion-)|^fc-12k-binary$/;

/** Logits of a header; whatever the sanitizers find is thrown. */
function runTwin(header: string, inputs: Int8Array, features: number): Int32Array {
  const path = join(folder, 'model.h');
  const program = join(folder, 'twin');
  writeFileSync(path, header);
  const compiled = spawnSync(
    'cc',
    ['-std=c11', '-O1', '-g', ...SANITIZERS, '-Wall', '-Wextra', '-Werror'].concat([
      `-DHEADER="${path}"`,
      `-DINPUT_BYTES=${features}`,
      twin,
      '-o',
      program,
    ]),
    { encoding: 'utf8' },
  );
  if (compiled.status !== 0) throw new Error(compiled.stderr);
  const { status, stdout, stderr } = spawnSync(program, { input: Buffer.from(inputs.buffer), maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(stderr.toString());
  return new Int32Array(stdout.buffer.slice(stdout.byteOffset, stdout.byteOffset + stdout.length));
}

function samplesFor(model: QuantizedModel): Int8Array {
  const features = model.input.shape.reduce((product, size) => product * size, 1);
  return randomInputs(SAMPLES * features, 5);
}

function expectSame(model: QuantizedModel, header: string): void {
  const inputs = samplesFor(model);
  const reference = new ReferenceModel(model);
  expect([...runTwin(header, inputs, reference.inputs)]).toEqual([...reference.infer(inputs, SAMPLES)]);
}

const linear = (format: string, sizes: readonly [number, ...number[]]) =>
  quantize(
    randomNetwork(
      {
        name: 'linear',
        input: { shape: [sizes[0]] },
        layers: sizes
          .slice(1)
          .flatMap((outputs, k) => [
            { type: 'linear' as const, name: `fc${k + 1}`, outputs, weights: { format: format as 'Ternary' } },
            ...(k === sizes.length - 2
              ? []
              : [{ type: 'activation' as const, name: `relu${k + 1}`, function: 'relu' as const }]),
          ]),
      },
      7,
    ),
  ).model;

describe.skipIf(!hasCompiler)(`headers by the original's rules${hasCompiler ? '' : ' (skipped: no cc)'}`, () => {
  const names = zoo.map(({ name }) => name).filter((name) => !REFUSED.test(name));

  it.each(names)('%s: no access outside of a buffer, the logits of the reference', async (name) => {
    const model = await loadZooModel(name);
    expectSame(model, writeBitnetmcuHeader(model));
  });

  it.each(['2bitsym', '4bitsym', '4bit', '8bit', 'FP130', 'NF4', 'BinarySym'])('%s in every layer', (format) => {
    const model = linear(format, [64, 96, 32, 10]);
    expectSame(model, writeBitnetmcuHeader(model));
  });

  it('ternary layers whose inputs are no multiple of ten', () => {
    const model = linear('Ternary', [256, 128, 64, 10]);
    const header = writeBitnetmcuHeader(model);
    expect([...header.matchAll(/L\d_incoming_weights (\d+)/g)].map((match) => match[1])).toEqual(['260', '130', '70']);
    // The largest number of activations that a kernel reads.
    expect(header).toContain('#define MAX_N_ACTIVATIONS 130');
    expectSame(model, header);
    expect(parseBitnetmcuHeader(header)).toEqual(model);
  });

  it('finds what the rules were broken with', async () => {
    const chain = await loadZooModel('cnn-64');
    const small = writeBitnetmcuHeader(chain).replace(/MAX_N_ACTIVATIONS \d+/, 'MAX_N_ACTIVATIONS 96');
    expect(() => runTwin(small, samplesFor(chain), 256)).toThrow(/AddressSanitizer|runtime error/);
    const ternary = await loadZooModel('fc-12k-ternary');
    // 25 words a row, and activations behind the last are read.
    const rounded = writeBitnetmcuHeader(ternary).replace('L1_incoming_weights 260', 'L1_incoming_weights 256');
    expect(() => runTwin(rounded, samplesFor(ternary), 256)).toThrow(/AddressSanitizer/);
  });
});

describe('ternary headers as the original writes them', () => {
  const model = linear('Ternary', [256, 128, 64, 10]);
  const foreign = writeBitnetmcuHeader(model).replace(/^#define MODEL_METADATA.*$/m, '');

  it('are imported with the inputs that the layers before give, and an image for the first', () => {
    const read = parseBitnetmcuHeader(foreign);
    expect(read.input.shape).toEqual([256]);
    expect(read.nodes.flatMap((node) => (node.op === 'linear' ? [node.inFeatures] : []))).toEqual([256, 128, 64]);
    const inputs = samplesFor(model);
    expect(new ReferenceModel(read).infer(inputs, SAMPLES)).toEqual(new ReferenceModel(model).infer(inputs, SAMPLES));
  });

  it('are refused where weights stand in the padding', () => {
    // The last word of a row of the second layer: 13 words a row, eight trits and two of padding. ⌈59048·65536/59049⌉: ten times trit 2
    // is weight 0; trit 0 at the end is weight +1.
    const table = /(L2_weights\[\] = \{\n)([\s\S]*?)(\n\};)/;
    const words = table
      .exec(foreign)![2]!
      .split(',')
      .map((word) => word.trim())
      .filter((word) => word !== '');
    const value = Math.floor((Number(words[12]) * 59049) / 65536);
    words[12] = `0x${Math.ceil(((value - 2) * 65536) / 59049).toString(16)}`;
    const damaged = foreign.replace(table, `$1${words.join(', ')}$3`);
    expect(() => parseBitnetmcuHeader(damaged)).toThrow(ExporterError);
    expect(() => parseBitnetmcuHeader(damaged)).toThrow(
      /L2 gets 128 activations and counts 130, but the 2 behind them have weights in output 0/,
    );
  });
});

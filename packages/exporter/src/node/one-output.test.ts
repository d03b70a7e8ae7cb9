// A network with one output: its class is the sign of its logit, in exported C, firmware, the simulators, ONNX and the accuracies.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileHostProgram, runProgram } from '@bitnetmcu/mcu-runtime/internal/node';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { SIMULATION_TARGET_NAMES, simulateModel } from '@bitnetmcu/mcu-runtime/targets';
import { type QuantizedModel, ReferenceInference } from '@bitnetmcu/models';
import { presets } from '@bitnetmcu/models/internal';
import { afterAll, describe, expect, it } from 'vitest';
import { randomNetwork } from '../__fixtures__/random-network.js';
import { writeBitnetmcuHeader } from '../bitnetmcu/write-header.js';
import { exportC } from '../c/export-c.js';
import { expectedOutput, firmwareSamples } from '../firmware/samples-header.js';
import { quantize } from '../quantize.js';
import { verify } from '../verify/verify.js';
import { writeExport } from './write-export.js';

/** logit = 2·x₀ − 2·x₁ − 2: the weights 1 and −1 shifted left once, and a bias. */
const model: QuantizedModel = {
  name: 'sign',
  input: {
    shape: [2],
    preprocessing: { divisor: 1, mean: 0, deviation: 1 },
    quantization: { kind: 'static', scale: 1 },
  },
  nodes: [
    {
      op: 'linear',
      name: 'fc',
      inputs: ['input'],
      inFeatures: 2,
      outFeatures: 1,
      weights: {
        format: 'Ternary',
        codes: Uint8Array.of(2, 0),
        outputShifts: Uint8Array.of(1),
        bias: Int32Array.of(-2),
      },
    },
  ],
  labels: ['below', 'above'],
  provenance: {},
};

/** By hand: 2·5 − 2·1 − 2 = 6, 2·1 − 2·5 − 2 = −10, 2·3 − 2·2 − 2 = 0. */
const INPUTS = Int8Array.of(5, 1, 1, 5, 3, 2);
const LOGITS = [6, -10, 0];
const CLASSES = [1, 0, 0];

const folder = mkdtempSync(join(tmpdir(), 'one-output-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a network with one output', () => {
  it.skipIf(hostCompiler().kind !== 'found')('gives its class in exported C, by both functions', async () => {
    const { written } = writeExport(model, folder);
    const sources = written.filter((file) => file.endsWith('.c')).map((file) => join(folder, file));
    const program = await compileHostProgram({ sources, include: [join(folder, 'model')], flags: ['-Wall', '-Werror'] }, { cache: folder });
    const text = new TextDecoder().decode(await runProgram(program, new Uint8Array(INPUTS.buffer)));
    expect(text.trim().split('\n')).toEqual(
      LOGITS.map((logit, i) => `sample ${i}: class ${CLASSES[i]}, logits ${logit}`),
    );
  });

  it('says in C how the class is made', () => {
    const [source, header] = exportC(model).files.map(({ content }) => content) as [string, string];
    expect(header).toContain('1 where the logit is above 0');
    expect(source).toContain('1 int32 logit; the class is 1 where it is above 0');
    expect(source).not.toContain('bnm_argmax');
  });

  it('counts right answers by the sign', async () => {
    const { perBackend } = await verify(model, [new ReferenceInference()], INPUTS, CLASSES);
    expect(perBackend[0]!.accuracy).toBe(1);
  });

  it('has firmware that expects the same classes', () => {
    const samples = firmwareSamples(model, INPUTS);
    expect(samples.classes).toEqual(CLASSES);
    expect(expectedOutput(samples)).toBe('\r\nclass 1\r\nclass 0\r\nclass 0\r\nself-test passed');
  });

  it.each(SIMULATION_TARGET_NAMES)('predicts them in the simulator of %s', async (target) => {
    const result = await simulateModel(model, { target, inputs: INPUTS });
    expect(result.kind === 'simulated' && [...result.predictions]).toEqual(CLASSES);
  });

  it('is not written as a header, whose code would always answer 0', () => {
    expect(() => writeBitnetmcuHeader(quantize(randomNetwork(presets['fc-1k'].build(1), 1)).model)).toThrow(
      /one output/,
    );
  });
});

it('leaves the code of several outputs as it is', () => {
  const [source] = exportC(quantize(randomNetwork(presets['fc-1k'].build(10), 1)).model).files;
  expect(source!.content).toContain('return (int)bnm_argmax(logits, 10);');
});

// Nothing falls through: what a registry has and an exporter does not know, or the other way round, ends in a typed error, in each of
// them: C, ONNX, BitNetMCU headers.
import type { LayoutName } from '@bitnetmcu/mcu-runtime';
import { getLayout, layouts, lowerModel } from '@bitnetmcu/mcu-runtime/internal';
import { type NodeOp, parseNetworkSpec, type QuantizedModel } from '@bitnetmcu/models';
import { conformanceModel } from '@bitnetmcu/models/conformance';
import { NODE_OPS, presets } from '@bitnetmcu/models/internal';
import { BitnetmcuError, FORMAT_NAMES, type FormatName, formats } from '@bitnetmcu/quant';
import { afterEach, describe, expect, it } from 'vitest';
import { randomNetwork } from './__fixtures__/random-network.js';
import { parseBitnetmcuHeader } from './bitnetmcu/read-header.js';
import { writeBitnetmcuHeader } from './bitnetmcu/write-header.js';
import { type ExportCOptions, exportC } from './c/export-c.js';
import { kernelSteps } from './c/export-sizes.js';
import { findExportTarget } from './c/export-targets.js';
import { C_STEPS } from './c/steps/index.js';
import { exportOnnx } from './onnx/export/export-onnx.js';
import { ONNX_OPS } from './onnx/export/ops/index.js';
import { quantize } from './quantize.js';

const writers = [
  ['C', (model: QuantizedModel) => exportC(model)],
  ['C for a target', (model: QuantizedModel) => exportC(model, { target: 'ch32v003' })],
  ['ONNX', (model: QuantizedModel) => exportOnnx(model)],
  ['ONNX in QDQ form', (model: QuantizedModel) => exportOnnx(model, { form: 'qdq' })],
  ['a header', writeBitnetmcuHeader],
] as const;

const cSteps = { ...C_STEPS };
const onnxOps = { ...ONNX_OPS };

/** A member of a registry, away until the next test. */
function without(registry: object, member: string): void {
  delete (registry as Record<string, unknown>)[member];
}

/** All members again, in their order: other files see the same registry. */
function restore(registry: object, members: object): void {
  for (const member of Object.keys(registry)) without(registry, member);
  Object.assign(registry, members);
}

afterEach(() => {
  restore(C_STEPS, cSteps);
  restore(ONNX_OPS, onnxOps);
});

const randomModels = Array.from({ length: 40 }, (_, index) => conformanceModel(1, index, { maxElements: 200 }));
/** Its convolutions are one step where kernels for chains exist. */
const channelChain = quantize(randomNetwork(presets['cnn-16-small'].build(10), 1)).model;

/** Its second convolution runs through linear kernels, window by window. */
const manyChannels = quantize(
  randomNetwork(
    parseNetworkSpec({
      name: 'mixing',
      input: { shape: [1, 16, 16] },
      layers: [
        ...[9, 16].flatMap((channels, i) => [
          {
            ...{ type: 'conv2d' as const, name: `conv${i}`, channels, activationQuantizer: 'shift' as const },
            weights: { format: 'Ternary' as const },
          },
          { type: 'activation' as const, name: `relu${i}`, function: 'relu' as const },
        ]),
        { type: 'flatten', name: 'flatten' },
        { type: 'linear', name: 'fc', outputs: 10, activationQuantizer: 'shift', weights: { format: 'Ternary' } },
      ],
    }),
    1,
  ),
).model;

/** The first of the random models with an operation. */
function modelWith(op: NodeOp): QuantizedModel {
  return randomModels.find(({ nodes }) => nodes.some((node) => node.op === op))!;
}

/** A model with a kind of step, and for whom it is exported. */
function exampleOf(op: string): [QuantizedModel, ExportCOptions] {
  for (const target of ['ch32v003', 'ch32v002'] as const) {
    for (const layout of ['plain', ...findExportTarget(target).layouts] as const) {
      for (const model of [...randomModels, channelChain, manyChannels]) {
        const program = lowerModel(model, getLayout(layout), { everyTensor: false });
        if (kernelSteps(program).some((step) => step.op === op)) return [model, { target, layout }];
      }
    }
  }
  throw new Error(`no example has the step ${op}`);
}

/** Three layers as headers have them, of one format. */
function layersOf(format: string): QuantizedModel {
  const levels = formats[format as FormatName]?.levels.length ?? 4;
  const weights = (count: number) => ({
    format: format as FormatName,
    codes: Uint8Array.from({ length: count }, (_, i) => i % levels),
  });
  return {
    name: 'two',
    input: {
      shape: [160],
      preprocessing: { divisor: 255, mean: 0, deviation: 1 },
      quantization: { kind: 'dynamic' },
    },
    nodes: [
      { name: 'fc1', op: 'linear', inputs: ['input'], inFeatures: 160, outFeatures: 160, weights: weights(160 * 160) },
      { name: 'norm1', op: 'shiftNorm', inputs: ['fc1'], activation: 'relu' },
      { name: 'fc2', op: 'linear', inputs: ['norm1'], inFeatures: 160, outFeatures: 160, weights: weights(160 * 160) },
      { name: 'norm2', op: 'shiftNorm', inputs: ['fc2'], activation: 'relu' },
      { name: 'fc3', op: 'linear', inputs: ['norm2'], inFeatures: 160, outFeatures: 10, weights: weights(1600) },
    ],
    labels: [],
    provenance: {},
  };
}

const refusal = (name: string) =>
  expect.objectContaining({ name: 'ExporterError', code: 'unsupported-node', message: expect.stringContaining(name) });

describe('an operation without a form', () => {
  it.each(NODE_OPS)('%s is refused by ONNX, by the name of its node', (op) => {
    const model = modelWith(op);
    const { name } = model.nodes.find((node) => node.op === op)!;
    without(ONNX_OPS, op);
    for (const form of ['integer', 'qdq'] as const) {
      expect(() => exportOnnx(model, { form })).toThrow(refusal(`"${name}"`));
    }
  });

  it.each(Object.keys(cSteps))('the step %s is refused by C, by the name of its operation', (op) => {
    const example = exampleOf(op);
    without(C_STEPS, op);
    expect(() => exportC(...example)).toThrow(refusal(`step "${op}"`));
  });

  it.each(NODE_OPS)('%s is written into a header, or refused', (op) => {
    const model = modelWith(op);
    try {
      expect(writeBitnetmcuHeader(model)).toContain('NUM_LAYERS');
    } catch (error) {
      expect(error).toMatchObject({ name: 'ExporterError', code: 'unsupported-node' });
    }
  });
});

describe('a member that no registry has', () => {
  it.each(writers)('is refused by %s: operation, weight format', (_, write) => {
    const model = layersOf('4bitsym');
    const nodes = model.nodes.map((node) =>
      node.op === 'shiftNorm' ? { ...node, op: 'shiftNarm' as 'shiftNorm' } : node,
    );
    for (const wrong of [{ ...model, nodes }, layersOf('4bitsim')]) {
      let caught: unknown;
      try {
        write(wrong);
      } catch (error) {
        caught = error;
      }
      expect(BitnetmcuError.isInstance(caught), String(caught)).toBe(true);
    }
  });

  it('is refused as a layout', () => {
    const layout = 'nomull' as LayoutName;
    expect(Object.keys(layouts)).not.toContain(layout);
    expect(() => exportC(layersOf('4bitsym'), { target: 'ch32v003', layout })).toThrow(
      expect.objectContaining({ name: 'ExporterError', code: 'invalid-option' }),
    );
  });
});

describe('every weight format', () => {
  it.each(FORMAT_NAMES)('%s is exported to C and ONNX, and comes back from a header or is refused', (format) => {
    const model = layersOf(format);
    for (const [name, write] of writers.slice(0, 4)) expect(() => write(model), name).not.toThrow();
    let header: string | undefined;
    try {
      header = writeBitnetmcuHeader(model);
    } catch (error) {
      expect(error).toMatchObject({ name: 'ExporterError', code: 'unsupported-node' });
    }
    if (header !== undefined) {
      const codes = ({ nodes }: QuantizedModel) => nodes.flatMap((node) => ('weights' in node ? [node.weights] : []));
      expect(codes(parseBitnetmcuHeader(header))).toEqual(codes(model));
    }
  });
});

describe('what exported C takes from the runtime', () => {
  const TYPES = ['bnm_pool2d', 'bnm_conv2d', 'bnm_conv_layer', 'bnm_conv_patches', 'bnm_conv_chain'];

  it.each(['atmega328p', 'ch32v003', 'cortex-m'] as const)('is what stands in its text (%s)', (target) => {
    for (const model of [...randomModels, channelChain]) {
      const { files, runtime } = exportC(model, { target });
      const code = files[0]!.content.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^#include.*$/gm, '');
      const names = new Set(code.match(/\bbnm_\w+/g)?.filter((name) => !TYPES.includes(name)));
      expect(runtime.functions).toEqual([...names].sort());
    }
  });
});

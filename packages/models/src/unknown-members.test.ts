// Nothing falls through: a weight format, an operation or an activation function that no registry has is refused with a typed error, by
// whatever reads networks, models and files.
import { FORMAT_NAMES, type FormatName } from '@bitnetmcu/quant';
import { describe, expect, it } from 'vitest';
import { proveAccumulatorBounds } from './accumulator-bounds.js';
import { ACTIVATION_NAMES, activationOf } from './activations/index.js';
import { BNM_FORMAT, decodeBnm, encodeBnm } from './files/bnm.js';
import { decodeContainer, encodeContainer } from './files/container.js';
import { NODE_OPS } from './ops/index.js';
import { parseNetworkSpec } from './parse-network-spec.js';
import type { QuantizedModel } from './quantized-model.js';
import { ReferenceInference, ReferenceModel } from './reference-inference.js';
import { validateQuantizedModel } from './resolve-model.js';
import { summarizeModel } from './summary/summary.js';
import { handWorkedLinear } from './testing/small-models.js';

const typed = (className: string, code: string, message: string) =>
  expect.objectContaining({ name: className, code, message: expect.stringContaining(message) });

/** A model whose only layer has weights of another format. */
function modelWith(format: string): QuantizedModel {
  const model = handWorkedLinear();
  const nodes = model.nodes.map((node) =>
    'weights' in node ? { ...node, weights: { ...node.weights, format: format as FormatName } } : node,
  );
  return { ...model, nodes };
}

/** A file of handWorkedLinear whose header says something else, with the checksum of that. */
function fileWith(from: string, to: string): Uint8Array {
  const { header, sections } = decodeContainer(BNM_FORMAT, encodeBnm(handWorkedLinear()));
  const text = JSON.stringify(header);
  expect(text).toContain(from);
  return encodeContainer(BNM_FORMAT, { header: JSON.parse(text.replace(from, to)), sections });
}

describe('a weight format that is none', () => {
  it.each([
    ['a model', validateQuantizedModel],
    ['the reference', (model: QuantizedModel) => new ReferenceModel(model)],
    ['the writer of files', encodeBnm],
    ['the summary', summarizeModel],
  ])('is refused by %s', (_, use) => {
    expect(() => use(modelWith('4bitsim'))).toThrow(typed('ModelError', 'invalid-model', 'format'));
    expect(FORMAT_NAMES).not.toContain('4bitsim');
  });

  it('is refused by the bounds of accumulators and by the reference as a backend', async () => {
    expect(() => proveAccumulatorBounds(modelWith('4bitsim'))).toThrow(
      expect.objectContaining({ name: expect.stringMatching(/^(Model|Quant)Error$/) }),
    );
    await expect(new ReferenceInference().load(modelWith('4bitsim'))).rejects.toThrow(
      typed('ModelError', 'invalid-model', 'format'),
    );
  });

  it('is refused in a file', () => {
    const [format] = handWorkedLinear().nodes.flatMap((node) => ('weights' in node ? [node.weights.format] : []));
    expect(() => decodeBnm(fileWith(`"format":"${format}"`, '"format":"9bitsym"'))).toThrow(
      typed('ModelError', 'invalid-file', '9bitsym'),
    );
  });
});

describe('an operation that is none', () => {
  it('is refused in a file', () => {
    expect(NODE_OPS).not.toContain('bilinear');
    expect(() => decodeBnm(fileWith('"op":"linear"', '"op":"bilinear"'))).toThrow(
      typed('ModelError', 'invalid-file', 'bilinear'),
    );
  });
});

describe('an activation function that is none', () => {
  it('is refused by the registry and in a network', () => {
    expect(ACTIVATION_NAMES).not.toContain('hardSwosh');
    expect(() => activationOf('hardSwosh')).toThrow(expect.objectContaining({ name: 'ModelError' }));
    const layers = [{ type: 'activation', name: 'act', function: 'hardSwosh' }];
    expect(() => parseNetworkSpec({ name: 'net', input: { shape: [4] }, layers })).toThrow(
      typed('ModelError', 'invalid-spec', 'hardSwosh'),
    );
  });
});

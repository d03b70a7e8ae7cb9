import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ModelError } from './errors.js';
import { parseNetworkSpec } from './parse-network-spec.js';
import { buildPreset } from './presets/presets.js';

const linear = { type: 'linear', name: 'fc', outputs: 3, weights: { format: '4bitsym' } };
const network = (layers: unknown[], rest: object = {}) => ({ name: 'net', input: { shape: [4] }, layers, ...rest });

function issuesOf(value: unknown): string[] {
  try {
    parseNetworkSpec(value);
  } catch (error) {
    if (ModelError.isInstance(error) && error.code === 'invalid-spec')
      return error.issues.map((issue) => `${issue.path}: ${issue.message}`);
    throw error;
  }
  return [];
}

describe('parseNetworkSpec', () => {
  it('fills in defaults', () => {
    expect(parseNetworkSpec(network([linear]))).toEqual({
      name: 'net',
      input: { shape: [4], preprocessing: { divisor: 255, mean: 0.1307, deviation: 0.3081 } },
      layers: [
        {
          type: 'linear',
          name: 'fc',
          outputs: 3,
          weights: { format: '4bitsym', scaling: 'PerTensor', clipping: { method: 'octav' } },
          norm: 'rms',
          activationQuantizer: 'max-abs',
          bias: false,
        },
      ],
    });
  });

  it('leaves a parsed spec as it is', () => {
    const spec = parseNetworkSpec(network([linear], { $schema: './schema.json', description: 'x' }));
    expect(parseNetworkSpec(JSON.parse(JSON.stringify(spec)))).toEqual(spec);
  });

  it('names the wrong key and the nearest right one', () => {
    expect(issuesOf(network([{ ...linear, ouputs: 3 }]))).toEqual([
      "layers[0].ouputs: unknown key; did you mean 'outputs'? (keys here: name, inputs, type, outputs, weights, norm, activationQuantizer, bias)",
    ]);
    expect(issuesOf(network([linear], { layer: [] }))[0]).toMatch(/^layer: unknown key; did you mean 'layers'\?/);
    expect(
      issuesOf(
        network([{ ...linear, weights: { format: '4bitsym', clipping: { method: 'proportional', faktor: 2 } } }]),
      ),
    ).toEqual([
      "layers[0].weights.clipping.faktor: unknown key; did you mean 'factor'? (keys here: method, factor, freezeEpoch)",
    ]);
  });

  it('names the wrong value and the nearest right one', () => {
    expect(issuesOf(network([{ ...linear, weights: { format: '4bitsim' } }]))[0]).toMatch(
      /^layers\[0\]\.weights\.format: '4bitsim' found, one of Binary, .*None wanted; did you mean '4bitsym'\?$/,
    );
    expect(issuesOf(network([{ ...linear, type: 'conv2' }]))[0]).toMatch(
      /^layers\[0\]\.type: 'conv2' found, .* did you mean 'conv2d'\?$/,
    );
    expect(issuesOf(network([{ ...linear, weights: { format: 'xyz', clipping: { method: 'octaf' } } }]))).toEqual([
      expect.not.stringContaining('did you mean'),
      "layers[0].weights.clipping.method: 'octaf' found, one of octav, proportional, fixed, learned, decaying wanted; did you mean 'octav'?",
    ]);
  });

  it('names missing keys, wrong types and ranges', () => {
    expect(issuesOf({})).toEqual([
      'name: nothing found, a string wanted',
      'input: nothing found, an object wanted',
      'layers: nothing found, an array wanted',
    ]);
    expect(issuesOf(null)).toEqual([': null found, an object wanted']);
    expect(issuesOf(network([{ ...linear, outputs: 2.5 }]))).toEqual([
      'layers[0].outputs: 2.5 found, an integer wanted',
    ]);
    expect(issuesOf(network([{ ...linear, outputs: 0 }]))).toEqual(['layers[0].outputs: 0 found, at least 1 wanted']);
    expect(issuesOf(network([{ ...linear, outputs: 70_000 }]))).toEqual([
      'layers[0].outputs: 70000 found, at most 65535 wanted',
    ]);
    expect(issuesOf(network([{ ...linear, name: '1st' }]))[0]).toMatch(
      /^layers\[0\]\.name: '1st' found; a name starts with a letter/,
    );
    expect(issuesOf({ ...network([linear]), input: { shape: [1, 2] } })).toEqual([
      'input.shape: an array of 2 found; wanted is [features] or [channels, height, width], each from 1 to 65535',
    ]);
  });

  it('takes no key from a prototype', () => {
    expect(issuesOf(JSON.parse('{"__proto__": 1, "name": "a", "input": {"shape": [1]}, "layers": []}')).join()).toMatch(
      /__proto__|layers/,
    );
  });

  it('gives only typed errors on 10 000 specs with a value replaced by anything', () => {
    const presets = [JSON.stringify(buildPreset('fc-1k')), JSON.stringify(buildPreset('cnn-16-small'))];
    const anything = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.integer(),
      fc.constantFrom('input', 'fc1', 'None', 'depthwise', '__proto__'),
    );
    let accepted = 0;
    let refused = 0;
    fc.assert(
      fc.property(fc.constantFrom(...presets), fc.nat(), anything, (preset, place, value) => {
        const mutated = replaceAt(JSON.parse(preset), place, value);
        try {
          parseNetworkSpec(mutated);
          accepted++;
        } catch (error) {
          if (!ModelError.isInstance(error)) throw error;
          expect(error.message.length).toBeLessThan(20_000);
          refused++;
        }
      }),
      { seed: 1, numRuns: 10_000 },
    );
    expect(Math.min(accepted, refused)).toBeGreaterThan(50);
  });
});

/** The document with one of its objects' or arrays' entries replaced; `place` chooses which. */
function replaceAt(document: unknown, place: number, value: unknown): unknown {
  const entries: { parent: Record<string, unknown>; key: string }[] = [];
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const key of Object.keys(node)) {
      entries.push({ parent: node as Record<string, unknown>, key });
      collect((node as Record<string, unknown>)[key]);
    }
  };
  collect(document);
  const { parent, key } = entries[place % entries.length]!;
  parent[key] = value;
  return document;
}

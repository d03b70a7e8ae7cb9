// What only the compiled engines have is refused by TensorFlow.js with a typed error that says what to do; the same is compiled by those.
import { type NetworkSpecInput, parseNetworkSpec } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import type { CompileOptions } from '../compile-options.js';
import { createEngine } from '../create-engine.js';
import { createTfjsEngine } from './create-tfjs-engine.js';

type Weights = Extract<NetworkSpecInput['layers'][number], { type: 'linear' }>['weights'];

function network(weights: Weights) {
  return parseNetworkSpec({
    name: 'net',
    input: { shape: [6] },
    layers: [
      { type: 'linear', name: 'router', outputs: 2, weights: { format: '4bitsym' } },
      { type: 'linear', name: 'a', inputs: ['input'], outputs: 4, weights },
      { type: 'topGroups', name: 'chosen', inputs: ['a', 'router'], keep: 1 },
      { type: 'linear', name: 'b', outputs: 3, weights: { format: '4bitsym' } },
    ],
  });
}

const crossEntropy = { kind: 'crossEntropy' } as const;
const learned = { format: '4bitsym', learnedBits: { per: 'channel' } } as const;
const plain = { format: '4bitsym' } as const;

const CASES: Readonly<Record<string, readonly [Weights, CompileOptions, RegExp]>> = {
  'masks of weights': [plain, { masks: true }, /no masks of weights: train with the native engine or WebAssembly/],
  'frozen layers': [plain, { frozen: ['a'] }, /no frozen layers: train with/],
  'learned bits': [learned, {}, /Layer 'a' learns its bits.*createEngine/],
  'the term size': [learned, { loss: [crossEntropy, { kind: 'size', weight: 1 }] }, /a term 'size'.*createEngine/],
  'the term entropy': [
    plain,
    { loss: [crossEntropy, { kind: 'entropy', weight: 1 }] },
    /a term 'entropy'.*createEngine/,
  ],
  'the term balance': [
    plain,
    { loss: [crossEntropy, { kind: 'balance', weight: 1 }] },
    /a term 'balance'.*createEngine/,
  ],
};

describe('TensorFlow.js refuses', async () => {
  const tfjs = await createTfjsEngine({ backend: 'cpu' });
  const compiled = await createEngine({ kind: 'wasm' });

  it.each(Object.entries(CASES))('%s', (_, [weights, options, message]) => {
    compiled.compile(network(weights), options).dispose();
    expect(() => tfjs.compile(network(weights), options)).toThrow(
      expect.objectContaining({
        name: 'TrainerError',
        code: 'unsupported-layer',
        message: expect.stringMatching(message),
      }),
    );
  });
});

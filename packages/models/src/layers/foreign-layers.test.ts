// Types of layers that other tools have: the refusal says what to use.
import { expect, it } from 'vitest';
import { parseNetworkSpec } from '../parse-network-spec.js';

const spec = (type: string) => ({
  name: 'n',
  input: { shape: [3, 1, 64] },
  layers: [
    { type, name: 'memory', units: 16 },
    { type: 'linear', name: 'fc', outputs: 2, weights: { format: '8bit' } },
  ],
});

it.each(['lstm', 'LSTM', 'GRU', 'rnn', 'SimpleRNN', 'transformer', 'MultiHeadAttention'])(
  'says of %s: windows and 1-D convolutions',
  (type) => {
    expect(() => parseNetworkSpec(spec(type))).toThrow(
      /layers\[0\]\.type: .*cut the signal into windows.*1-D convolution/,
    );
  },
);

it('says what other layers are called here', () => {
  expect(() => parseNetworkSpec(spec('Dense'))).toThrow(/a dense layer is called linear/);
  expect(() => parseNetworkSpec(spec('batchNorm2d'))).toThrow(/norms are a property of linear layers/);
  expect(() => parseNetworkSpec(spec('conv1d'))).toThrow(/conv2d with a kernel \[1, k\]/);
  // Nothing is known of it, but a name is near.
  expect(() => parseNetworkSpec(spec('linaer'))).toThrow(/did you mean 'linear'/);
});

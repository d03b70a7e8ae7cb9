// Layers that other tools have and this one does not: what to use in their place.

const SEQUENCE =
  'layers that remember or attend (lstm, gru, rnn, transformer) have no integer form here: cut the signal into windows [channels, 1, length] and use 1-D convolutions (conv2d with a kernel [1, 5], or the presets signal-s, signal-m)';
const NORM = 'norms are a property of linear layers ("norm": "batch"), in front of their weights';

const REMARKS: Readonly<Record<string, string>> = {
  lstm: SEQUENCE,
  bilstm: SEQUENCE,
  gru: SEQUENCE,
  rnn: SEQUENCE,
  simplernn: SEQUENCE,
  recurrent: SEQUENCE,
  transformer: SEQUENCE,
  attention: SEQUENCE,
  multiheadattention: SEQUENCE,
  embedding: SEQUENCE,
  tcn: SEQUENCE,
  dense: 'a dense layer is called linear',
  fullyconnected: 'a fully connected layer is called linear',
  conv1d: 'a 1-D convolution is a conv2d with a kernel [1, k] over an input [channels, 1, length]',
  batchnorm: NORM,
  batchnormalization: NORM,
  layernorm: NORM,
  softmax: 'the class is the largest logit without it: leave it out',
  sigmoid: 'leave it out: labels are told by the signs of the logits (task multiLabel)',
};

/** What to use instead of a type of layer that there is not; undefined where nothing is known of it. */
export function foreignLayerRemark(type: unknown): string | undefined {
  const word = typeof type === 'string' && type.length < 40 ? type.toLowerCase().replace(/[^a-z0-9]|[12]d$/g, '') : '';
  const exact = typeof type === 'string' ? type.toLowerCase().replace(/[^a-z0-9]/g, '') : '';
  for (const name of [exact, word]) if (Object.hasOwn(REMARKS, name)) return REMARKS[name];
  return undefined;
}

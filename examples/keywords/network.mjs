// The network of the keywords: two convolutions along time that read all bands, the mean over time, one linear layer.

export function network(input, { format, channels, dropout }) {
  const weights = (name = format) => ({ format: name, clipping: { method: 'learned' } });
  const [first, second] = channels.split(',').map(Number);
  return {
    name: 'keywords',
    input,
    layers: [
      {
        name: 'conv1',
        type: 'conv2d',
        channels: first,
        kernel: [1, 5],
        stride: [1, 2],
        weights: weights(),
        activationQuantizer: 'none',
      },
      { name: 'relu1', type: 'activation', function: 'relu' },
      {
        name: 'conv2',
        type: 'conv2d',
        channels: second,
        kernel: [1, 5],
        stride: [1, 2],
        weights: weights(),
        activationQuantizer: 'shift',
      },
      { name: 'relu2', type: 'activation', function: 'relu' },
      { name: 'pool2', type: 'maxPool2d', size: [1, 2] },
      { name: 'flatten', type: 'flatten' },
      { name: 'dropout', type: 'dropout', rate: Number(dropout) },
      { name: 'fc', type: 'linear', outputs: 8, weights: weights(), activationQuantizer: 'shift' },
    ],
  };
}

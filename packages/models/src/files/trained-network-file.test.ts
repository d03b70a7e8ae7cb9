import { describe, expect, it } from 'vitest';
import { ModelError } from '../errors.js';
import { networkParameters } from '../network-parameters.js';
import { parseNetworkSpec } from '../parse-network-spec.js';
import { SeededRandom } from '../random/seeded-random.js';
import type { TrainedNetwork } from '../trained-network.js';
import { crc32 } from './crc32.js';
import { decodeTrainedNetwork, encodeTrainedNetwork } from './trained-network-file.js';

function trained(): TrainedNetwork {
  const spec = parseNetworkSpec({
    name: 'small',
    input: { shape: [1, 4, 4] },
    layers: [
      { name: 'conv', type: 'conv2d', channels: 2, weights: { format: '8bit', scaling: 'PerOutput' }, bias: true },
      { name: 'relu', type: 'activation', function: 'relu' },
      { name: 'fc', type: 'linear', outputs: 3, norm: 'batch', weights: { format: '4bitsym' } },
    ],
  });
  const random = new SeededRandom(1);
  const parameters = Object.fromEntries(
    networkParameters(spec).map(({ key, lengths, binary }) => [
      key,
      Float32Array.from({ length: lengths[0]! }, () => (binary ? random.integer(0, 1) : random.integer(-99, 99) / 7)),
    ]),
  );
  return { spec, parameters, labels: ['a', 'b', 'c'], provenance: { seed: 4 } };
}

describe('.bnt', () => {
  it('lists the parameters of a network', () => {
    expect(
      networkParameters(trained().spec).map(({ key, lengths, required }) => `${key} ${lengths} ${required}`),
    ).toEqual([
      'conv.weight 18 true',
      'conv.bias 2 true',
      'conv.clip 2 false',
      'conv.mask 18 false',
      'fc.weight 24 true',
      'fc.clip 1 false',
      'fc.mask 24 false',
      'fc.norm.mean 8 true',
      'fc.norm.variance 8 true',
      'fc.norm.gain 8 false',
      'fc.norm.shift 8 false',
    ]);
  });

  it('returns a network as it was', () => {
    const network = trained();
    expect(decodeTrainedNetwork(encodeTrainedNetwork(network))).toEqual(network);
  });

  it('refuses parameters that do not fit the spec', () => {
    const network = trained();
    const changed = (parameters: Record<string, Float32Array | undefined>) => {
      const merged = Object.entries({ ...network.parameters, ...parameters }).filter(
        ([, values]) => values !== undefined,
      );
      return () =>
        encodeTrainedNetwork({ ...network, parameters: Object.fromEntries(merged) as Record<string, Float32Array> });
    };
    expect(changed({ 'fc.clip': undefined })).not.toThrow();
    expect(changed({ 'fc.weight': undefined })).toThrow(/'fc.weight' is missing, 24 floats wanted/);
    expect(changed({ 'fc.weight': new Float32Array(23) })).toThrow(/'fc.weight' has 23 values, 24 wanted/);
    expect(changed({ 'fc.wieght': new Float32Array(24) })).toThrow(
      /no parameter 'fc.wieght'; did you mean 'fc.weight'/,
    );
    expect(changed({ 'conv.bias': Float32Array.of(1, Number.NaN) })).toThrow(/'conv.bias' is NaN at index 1/);
    expect(() => encodeTrainedNetwork({ ...network, labels: ['a'] })).toThrow(
      expect.objectContaining({ code: 'invalid-labels' }),
    );
  });

  it('gives only typed errors on 3 000 damaged files, with wrong and with right checksum', () => {
    const random = new SeededRandom(2);
    const file = encodeTrainedNetwork(trained());
    for (let run = 0; run < 3_000; run++) {
      const bytes = file.slice(0, random.chance(0.2) ? random.integer(0, file.length - 1) : file.length);
      for (let flips = random.integer(1, 4); flips > 0 && bytes.length > 0; flips--) {
        const offset = random.integer(0, bytes.length - 1);
        bytes[offset] = bytes[offset]! ^ (1 << random.integer(0, 7));
      }
      if (random.chance(0.5) && bytes.length > 4) {
        new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(0, bytes.length - 4)), true);
      }
      try {
        encodeTrainedNetwork(decodeTrainedNetwork(bytes));
      } catch (error) {
        if (!ModelError.isInstance(error)) throw error;
      }
    }
  });
});

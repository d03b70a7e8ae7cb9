// A network of one layer over 16×16 pixels with four classes: enough for every command.
import { encodeBnm, type Provenance } from '@bitnetmcu/models';

const INPUTS = 256;
const OUTPUTS = 4;

/** Bytes of its .bnm file. */
export function tinyModel(provenance: Provenance = {}): Uint8Array {
  const codes = Uint8Array.from({ length: INPUTS * OUTPUTS }, (_, i) => Number((i * 7 + (i >> 8)) % 3 === 0));
  return encodeBnm({
    name: 'tiny',
    input: {
      shape: [1, 16, 16],
      preprocessing: { divisor: 255, mean: 0.1307, deviation: 0.3081 },
      quantization: { kind: 'dynamic' },
    },
    nodes: [
      { op: 'flatten', name: 'pixels', inputs: ['input'] },
      {
        op: 'linear',
        name: 'fc',
        inputs: ['pixels'],
        inFeatures: INPUTS,
        outFeatures: OUTPUTS,
        weights: { format: 'Binary', codes },
      },
    ],
    labels: [],
    provenance,
  });
}

// A network of one layer over 16×16 pixels: enough for every command.
import { encodeBnm, type Provenance, type QuantizedModel } from '@bitnetmcu/models';

const INPUTS = 256;

/** 256 inputs of which output o sees a row of weights −1 and 1 that depends on o. */
export function binaryModel(outputs: number, provenance: Provenance = {}): QuantizedModel {
  const codes = Uint8Array.from({ length: INPUTS * outputs }, (_, i) => Number((i * 7 + (i >> 8)) % 3 === 0));
  return {
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
        outFeatures: outputs,
        weights: { format: 'Binary', codes },
      },
    ],
    labels: [],
    provenance,
  };
}

/** Bytes of the .bnm file of one with four classes. */
export const tinyModel = (provenance: Provenance = {}): Uint8Array => encodeBnm(binaryModel(4, provenance));

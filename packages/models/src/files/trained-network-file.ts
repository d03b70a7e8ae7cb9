// The .bnt file: a TrainedNetwork in the container, every parameter a section of 32-bit floats.
import { z } from 'zod';
import { ModelError } from '../errors.js';
import { validateTrainedNetwork } from '../network-parameters.js';
import { networkSpecSchema } from '../network-spec.js';
import type { Provenance } from '../quantized-model.js';
import { labelsSchema, provenanceSchema } from '../quantized-model-schema.js';
import { parseWithSchema } from '../schema-issues.js';
import type { TrainedNetwork } from '../trained-network.js';
import { type ContainerFormat, decodeContainer, encodeContainer } from './container.js';

export const TRAINED_NETWORK_FORMAT: ContainerFormat = {
  magic: 'BNT1',
  // Version 2 writes windows, strides and padding as pairs; the numbers of version 1 are shorthands that the spec still takes.
  version: 2,
  what: 'trained network file (.bnt)',
};

const headerSchema = z.strictObject({ spec: networkSpecSchema, labels: labelsSchema, provenance: provenanceSchema });

/**
 * The bytes of a `.bnt` file.
 * @throws ModelError what `validateTrainedNetwork` throws.
 *
 * @example
 * ```ts
 * import { encodeTrainedNetwork } from '@bitnetmcu/models';
 *
 * const bytes = encodeTrainedNetwork(network);
 * ```
 */
export function encodeTrainedNetwork(network: TrainedNetwork): Uint8Array {
  validateTrainedNetwork(network);
  const { spec, labels, provenance, parameters } = network;
  return encodeContainer(TRAINED_NETWORK_FORMAT, {
    header: { spec, labels, provenance },
    sections: new Map(Object.entries(parameters)),
  });
}

/**
 * Reads a `.bnt` file and validates it completely.
 * @throws ModelError what `decodeContainer` and `validateTrainedNetwork` throw.
 *
 * @example
 * ```ts
 * import { decodeTrainedNetwork } from '@bitnetmcu/models';
 *
 * const { spec, parameters } = decodeTrainedNetwork(bytes);
 * console.log(spec.name, Object.keys(parameters)); // fc1.weight, fc1.clip, …
 * ```
 */
export function decodeTrainedNetwork(bytes: Uint8Array): TrainedNetwork {
  const { header, sections } = decodeContainer(TRAINED_NETWORK_FORMAT, bytes);
  const { spec, labels, provenance } = parseWithSchema(
    headerSchema,
    header,
    'header of this trained network file',
    'invalid-file',
  );
  const parameters = Object.fromEntries(
    [...sections].map(([key, values]) => {
      if (values instanceof Float32Array) return [key, values] as const;
      throw new ModelError('invalid-file', `The section '${key}' of this trained network file holds no 32-bit floats.`);
    }),
  );
  const network: TrainedNetwork = { spec, labels, provenance: provenance as Provenance, parameters };
  validateTrainedNetwork(network);
  return network;
}

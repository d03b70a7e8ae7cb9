// Reading and writing model files by path. Node only.
import { ModelError } from '../errors.js';
import { parseJsonDocument } from '../json-document.js';
import { MAX_FILE_BYTES, SPEC_LIMITS } from '../limits.js';
import type { NetworkSpec } from '../network-spec.js';
import { parseNetworkSpec } from '../parse-network-spec.js';
import type { QuantizedModel } from '../quantized-model.js';
import type { TrainedNetwork } from '../trained-network.js';
import { writeFileAtomic } from './atomic-write.js';
import { decodeBnm, encodeBnm } from './bnm.js';
import { readRegularFile } from './regular-file.js';
import { decodeTrainedNetwork, encodeTrainedNetwork } from './trained-network-file.js';

/**
 * Reads a `.bnm` file.
 * @throws ModelError `file-error`, or what `decodeBnm` throws, with the path.
 *
 * @example
 * ```ts
 * import { readModelFile } from '@bitnetmcu/models/node';
 *
 * const model = readModelFile('model.bnm');
 * ```
 */
export function readModelFile(path: string): QuantizedModel {
  return readWith(path, decodeBnm);
}

/**
 * Writes a `.bnm` file atomically.
 * @throws ModelError `file-error`, or what `encodeBnm` throws.
 *
 * @example
 * ```ts
 * import { writeModelFile } from '@bitnetmcu/models/node';
 *
 * writeModelFile('model.bnm', model);
 * ```
 */
export function writeModelFile(path: string, model: QuantizedModel): void {
  writeFileAtomic(path, encodeBnm(model));
}

/**
 * Reads a `.bnt` file.
 * @throws ModelError `file-error`, or what `decodeTrainedNetwork` throws, with the path.
 *
 * @example
 * ```ts
 * import { readTrainedNetworkFile } from '@bitnetmcu/models/node';
 *
 * const { spec, parameters } = readTrainedNetworkFile('runs/first/network.bnt');
 * ```
 */
export function readTrainedNetworkFile(path: string): TrainedNetwork {
  return readWith(path, decodeTrainedNetwork);
}

/**
 * Writes a `.bnt` file atomically.
 * @throws ModelError `file-error`, or what `encodeTrainedNetwork` throws.
 *
 * @example
 * ```ts
 * import { writeTrainedNetworkFile } from '@bitnetmcu/models/node';
 *
 * writeTrainedNetworkFile('network.bnt', network);
 * ```
 */
export function writeTrainedNetworkFile(path: string, network: TrainedNetwork): void {
  writeFileAtomic(path, encodeTrainedNetwork(network));
}

/**
 * Reads a NetworkSpec from a JSON file.
 * @throws ModelError `file-error`, or what `parseNetworkSpec` throws, with the path.
 *
 * @example
 * ```ts
 * import { readNetworkSpecFile } from '@bitnetmcu/models/node';
 *
 * const spec = readNetworkSpecFile('network.json');
 * ```
 */
export function readNetworkSpecFile(path: string): NetworkSpec {
  return readWith(path, (bytes) => {
    let json: unknown;
    try {
      json = parseJsonDocument(bytes, SPEC_LIMITS);
    } catch (cause) {
      throw new ModelError(
        'invalid-spec',
        `This is no network as JSON: ${(cause as Error).message}. Give the JSON file of a network, as docs/file-formats.md describes it.`,
        { cause },
      );
    }
    return parseNetworkSpec(json);
  });
}

/** Bytes of a regular file of bounded size. @throws ModelError `file-error` */
export function readFileBounded(path: string, maxBytes: number = MAX_FILE_BYTES): Uint8Array {
  return readRegularFile(path, maxBytes);
}

function readWith<T>(path: string, decode: (bytes: Uint8Array) => T): T {
  const bytes = readFileBounded(path);
  try {
    return decode(bytes);
  } catch (error) {
    if (ModelError.isInstance(error))
      throw new ModelError(error.code, `${path}: ${error.message}`, { issues: error.issues, cause: error });
    throw error;
  }
}

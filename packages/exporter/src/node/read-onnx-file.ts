// ONNX files on disk: read with size limits, external data from the file's own folder only.
import { closeSync } from 'node:fs';
import { dirname } from 'node:path';
import { openRegularFile, readRegularFile } from '@bitnetmcu/models/internal/node';
import { ExporterError } from '../errors.js';
import { MAX_ONNX_BYTES } from '../limits.js';
import { folderReader } from '../onnx/import/external-data.js';
import { readOnnx } from '../onnx/import/read-model.js';
import type { OnnxGraph } from '../onnx/ir/graph.js';

/**
 * Reads an ONNX file; `quantize` and `toTrainedNetwork` take what it gives.
 * @throws ExporterError `onnx` (missing or damaged), `onnx-limit`, `onnx-unsupported`, `onnx-external-data`.
 *
 * @example
 * ```ts
 * import { readOnnxFile } from '@bitnetmcu/exporter/node';
 *
 * const graph = await readOnnxFile('model.onnx'); // with the files of external data beside it
 * ```
 */
export async function readOnnxFile(path: string): Promise<OnnxGraph> {
  let bytes: Uint8Array;
  try {
    const { descriptor, size } = openRegularFile(path);
    closeSync(descriptor);
    if (size > MAX_ONNX_BYTES) {
      throw new ExporterError('onnx-limit', `${path} has ${size} bytes, at most ${MAX_ONNX_BYTES} wanted`);
    }
    bytes = readRegularFile(path, MAX_ONNX_BYTES);
  } catch (error) {
    if (error instanceof ExporterError) throw error;
    throw new ExporterError('onnx', (error as Error).message, { cause: error });
  }
  return readOnnx(bytes, folderReader(dirname(path)));
}

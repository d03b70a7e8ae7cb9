// ONNX files on disk: read with size limits, external data from the file's own folder only.
import { closeSync } from 'node:fs';
import { dirname } from 'node:path';
import { namesFromFile } from '@bitnetmcu/models';
import { openRegularFile, readRegularFile } from '@bitnetmcu/models/node';
import { ExporterError } from '../errors.js';
import { MAX_ONNX_BYTES } from '../limits.js';
import { folderReader } from '../onnx/import/external-data.js';
import { readOnnx } from '../onnx/import/read-model.js';
import type { OnnxGraph } from '../onnx/ir/graph.js';
import { type ImportOptions, type ImportResult, quantizeOnnx } from '../quantize/import-onnx.js';

/**
 * Reads an ONNX file.
 * @throws ExporterError `onnx` (missing or damaged), `onnx-limit`, `onnx-unsupported`, `onnx-external-data`.
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

/**
 * Reads an ONNX file and quantizes it; the model is named after the file unless `name` is given; where that is no name, it is the title.
 * @throws as `readOnnxFile` and `quantizeOnnx`.
 */
export async function importOnnxFile(path: string, options: ImportOptions = {}): Promise<ImportResult> {
  const graph = await readOnnxFile(path);
  if (options.name !== undefined) return quantizeOnnx(graph, options);
  const { name, title } = namesFromFile(path);
  const { model, report } = quantizeOnnx(graph, { ...options, name });
  return { model: title === undefined ? model : { ...model, provenance: { title, ...model.provenance } }, report };
}

// ONNX files on disk: read with size limits, external data from the file's own folder only.
import { readFile, stat } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import { ExporterError } from '../errors.js';
import { MAX_ONNX_BYTES } from '../limits.js';
import { folderReader } from '../onnx/import/external-data.js';
import { type ImportOptions, type ImportResult, quantizeOnnx } from '../onnx/import/import-onnx.js';
import { readOnnx } from '../onnx/import/read-model.js';
import type { OnnxGraph } from '../onnx/ir/graph.js';

/**
 * Reads an ONNX file.
 * @throws ExporterError `onnx` (missing or damaged), `onnx-limit`, `onnx-unsupported`, `onnx-external-data`.
 */
export async function readOnnxFile(path: string): Promise<OnnxGraph> {
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > MAX_ONNX_BYTES) {
      throw new ExporterError('onnx-limit', `${path} has ${size} bytes, at most ${MAX_ONNX_BYTES} wanted`);
    }
    bytes = await readFile(path);
  } catch (error) {
    if (error instanceof ExporterError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    throw new ExporterError('onnx', `${path} cannot be read (${code ?? 'unknown error'}); check the path`, {
      cause: error,
    });
  }
  return readOnnx(bytes, folderReader(dirname(path)));
}

/**
 * Reads an ONNX file and quantizes it; the model is named after the file unless `name` is given.
 * @throws as `readOnnxFile` and `quantizeOnnx`.
 */
export async function importOnnxFile(path: string, options: ImportOptions = {}): Promise<ImportResult> {
  const graph = await readOnnxFile(path);
  return quantizeOnnx(graph, { ...options, name: options.name ?? modelName(path) });
}

/** The file's name as a model's: letters, digits, `_`, `.` and `-`, a letter first. */
function modelName(path: string): string {
  const name = basename(path)
    .replace(/\.onnx$/i, '')
    .replaceAll(/[^A-Za-z0-9_.-]/g, '-')
    .slice(0, 48);
  return /^[A-Za-z]/.test(name) ? name : `model-${name}`;
}

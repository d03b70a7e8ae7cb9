// Tensors kept in files beside the model. Their paths come from a file that may be hostile.
import { closeSync, readSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { ModelError } from '@bitnetmcu/models';
import { openRegularFile } from '@bitnetmcu/models/internal/node';
import { ExporterError } from '../../errors.js';

/** Where a tensor's bytes are, as TensorProto.external_data says. */
export interface ExternalLocation {
  readonly location: string;
  readonly offset: number;
  /** Bytes; undefined: as many as the tensor needs. */
  readonly length: number | undefined;
}

/** Reads `bytes` bytes of an external file; the size is known before anything is allocated. */
export type ExternalReader = (where: ExternalLocation, bytes: number) => Promise<Uint8Array>;

/**
 * A reader of the files in one folder.
 *
 * A path that leaves the folder, also through a symbolic link, is refused; so is a file that is shorter than the tensor.
 * @throws ExporterError `onnx-external-data` (the reader does).
 */
export function folderReader(folder: string): ExternalReader {
  return async ({ location, offset, length }, bytes) => {
    const refuse = (reason: string, cause?: unknown) =>
      new ExporterError('onnx-external-data', `External data ${JSON.stringify(location)}: ${reason}`, { cause });
    if (location === '' || location.includes('\0') || isAbsolute(location) || /^[a-zA-Z]:|\\/.test(location)) {
      throw refuse("a relative path inside the model's folder is wanted");
    }
    if (length !== undefined && length !== bytes) {
      throw refuse(`its length is given as ${length} bytes, but the tensor's shape needs ${bytes}`);
    }
    let descriptor: number | undefined;
    try {
      const root = await realpath(folder);
      const path = await realpath(join(root, location));
      const inside = relative(root, path);
      if (inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)) {
        throw refuse("it lies outside the model's folder; move it beside the model and export again");
      }
      const file = openRegularFile(path);
      const { size } = file;
      descriptor = file.descriptor;
      if (offset + bytes > size) {
        throw refuse(`the file has ${size} bytes, but the tensor ends at byte ${offset + bytes}; copy the whole file`);
      }
      const buffer = new Uint8Array(bytes);
      const bytesRead = readSync(descriptor, buffer, 0, bytes, offset);
      if (bytesRead !== bytes) throw refuse(`only ${bytesRead} of ${bytes} bytes could be read`);
      return buffer;
    } catch (error) {
      if (ExporterError.isInstance(error)) throw error;
      if (ModelError.isInstance(error)) throw refuse(error.message, error);
      throw refuse(
        `it cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}); put it beside the model`,
        error,
      );
    } finally {
      if (descriptor !== undefined) closeSync(descriptor);
    }
  };
}

// An exported model as a folder that builds anywhere: its C pair and the runtime files that it needs in `model/`, and what is its user's
// from then on around them: a host program and build files.
import type { QuantizedModel } from '@bitnetmcu/models';
import { writeFiles } from '@bitnetmcu/models/internal/node';
import type { ExistingFiles } from '@bitnetmcu/models/node';
import { type CExport, type ExportCOptions, type ExportedFile, exportC } from '../c/export-c.js';
import { withDistinctPaths } from '../distinct-paths.js';
import { hostBuildFiles, MODEL_FOLDER, modelCMakeLists, within, yours } from './build-files.js';
import { hostProgram, layoutOfRows } from './host-program.js';
import { LICENCE_FILE, withLicence } from './licence.js';
import { neededRuntimeFiles } from './runtime-files.js';

export interface WriteExportOptions extends ExportCOptions {
  /**
   * Whether to add `main.c`, `Makefile` and `CMakeLists.txt` for trying the model on the host; everything else is in `model/` then.
   * Default true. Without, nothing but the model and the runtime is written, at the top of the folder.
   */
  readonly hostProgram?: boolean;
  /** What happens where files are in the way that this project did not write or that were changed since. Default `refuse`. */
  readonly existing?: ExistingFiles | undefined;
}

export interface WrittenExport extends CExport {
  readonly folder: string;
  /** Names of all files written, in the folder. */
  readonly written: readonly string[];
  /** Names of the files that were left as they were: changed ones that are the user's, and others where `existing` is `keep`. */
  readonly kept: readonly string[];
  /** Names of the user's files that were not written again, because they were removed. */
  readonly omitted: readonly string[];
  /** Names of generated files of before that are gone now. */
  readonly removed: readonly string[];
}

/**
 * Writes a self-contained folder: `model/` with `<name>.c`, `<name>.h` and the runtime's sources, which is written anew each time, and,
 * unless declined, a host program with build files, which are written once and left alone as soon as they were changed or removed.
 * Each file appears whole or not at all; other files in the folder stay.
 * @throws what `exportC` throws; ModelError `file-exists` where something is in the way, `folder-in-use`, `file-error` where the folder cannot be written.
 *
 * @example
 * ```ts
 * import { writeExport } from '@bitnetmcu/exporter/node';
 *
 * const { files } = writeExport(model, 'out', { target: 'ch32v003' });
 * ```
 */
export function writeExport(model: QuantizedModel, folder: string, options: WriteExportOptions = {}): WrittenExport {
  const exported = exportC(model, options);
  const withHostProgram = options.hostProgram ?? true;
  const files = exportFolder([exported], withHostProgram);
  const generatedFolder = withHostProgram ? MODEL_FOLDER : undefined;
  return { ...exported, folder, ...writeFiles(folder, files, { existing: options.existing, generatedFolder }) };
}

/**
 * The files that `writeExport` writes, by their paths in the folder.
 * @throws what `exportC` throws
 */
export function exportFiles(model: QuantizedModel, options: WriteExportOptions = {}): readonly ExportedFile[] {
  return exportFolder([exportC(model, options)], options.hostProgram ?? true);
}

/** The files of a folder that builds these models. @throws ExporterError `name` where two have the same path */
export function exportFolder(models: readonly CExport[], withHostProgram: boolean): readonly ExportedFile[] {
  const library = withLicence([...models.flatMap(({ files }) => files), ...neededRuntimeFiles(models), LICENCE_FILE]);
  if (!withHostProgram) return withDistinctPaths(library);
  const target = models[0]!.name;
  const generated = [...library, modelCMakeLists(target, library), hostBuildFiles.makefilePart(target)];
  return withDistinctPaths(
    withLicence([
      ...within(MODEL_FOLDER, generated),
      ...yours([
        { path: 'main.c', content: hostProgram(models) },
        { path: 'Makefile', content: hostBuildFiles.makefile(target, layoutOfRows(models) ? 'rows.csv' : 'samples') },
        { path: 'CMakeLists.txt', content: hostBuildFiles.cmakeLists },
      ]),
    ]),
  );
}

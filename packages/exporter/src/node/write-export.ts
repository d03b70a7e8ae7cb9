// An exported model as a folder that builds anywhere: its C pair, the runtime files that it needs, a host program and build files.
import type { QuantizedModel } from '@bitnetmcu/models';
import { writeFiles } from '@bitnetmcu/models/internal/node';
import type { ExistingFiles } from '@bitnetmcu/models/node';
import { type CExport, type ExportCOptions, type ExportedFile, exportC } from '../c/export-c.js';
import { withDistinctPaths } from '../distinct-paths.js';
import { hostProgram } from './host-program.js';
import { neededRuntimeFiles } from './runtime-files.js';

export interface WriteExportOptions extends ExportCOptions {
  /** Whether to add `main.c`, `Makefile` and `CMakeLists.txt` for trying the model on the host. Default true. */
  readonly hostProgram?: boolean;
  /** What happens where files are in the way that this project did not write or that were changed since. Default `refuse`. */
  readonly existing?: ExistingFiles | undefined;
}

export interface WrittenExport extends CExport {
  readonly folder: string;
  /** Names of all files written, in the folder. */
  readonly written: readonly string[];
  /** Names of the files that were left as they were (`existing: 'keep'`). */
  readonly kept: readonly string[];
}

/**
 * Writes a self-contained folder: `<name>.c`, `<name>.h`, the runtime's sources beside them and, unless declined, a host program.
 * Each file appears whole or not at all; other files in the folder stay, and so does what a user changed.
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
  const files = exportFolder([exported], options.hostProgram ?? true);
  return { ...exported, folder, ...writeFiles(folder, files, { existing: options.existing }) };
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
  const own = models.flatMap(({ files }) => files);
  const runtime = neededRuntimeFiles(models);
  if (!withHostProgram) return withDistinctPaths([...own, ...runtime]);
  const program = { path: 'main.c', content: hostProgram(models) };
  const paths = [...own, ...runtime, program].map(({ path }) => path);
  const sources = paths.filter((path) => path.endsWith('.c'));
  const target = models[0]!.name;
  return withDistinctPaths([
    ...own,
    ...runtime,
    program,
    { path: 'Makefile', content: makefile(target, sources) },
    {
      path: 'CMakeLists.txt',
      content: cmakeLists(
        target,
        sources,
        paths.filter((path) => path.endsWith('.S')),
      ),
    },
  ]);
}

const WARNINGS = '-Wall -Wextra -Wpedantic -Wconversion';

function makefile(target: string, sources: readonly string[]): string {
  return `# The model as a program for this machine: make && ./${target}_host < samples
CFLAGS ?= -O2 ${WARNINGS}
OBJECTS = ${sources.map((source) => source.replace(/\.c$/, '.o')).join(' \\\n  ')}

${target}_host: $(OBJECTS)
\t$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(OBJECTS)

%.o: %.c
\t$(CC) -std=c99 $(CFLAGS) -c -o $@ $<

clean:
\trm -f ${target}_host $(OBJECTS)

.PHONY: clean
`;
}

function cmakeLists(target: string, sources: readonly string[], assembly: readonly string[]): string {
  const library = sources.filter((source) => source !== 'main.c');
  return `# The model as a library for firmware (${target}) and as a program for this machine (${target}_host).
cmake_minimum_required(VERSION 3.13)
project(${target} C)
set(CMAKE_C_STANDARD 99)

add_library(${target} STATIC
  ${library.join('\n  ')})
target_include_directories(${target} PUBLIC \${CMAKE_CURRENT_SOURCE_DIR})

${
  assembly.length > 0
    ? `# Assembly for the target; other compilers take the C beside it.
if(CMAKE_CROSSCOMPILING)
  enable_language(ASM)
  target_sources(${target} PRIVATE
    ${assembly.join('\n    ')})
endif()

`
    : ''
}if(NOT CMAKE_CROSSCOMPILING)
  add_executable(${target}_host main.c)
  target_link_libraries(${target}_host ${target})
endif()
`;
}

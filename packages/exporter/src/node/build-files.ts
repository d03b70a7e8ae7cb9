// Build files of exported folders. What depends on the model is generated, in the folder of generated files; what stands around it is the user's and names
// no file: it compiles all sources of both folders.
import type { ExportedFile } from '../c/export-c.js';

/** The folder of generated files. */
export const MODEL_FOLDER = 'model';
/** What a Makefile has to know of the model, in that folder. */
export const MAKEFILE_PART = 'build.mk';

export const within = (folder: string, files: readonly ExportedFile[]): ExportedFile[] =>
  files.map((file) => ({ ...file, path: `${folder}/${file.path}` }));

/** Files that are the user's once they are written. */
export const yours = (files: readonly ExportedFile[]): ExportedFile[] =>
  files.map((file) => ({ ...file, yours: true }));

export const isSource = (path: string): boolean => /\.[cS]$/.test(path);

/**
 * `CMakeLists.txt` of the folder of generated files: the model as a library, whose name its parent finds in BITNETMCU_MODEL.
 * @param files those of the library, by their paths in that folder
 * @param options further lines
 */
export function modelCMakeLists(name: string, files: readonly ExportedFile[], options = ''): ExportedFile {
  const paths = files.map(({ path }) => path);
  const list = (ending: string) => paths.filter((path) => path.endsWith(ending)).join('\n  ');
  const assembly =
    list('.S') === ''
      ? ''
      : `
# Assembly for the target; other compilers take the C beside it.
if(CMAKE_CROSSCOMPILING)
  enable_language(ASM)
  target_sources(${name} PRIVATE
  ${list('.S')})
endif()
`;
  const content = `# The model ${name} as a library. Generated: written anew with every export.
add_library(${name} STATIC
  ${list('.c')})
target_include_directories(${name} PUBLIC \${CMAKE_CURRENT_SOURCE_DIR})
${options}${assembly}get_directory_property(bitnetmcu_parent PARENT_DIRECTORY)
if(bitnetmcu_parent)
  set(BITNETMCU_MODEL ${name} PARENT_SCOPE)
endif()
`;
  return { path: 'CMakeLists.txt', content };
}

const WARNINGS = '-Wall -Wextra -Wpedantic -Wconversion';

/** Of the program for this machine. */
export const hostBuildFiles = {
  makefilePart: (name: string): ExportedFile => ({
    path: MAKEFILE_PART,
    content: `# What the Makefile has to know of the model. Generated: written anew with every export.\nMODEL = ${name}\n`,
  }),

  makefile: (
    name: string,
    reads: 'rows.csv' | 'samples',
  ): string => `# The model as a program for this machine: make && ./${name}_host < ${reads}
# Yours to change. All .c files of this folder and of ${MODEL_FOLDER}/ are compiled.
include ${MODEL_FOLDER}/${MAKEFILE_PART}

CFLAGS ?= -O2 ${WARNINGS}
SOURCES = $(sort $(wildcard *.c ${MODEL_FOLDER}/*.c))
OBJECTS = $(SOURCES:.c=.o)

$(MODEL)_host: $(OBJECTS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $(OBJECTS) $(LDLIBS)

%.o: %.c $(wildcard *.h ${MODEL_FOLDER}/*.h)
	$(CC) -std=c99 $(CFLAGS) -I${MODEL_FOLDER} -c -o $@ $<

clean:
	rm -f *.o ${MODEL_FOLDER}/*.o *_host

.PHONY: clean
`,

  cmakeLists: `# The model as a library for firmware, and as a program for this machine.
# Yours to change. All .c files of this folder and of ${MODEL_FOLDER}/ are compiled.
cmake_minimum_required(VERSION 3.13)
project(exported_model C)
set(CMAKE_C_STANDARD 99)
add_subdirectory(${MODEL_FOLDER})

if(NOT CMAKE_CROSSCOMPILING)
  file(GLOB sources CONFIGURE_DEPENDS \${CMAKE_CURRENT_SOURCE_DIR}/*.c)
  add_executable(\${BITNETMCU_MODEL}_host \${sources})
  target_link_libraries(\${BITNETMCU_MODEL}_host \${BITNETMCU_MODEL})
endif()
`,
};

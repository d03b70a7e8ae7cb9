// The Makefile of a bare-metal project, which is the user's and names no source, and what it includes: flags, and which sources are compiled how.
import { MAKEFILE_PART, MODEL_FOLDER } from '../node/build-files.js';
import type { BareMetalKind } from './firmware-kinds.js';
import type { ProjectParts } from './firmware-project.js';

/** How a program is compiled and linked. */
export interface Build {
  /** Compiler and flags of every source. */
  readonly compile: readonly [string, ...string[]];
  readonly size: readonly string[];
  readonly speed: readonly string[];
  /** The project's own sources, in the order in which they are linked; others follow. */
  readonly units: readonly string[];
  /** Those compiled for speed. */
  readonly hot: readonly string[];
  /** Those compiled without link-time optimization. */
  readonly apart: readonly string[];
  readonly link: readonly string[];
  /** Commands after linking. */
  readonly after: readonly (readonly [string, ...string[]])[];
  readonly linked: string;
}

/** `model/build.mk`: generated with the model and its kernels. */
export function makefilePart(
  kind: BareMetalKind,
  { compile, size, speed, units, hot, apart, link }: Build,
  { exported, kernels }: ProjectParts,
): string {
  const list = (paths: readonly string[]) => paths.map((path) => ` \\\n  ${path}`).join('');
  return `# What the Makefile has to know of the model and its kernels (${kernels.name}). Generated: written anew with every export.
MODEL = ${exported.name}
CC = ${compile[0]}
# Of every source.
FLAGS = ${compile.slice(1).join(' ')}
SIZE = ${size.join(' ')}
SPEED = ${speed.join(' ')}
LINK = ${link.join(' ')}
# Compiled for speed.
HOT =${list(hot)}
# Compiled without link-time optimization.
APART =${list(apart)}
# The order in which sources are linked, as far as they are there; others follow. For ${kind.part}.
ORDER =${list(units)}
`;
}

/** `Makefile`: the same for every model. */
export function makefile(kind: BareMetalKind, { after, linked }: Build, product: string): string {
  // A board that is a drive is flashed by hand.
  const [, command] = /`([^` ]+ [^`]+)`/.exec(kind.flashing) ?? [];
  return `# ${kind.description}. Needs ${kind.programs[0]}: ${kind.install.join(' && ')}
# Yours to change. All .c and .S files of this folder and of ${MODEL_FOLDER}/ are compiled.
include ${MODEL_FOLDER}/${MAKEFILE_PART}

FOUND := $(sort $(wildcard *.c *.S ${MODEL_FOLDER}/*.c ${MODEL_FOLDER}/*.S))
SOURCES := $(filter $(FOUND),$(ORDER)) $(filter-out $(ORDER),$(FOUND))
HOT_SOURCES := $(filter $(HOT),$(SOURCES))
APART_SOURCES := $(filter $(APART),$(SOURCES))
OTHER_SOURCES := $(filter-out $(HOT) $(APART),$(SOURCES))
OBJECTS := $(addsuffix .o,$(basename $(notdir $(HOT_SOURCES) $(APART_SOURCES))))

${product}: $(SOURCES) $(wildcard *.h *.ld ${MODEL_FOLDER}/*.h) Makefile ${MODEL_FOLDER}/${MAKEFILE_PART}
	$(if $(HOT_SOURCES),$(CC) $(FLAGS) $(SPEED) $(CFLAGS) -c $(HOT_SOURCES))
	$(if $(APART_SOURCES),$(CC) $(FLAGS) $(SIZE) $(CFLAGS) -c $(APART_SOURCES))
	$(CC) $(FLAGS) $(SIZE) $(CFLAGS) $(LINK) $(OTHER_SOURCES) $(OBJECTS) $(LDLIBS) -lgcc -o ${linked}
${after.map((command) => `\t${command.join(' ')}`).join('\n')}

# ${kind.flashing}.
FLASH ?= ${command ?? `@echo '${kind.flashing}.'`}
flash: ${product}
	$(FLASH)

clean:
	rm -f *.o firmware.elf firmware.map firmware.bin ${product}

.PHONY: clean flash
`;
}

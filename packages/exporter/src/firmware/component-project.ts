// Components for ESP-IDF, Zephyr and tools that read CMSIS packs: the model's sources with metadata, and the self-test as an example.
import { selfTestTemplates } from '@bitnetmcu/mcu-runtime/internal/node';
import { xmlText } from '@bitnetmcu/models/internal';
import type { ExportedFile } from '../c/export-c.js';
import { isSource, within, yours } from '../node/build-files.js';
import type { ComponentKind } from './firmware-kinds.js';
import type { ProjectFiles, ProjectParts } from './firmware-project.js';
import { LIBRARY_URL, LIBRARY_VERSION, sentence } from './library-project.js';
import { projectReadme } from './project-readme.js';

const GENERATED_FOLDER = 'src';
const EXAMPLE = 'examples/self_test';

/** Source: ESP-IDF Programming Guide, Build System; IDF Component Manager, Manifest File Format. */
export function espIdfProject(kind: ComponentKind, parts: ProjectParts): ProjectFiles {
  const build = ['idf.py', '-C', EXAMPLE, 'build'] as const;
  const manifest = `version: "${LIBRARY_VERSION}"
description: ${JSON.stringify(sentence(parts))}
url: ${LIBRARY_URL}
license: MIT
dependencies:
  idf: ">=4.4"
`;
  return component(kind, parts, {
    build,
    generated: [
      {
        path: 'CMakeLists.txt',
        content: `idf_component_register(SRCS
${sources(parts)}
  INCLUDE_DIRS ${GENERATED_FOLDER})
`,
      },
    ],
    once: [
      { path: 'idf_component.yml', content: manifest },
      {
        path: `${EXAMPLE}/CMakeLists.txt`,
        content: `cmake_minimum_required(VERSION 3.16)
set(EXTRA_COMPONENT_DIRS \${CMAKE_CURRENT_LIST_DIR}/../..)
include($ENV{IDF_PATH}/tools/cmake/project.cmake)
project(self_test)
`,
      },
      {
        path: `${EXAMPLE}/main/CMakeLists.txt`,
        content: 'idf_component_register(SRCS main.c self_test.c INCLUDE_DIRS .)\n',
      },
    ],
    example: `${EXAMPLE}/main`,
    main: {
      head: '#include <stdio.h>\n',
      write: 'putchar(character);',
      start: 'void app_main(void)',
      end: '  fflush(stdout);\n',
    },
    notes: ['In a project of yours: this folder among its `components`, and `REQUIRES` with the name of the folder.'],
  });
}

/** Source: Zephyr documentation, Modules (External projects), and CMake package. */
export function zephyrProject(kind: ComponentKind, parts: ProjectParts): ProjectFiles {
  const { name } = parts.exported;
  const option = `BITNETMCU_${name.toUpperCase()}`;
  const build = ['west', 'build', '-b', 'qemu_cortex_m3', EXAMPLE] as const;
  return component(kind, parts, {
    build,
    generated: [
      {
        path: 'CMakeLists.txt',
        content: `if(CONFIG_${option})
  zephyr_library_named(${name})
  zephyr_library_sources(
${sources(parts)})
  zephyr_include_directories(${GENERATED_FOLDER})
endif()
`,
      },
      {
        path: 'Kconfig',
        content: `config ${option}
	bool "Integer inference of the network ${name}"
`,
      },
      { path: 'zephyr/module.yml', content: `name: ${name}\nbuild:\n  cmake: .\n  kconfig: Kconfig\n` },
    ],
    once: [
      {
        path: `${EXAMPLE}/CMakeLists.txt`,
        content: `cmake_minimum_required(VERSION 3.20.0)
list(APPEND ZEPHYR_EXTRA_MODULES \${CMAKE_CURRENT_SOURCE_DIR}/../..)
find_package(Zephyr REQUIRED HINTS $ENV{ZEPHYR_BASE})
project(self_test C)
target_sources(app PRIVATE src/main.c src/self_test.c)
`,
      },
      { path: `${EXAMPLE}/prj.conf`, content: `CONFIG_${option}=y\n` },
    ],
    example: `${EXAMPLE}/src`,
    main: {
      head: '#include <zephyr/sys/printk.h>\n',
      write: 'printk("%c", character);',
      start: 'int main(void)',
      end: '  return 0;\n',
    },
    notes: [`In a project of yours: this folder in \`ZEPHYR_EXTRA_MODULES\`, and \`CONFIG_${option}=y\`.`],
  });
}

/** Source: Open-CMSIS-Pack specification 1.7. */
export function cmsisPackProject(kind: ComponentKind, parts: ProjectParts): ProjectFiles {
  const { name } = parts.exported;
  const description = `bitnetmcu.${name}.pdsc`;
  const build = ['packchk', description] as const;
  return component(kind, parts, {
    build,
    generated: [{ path: description, content: packDescription(parts) }],
    once: [],
    example: EXAMPLE,
    main: { head: '#include <stdio.h>\n', write: 'putchar(character);', start: 'int main(void)', end: '  return 0;\n' },
    notes: [
      `\`cpackget add ${description}\` makes the component known to csolution, Keil and other tools; \`${EXAMPLE}\` wants \`putchar\` of your board.`,
    ],
  });
}

function packDescription(parts: ProjectParts): string {
  const { name } = parts.exported;
  const text = xmlText(sentence(parts));
  const files = parts.library
    .filter(({ path }) => isSource(path) || path.endsWith('.h'))
    .map(({ path }) => {
      const category = { c: 'sourceC', S: 'sourceAsm', h: 'header' }[path.split('.').at(-1) as 'c' | 'S' | 'h'];
      return `        <file category="${category}" name="${GENERATED_FOLDER}/${path}"/>`;
    });
  return `<?xml version="1.0" encoding="UTF-8"?>
<package schemaVersion="1.7.7" xmlns:xs="http://www.w3.org/2001/XMLSchema-instance" xs:noNamespaceSchemaLocation="https://raw.githubusercontent.com/Open-CMSIS-Pack/Open-CMSIS-Pack-Spec/v1.7.7/schema/PACK.xsd">
  <vendor>bitnetmcu</vendor>
  <name>${name}</name>
  <description>${text}</description>
  <url>${LIBRARY_URL}</url>
  <license>${GENERATED_FOLDER}/LICENSE</license>
  <releases>
    <release version="${LIBRARY_VERSION}">Exported model</release>
  </releases>
  <components>
    <component Cclass="Machine Learning" Cgroup="bitnetmcu" Csub="${name}" Cversion="${LIBRARY_VERSION}">
      <description>${text}</description>
      <files>
${files.join('\n')}
      </files>
    </component>
  </components>
</package>
`;
}

interface ComponentParts {
  readonly build: readonly [string, ...string[]];
  /** Written anew with each export, and once. */
  readonly generated: readonly ExportedFile[];
  readonly once: readonly ExportedFile[];
  /** Folder of the example's sources. */
  readonly example: string;
  readonly main: { readonly head: string; readonly write: string; readonly start: string; readonly end: string };
  readonly notes: readonly string[];
}

function component(
  kind: ComponentKind,
  parts: ProjectParts,
  { build, generated, once, example, main, notes }: ComponentParts,
): ProjectFiles {
  const program = `/* Runs the network on the samples in samples.h and compares a checksum of all logits with that of the reference inference. */
${main.head}#include "board.h"
#include "self_test.h"

void board_start(void)
{
}

void board_write(char character)
{
  ${main.write}
}

${main.start}
{
  board_start();
  self_test();
${main.end}}
`;
  return {
    files: [
      ...within(GENERATED_FOLDER, parts.library),
      ...generated,
      ...within(example, [
        ...yours([{ path: 'main.c', content: program }, ...selfTestTemplates()]),
        parts.samplesHeader,
      ]),
      ...yours([...once, { path: 'README.md', content: projectReadme(kind, parts, [build.join(' ')], notes) }]),
    ],
    commands: [build],
    generatedFolder: GENERATED_FOLDER,
  };
}

/** A line each. */
function sources({ library }: ProjectParts): string {
  return library
    .filter(({ path }) => isSource(path))
    .map(({ path }) => `  ${GENERATED_FOLDER}/${path}`)
    .join('\n');
}

// A CMake project for any part of an architecture: the model as a library, and the self-test over semihosting.
import { firmwareTemplates } from '@bitnetmcu/mcu-runtime/internal/node';
import type { CMakeKind } from './firmware-kinds.js';
import type { ProjectFiles, ProjectParts } from './firmware-project.js';
import { projectReadme } from './project-readme.js';

const LINKED = 'build/firmware.elf';
const STACK_BYTES = 1024;

export function cmakeProject(kind: CMakeKind, parts: ProjectParts): ProjectFiles {
  const board = firmwareTemplates(['cmake'], kind.architecture);
  const toolchainFile = `toolchain-${kind.architecture}.cmake`;
  const configure = ['cmake', '-S', '.', '-B', 'build', `-DCMAKE_TOOLCHAIN_FILE=${toolchainFile}`] as const;
  const build = ['cmake', '--build', 'build'] as const;
  const sources = [...parts.library, ...board, parts.samplesHeader];
  return {
    files: [
      ...sources,
      { path: toolchainFile, content: toolchain(kind) },
      {
        path: 'CMakeLists.txt',
        content: cmakeLists(
          kind,
          parts,
          sources.map(({ path }) => path),
        ),
      },
      {
        path: 'README.md',
        content: projectReadme(
          kind,
          parts,
          [configure, build].map((command) => command.join(' ')),
          [
            `Your part: \`-DCPU_FLAGS="${kind.cpuFlags}"\`, and \`-DFLASH_BASE=… -DFLASH_SIZE=… -DRAM_BASE=… -DRAM_SIZE=… -DSTACK_SIZE=…\`. Your board: \`board.c\`.`,
            `In a project of your own: \`add_subdirectory(…)\` and \`target_link_libraries(… ${parts.exported.name})\`; the firmware is left out then.`,
          ],
        ),
      },
    ],
    commands: [configure, build],
    product: LINKED,
    linked: { path: LINKED, machine: kind.machine },
  };
}

function toolchain({ toolchain: prefix, cpuFlags, architecture, description }: CMakeKind): string {
  return `# ${description}.
set(CMAKE_SYSTEM_NAME Generic)
set(CMAKE_SYSTEM_PROCESSOR ${architecture})
set(CMAKE_C_COMPILER ${prefix}-gcc)
set(CMAKE_ASM_COMPILER ${prefix}-gcc)
# A test program could not be linked: it has no start-up code.
set(CMAKE_TRY_COMPILE_TARGET_TYPE STATIC_LIBRARY)
set(CPU_FLAGS "${cpuFlags}" CACHE STRING "Instruction set of the part")
set(CMAKE_C_FLAGS_INIT "\${CPU_FLAGS}")
set(CMAKE_ASM_FLAGS_INIT "\${CPU_FLAGS}")
`;
}

function cmakeLists(
  kind: CMakeKind,
  { exported: { name }, library, kernels }: ProjectParts,
  paths: readonly string[],
): string {
  const isSource = (path: string) => /\.[cS]$/.test(path);
  const own = library.map(({ path }) => path).filter(isSource);
  const firmware = paths.filter((path) => isSource(path) && !own.includes(path));
  const hex = (value: number) => `0x${value.toString(16)}`;
  const memory: Readonly<Record<string, string>> = {
    FLASH_BASE: hex(kind.flashBase),
    FLASH_SIZE: hex(kind.flashBytes),
    RAM_BASE: hex(kind.ramBase),
    RAM_SIZE: hex(kind.ramBytes),
    STACK_SIZE: `${STACK_BYTES}`,
  };
  const names = Object.keys(memory);
  return `# ${name}: the model as a library, and firmware.elf with its self-test. Kernels: ${kernels.name}.
cmake_minimum_required(VERSION 3.13)
project(${name} C ASM)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()

add_library(${name} STATIC
  ${own.join('\n  ')})
target_include_directories(${name} PUBLIC \${CMAKE_CURRENT_SOURCE_DIR})
target_compile_options(${name} PRIVATE -ffreestanding -ffunction-sections -fdata-sections $<$<COMPILE_LANGUAGE:C>:-std=c99>)

if(CMAKE_SOURCE_DIR STREQUAL CMAKE_CURRENT_SOURCE_DIR)
${names.map((key) => `  set(${key} ${memory[key]} CACHE STRING "")`).join('\n')}
  add_executable(firmware
    ${firmware.join('\n    ')})
  set_target_properties(firmware PROPERTIES SUFFIX .elf)
  target_compile_options(firmware PRIVATE -ffreestanding -ffunction-sections -fdata-sections $<$<COMPILE_LANGUAGE:C>:-std=gnu99>)
  target_compile_definitions(firmware PRIVATE SEMIHOSTING)
  target_link_libraries(firmware ${name}
    -nostdlib -nostartfiles -Wl,--gc-sections -T\${CMAKE_CURRENT_SOURCE_DIR}/memory.ld
${names.map((key) => `    -Wl,--defsym=__${key.toLowerCase()}=\${${key}}`).join('\n')}
    -lgcc)
endif()
`;
}

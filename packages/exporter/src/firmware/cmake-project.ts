// A CMake project for any part of an architecture: the model as a library, and the self-test over semihosting.
import { firmwareTemplates } from '@bitnetmcu/mcu-runtime/internal/node';
import { MODEL_FOLDER, modelCMakeLists, within, yours } from '../node/build-files.js';
import type { CMakeKind } from './firmware-kinds.js';
import type { ProjectFiles, ProjectParts } from './firmware-project.js';
import { projectReadme } from './project-readme.js';

const LINKED = 'build/firmware.elf';
const STACK_BYTES = 1024;

export function cmakeProject(kind: CMakeKind, parts: ProjectParts): ProjectFiles {
  const toolchainFile = `toolchain-${kind.architecture}.cmake`;
  const configure = ['cmake', '-S', '.', '-B', 'build', `-DCMAKE_TOOLCHAIN_FILE=${toolchainFile}`] as const;
  const build = ['cmake', '--build', 'build'] as const;
  const { name } = parts.exported;
  const options = `target_compile_options(${name} PRIVATE ${OPTIONS} $<$<COMPILE_LANGUAGE:C>:-std=c99>)\n`;
  return {
    files: [
      ...within(MODEL_FOLDER, [...parts.library, parts.samplesHeader, modelCMakeLists(name, parts.library, options)]),
      ...yours([
        ...firmwareTemplates(['cmake'], kind.architecture),
        { path: toolchainFile, content: toolchain(kind) },
        { path: 'CMakeLists.txt', content: cmakeLists(kind) },
        {
          path: 'README.md',
          content: projectReadme(
            kind,
            parts,
            [configure, build].map((command) => command.join(' ')),
            [
              'Your own program replaces `main.c` and `self_test.c`. All `.c` and `.S` files of this folder are compiled.',
              `Your part: \`-DCPU_FLAGS="${kind.cpuFlags}"\`, and \`-DFLASH_BASE=… -DFLASH_SIZE=… -DRAM_BASE=… -DRAM_SIZE=… -DSTACK_SIZE=…\`. Your board: \`board.c\`.`,
              `In a project of your own: \`add_subdirectory(…/model)\` and \`target_link_libraries(… ${name})\`.`,
            ],
          ),
        },
      ]),
    ],
    commands: [configure, build],
    buildFile: 'CMakeLists.txt',
    product: LINKED,
    linked: { path: LINKED, machine: kind.machine },
  };
}

const OPTIONS = '-ffreestanding -ffunction-sections -fdata-sections';

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

function cmakeLists(kind: CMakeKind): string {
  const hex = (value: number) => `0x${value.toString(16)}`;
  const memory: Readonly<Record<string, string>> = {
    FLASH_BASE: hex(kind.flashBase),
    FLASH_SIZE: hex(kind.flashBytes),
    RAM_BASE: hex(kind.ramBase),
    RAM_SIZE: hex(kind.ramBytes),
    STACK_SIZE: `${STACK_BYTES}`,
  };
  const names = Object.keys(memory);
  return `# firmware.elf: this folder's sources, linked with the model as a library.
# Yours to change. All .c and .S files of this folder are compiled.
cmake_minimum_required(VERSION 3.13)
project(firmware_project C ASM)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE Release)
endif()
add_subdirectory(${MODEL_FOLDER})

${names.map((key) => `set(${key} ${memory[key]} CACHE STRING "")`).join('\n')}
file(GLOB sources CONFIGURE_DEPENDS \${CMAKE_CURRENT_SOURCE_DIR}/*.c \${CMAKE_CURRENT_SOURCE_DIR}/*.S)
add_executable(firmware \${sources})
set_target_properties(firmware PROPERTIES SUFFIX .elf)
target_include_directories(firmware PRIVATE \${CMAKE_CURRENT_SOURCE_DIR})
target_compile_options(firmware PRIVATE ${OPTIONS} $<$<COMPILE_LANGUAGE:C>:-std=gnu99>)
target_compile_definitions(firmware PRIVATE SEMIHOSTING)
target_link_libraries(firmware \${BITNETMCU_MODEL}
  -nostdlib -nostartfiles -Wl,--gc-sections -T\${CMAKE_CURRENT_SOURCE_DIR}/memory.ld
${names.map((key) => `  -Wl,--defsym=__${key.toLowerCase()}=\${${key}}`).join('\n')}
  -lgcc)
`;
}

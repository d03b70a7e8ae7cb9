// Arduino and PlatformIO libraries: the model's sources with metadata, and the self-test as an example.
import { selfTestTemplates } from '@bitnetmcu/mcu-runtime/internal/node';
import type { ExportedFile } from '../c/export-c.js';
import { within, yours } from '../node/build-files.js';
import type { LibraryKind } from './firmware-kinds.js';
import type { ProjectFiles, ProjectParts } from './firmware-project.js';
import { projectReadme } from './project-readme.js';
import { rowsFunctions } from './rows-program.js';

export const LIBRARY_VERSION = '1.0.0';
export const LIBRARY_URL = 'https://github.com/bitnetmcu/bitnetmcu';
/** Where both tools look for the sources of a library. */
const GENERATED_FOLDER = 'src';

export function arduinoProject(kind: LibraryKind, parts: ProjectParts): ProjectFiles {
  const { name, task } = parts.exported;
  const keywords = [`${name}_infer`, ...(task === 'classification' ? [`${name}_classify`] : [])];
  const example = 'examples/SelfTest';
  const compile = ['arduino-cli', 'compile', '--fqbn', 'arduino:avr:uno', '--library', '.', example] as const;
  return {
    files: [
      ...within(GENERATED_FOLDER, parts.library),
      ...within(example, exampleFiles('SelfTest.ino', parts)),
      { path: 'keywords.txt', content: keywords.map((word) => `${word}\tKEYWORD2\n`).join('') },
      ...yours([
        { path: 'library.properties', content: libraryProperties(parts) },
        { path: 'README.md', content: projectReadme(kind, parts, [compile.join(' ')], [boardsNote(parts)]) },
      ]),
    ],
    commands: [compile],
    generatedFolder: GENERATED_FOLDER,
  };
}

export function platformioProject(kind: LibraryKind, parts: ProjectParts): ProjectFiles {
  const example = 'examples/self-test';
  const build = ['pio', 'run', '-d', example] as const;
  return {
    files: [
      ...within(GENERATED_FOLDER, parts.library),
      ...within(`${example}/src`, exampleFiles('main.cpp', parts)),
      ...yours([
        { path: `${example}/platformio.ini`, content: platformioIni(parts) },
        { path: 'library.json', content: libraryJson(parts) },
        { path: 'README.md', content: projectReadme(kind, parts, [build.join(' ')], [boardsNote(parts)]) },
      ]),
    ],
    commands: [build],
    generatedFolder: GENERATED_FOLDER,
  };
}

function boardsNote({ exported: { layout } }: ProjectParts): string {
  return layout === 'plain'
    ? 'The plain kernels run on every board. `bitnetmcu firmware … --kernels fast` writes the library for 32-bit boards, several times faster.'
    : 'The fast kernels are for 32-bit boards with a multiplier. `bitnetmcu firmware … --kernels plain` writes the library for all boards.';
}

function exampleFiles(sketch: string, { exported, samplesHeader }: ProjectParts): ExportedFile[] {
  const { raw } = exported;
  const content = `/* Runs the network on the samples in samples.h and compares a checksum of all logits with that of the reference inference. */
#include <Arduino.h>
#include <${exported.name}.h>
${raw === undefined ? '' : '#include <bnm_row.h>\n'}
#include "board.h"
#include "self_test.h"

void board_start(void) {
  Serial.begin(115200);
  while (!Serial) {
  }
}

void board_write(char character) {
  Serial.write(character);
}

${raw === undefined ? '' : `/* Behind the self-test: rows of numbers from the serial port, each answered. */\n${rowsFunctions(exported, raw)}\n`}void setup() {
  board_start();
  self_test();
  Serial.flush();
}

void loop() {
${raw === undefined ? '' : '  if (Serial.available() > 0) take((char)Serial.read());\n'}}
`;
  return [...yours([{ path: sketch, content }, ...selfTestTemplates()]), samplesHeader];
}

/** What the library is, in printable ASCII on one line. */
export function sentence({ model, exported: { sizes } }: ProjectParts): string {
  const name = model.name.replace(/[^\x20-\x7e]/g, '_');
  return `Integer inference of the network ${name}: ${sizes.inputs} int8 inputs, ${sizes.outputs} ${model.output ? 'outputs' : 'classes'}, ${sizes.weightBytes} bytes of weights.`;
}

/** Source: Arduino library specification, revision 2.2. */
function libraryProperties(parts: ProjectParts): string {
  const { name } = parts.exported;
  const properties: Readonly<Record<string, string>> = {
    name,
    version: LIBRARY_VERSION,
    author: 'bitnetmcu',
    maintainer: 'bitnetmcu',
    sentence: sentence(parts),
    paragraph: 'No heap, no floating point. Written by bitnetmcu; export again rather than change it.',
    category: 'Data Processing',
    url: LIBRARY_URL,
    architectures:
      parts.exported.layout === 'plain' ? '*' : 'samd,rp2040,mbed,mbed_rp2040,renesas_uno,stm32,esp32,ch32v',
    includes: `${name}.h`,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** Source: PlatformIO documentation, library.json. */
function libraryJson(parts: ProjectParts): string {
  const description = {
    name: parts.exported.name,
    version: LIBRARY_VERSION,
    description: sentence(parts),
    keywords: ['neural network', 'inference', 'bitnetmcu'],
    license: 'MIT',
    frameworks: '*',
    platforms: '*',
    headers: `${parts.exported.name}.h`,
  };
  return `${JSON.stringify(description, undefined, 2)}\n`;
}

function platformioIni({ exported }: ProjectParts): string {
  const avr = exported.layout === 'plain' ? '[env:uno]\nplatform = atmelavr\nboard = uno\n\n' : '';
  return `; The self-test on boards with the Arduino framework: pio run -e pico -t upload -t monitor
[env]
framework = arduino
monitor_speed = 115200
lib_deps = symlink://../..

${avr}[env:pico]
platform = raspberrypi
board = pico
`;
}

// A program that runs the benchmarks on a board and prints their cycles: C, assembly, the board's files, and the commands that build it.
import { firmwareTemplates } from '@bitnetmcu/mcu-runtime/internal/node';
import { boardOf, findPart, type Part } from '@bitnetmcu/mcu-runtime/internal/targets';
import { ExporterError } from '../errors.js';
import { linkerFlags } from '../firmware/bare-metal-project.js';
import {
  answersCommands,
  type BareMetalKind,
  FIRMWARE_KIND_NAMES,
  type FirmwareKindName,
  firmwareKind,
} from '../firmware/firmware-kinds.js';
import type { ProjectFiles } from '../firmware/firmware-project.js';
import { PRINT_NUMBER } from '../firmware/print-number.js';
import { withLicence } from '../node/licence.js';
import type { Benchmark, CodePlace } from './benchmark.js';
import { riscvBenchmarks, riscvFunction } from './riscv-benchmarks.js';
import { THUMB_BENCHMARKS, thumbFunction } from './thumb-benchmarks.js';

export interface CalibrationProject extends ProjectFiles {
  readonly kind: FirmwareKindName;
  readonly part: Part;
  readonly benchmarks: readonly Benchmark[];
  readonly places: readonly CodePlace[];
}

/** Of firmware; the project has its own main.c, and the rest of a board's files. */
const OF_FIRMWARE = ['main.c', 'self_test.c', 'self_test.h', 'serial.c', 'serial.h', 'decimal.c', 'decimal.h'];
const SOURCES = /\.(c|S)$/;

/** What of a part is measured, and from where code runs: that of the Pico is in RAM, of whose flash there is no model. */
function benchmarksOf({ core }: Part):
  | {
      readonly benchmarks: readonly Benchmark[];
      readonly places: readonly CodePlace[];
      readonly assembly: typeof riscvFunction;
    }
  | undefined {
  if (core.kind === 'riscv') {
    return { benchmarks: riscvBenchmarks(core.multiply), places: ['flash', 'ram'], assembly: riscvFunction };
  }
  if (core.kind === 'rp2040') return { benchmarks: THUMB_BENCHMARKS, places: ['ram'], assembly: thumbFunction };
  return undefined;
}

function calibratedKind(name: string): BareMetalKind | undefined {
  const kind = firmwareKind(name);
  if (!answersCommands(kind)) return undefined;
  return benchmarksOf(findPart(kind.part)) === undefined ? undefined : kind;
}

/** Targets that can be calibrated. */
export const CALIBRATION_NAMES: readonly FirmwareKindName[] = FIRMWARE_KIND_NAMES.filter(
  (name) => calibratedKind(name) !== undefined,
);

/** @throws ExporterError `unknown-target`; `no-receiver` of targets without benchmarks or receiver */
export function calibrationProject(target: string): CalibrationProject {
  const kind = calibratedKind(target);
  if (kind === undefined) {
    throw new ExporterError(
      'no-receiver',
      `${target} has no benchmarks, or no receiver; wanted: one of ${CALIBRATION_NAMES.join(', ')}.`,
    );
  }
  const part = findPart(kind.part);
  const { benchmarks, places, assembly } = benchmarksOf(part)!;
  const { toolchain, instructionSet, flags, size, machine } = part.compiler;
  const board = boardOf(part);
  const symbols = benchmarks.map((_, i) => `benchmark_${i}`);
  const header = machine === 'arm' ? '  .syntax unified\n  .cpu cortex-m0plus\n  .thumb\n' : '';
  const files = [
    ...firmwareTemplates(board.files, machine).filter(({ path }) => !OF_FIRMWARE.includes(path)),
    { path: 'main.c', content: mainSource(kind.part, benchmarks, symbols, places, machine === 'arm') },
    { path: 'benchmarks.S', content: header + benchmarks.map((one, i) => assembly(symbols[i]!, one)).join('\n') },
  ];
  const sources = files.map(({ path }) => path).filter((path) => SOURCES.test(path));
  const compile = [
    `${toolchain}-gcc`,
    ...[
      ...instructionSet,
      ...flags,
      ...board.definitions,
      '-DBNM_SERIAL',
      '-std=c99',
      '-ffreestanding',
      '-Wall',
      '-I.',
    ],
    ...[...size, ...linkerFlags(part), ...sources, '-lgcc', '-o', 'firmware.elf'],
  ] as [string, ...string[]];
  const commands: readonly (readonly [string, ...string[]])[] = [
    compile,
    [`${toolchain}-objcopy`, '-O', 'binary', 'firmware.elf', 'firmware.bin'],
    ...(board.product === undefined ? [] : [board.product.command]),
  ];
  const makefile = `# ${kind.description}: its benchmarks. ${kind.flashing}.\nfirmware.bin: ${sources.join(' ')}\n${commands.map((command) => `\t${command.join(' ')}`).join('\n')}\n`;
  return {
    kind: target as FirmwareKindName,
    part,
    benchmarks,
    places,
    files: withLicence([...files, { path: 'Makefile', content: makefile }]),
    commands,
    product: board.product?.path ?? 'firmware.bin',
    linked: { path: 'firmware.elf', machine },
    simulation: { path: 'firmware.bin', target: kind.part },
  };
}

/** Bytes of RAM that code is copied to. */
const CODE_BYTES = 768;

function mainSource(
  part: string,
  benchmarks: readonly Benchmark[],
  symbols: readonly string[],
  places: readonly CodePlace[],
  countsDown: boolean,
): string {
  const copies = places.includes('flash');
  const counter = countsDown ? '0xE000E018' : '0xE000F008';
  return `/*
 * Benchmarks of the core: answers ? with \`calibrate 1 <part> <checksum of the benchmarks' code>\`, a line \`<benchmark> <flash or ram> <cycles>\` of each, and \`done\`. Ctrl-D ends it.
 * Cycles are those between two reads of the part's counter; what lies between is in the assembly beside this file.
 */
#include <stdint.h>

#include "board.h"
#include "cycles.h"

typedef uint32_t benchmark(uint32_t *ram, const uint32_t *flash, const volatile uint32_t *counter);
${symbols.map((symbol) => `extern benchmark ${symbol};\nextern const uint8_t ${symbol}_end[];`).join('\n')}

static const struct {
  const char *name;
  benchmark *run;
  const uint8_t *end;
} benchmarks[] = {
${benchmarks.map(({ name }, i) => `  {"${name}", ${symbols[i]}, ${symbols[i]}_end},`).join('\n')}
};

#define COUNTER ((const volatile uint32_t *)${counter})

static uint32_t ram_words[4] __attribute__((aligned(64)));
static const uint32_t flash_words[4] __attribute__((aligned(64))) = {1, 2, 3, 4};
${copies ? `static uint8_t code[${CODE_BYTES}] __attribute__((aligned(64)));\n` : ''}
static void print(const char *text) {
  while (*text != 0) board_write(*text++);
}

${PRINT_NUMBER}
static void report(const char *name, const char *place, benchmark *run) {
  cycles_start();
  const uint32_t cycles = run(ram_words, flash_words, COUNTER);
  print("\\r\\n");
  print(name);
  print(place);
  print_number((unsigned)cycles);
}

/* Of the benchmarks alone: tells this program from one with others. */
static uint32_t checksum(void) {
  uint32_t sum = 0;
  for (unsigned i = 0; i < sizeof benchmarks / sizeof benchmarks[0]; i++) {
    const uint8_t *byte = (const uint8_t *)((uintptr_t)benchmarks[i].run & ~(uintptr_t)1);
    for (; byte != benchmarks[i].end; byte++) sum = ((sum << 2) + sum + *byte) & 0xFFFF;
  }
  return sum;
}

int main(void) {
  board_start();
  for (char character = board_read(); character != BOARD_END; character = board_read()) {
    if (character != '?') continue;
    print("\\r\\ncalibrate 1 ${part} ");
    print_number((unsigned)checksum());
    for (unsigned i = 0; i < sizeof benchmarks / sizeof benchmarks[0]; i++) {
${
  copies
    ? `      report(benchmarks[i].name, " flash ", benchmarks[i].run);
      const uint8_t *const begin = (const uint8_t *)benchmarks[i].run;
      const uint32_t bytes = (uint32_t)(benchmarks[i].end - begin);
      if (bytes > sizeof code) continue;
      for (uint32_t at = 0; at < bytes; at++) code[at] = begin[at];
      /* What was stored is there before it is fetched. */
      __asm__ volatile("fence" : : : "memory");
      report(benchmarks[i].name, " ram ", (benchmark *)code);
`
    : `      report(benchmarks[i].name, " ram ", benchmarks[i].run);
`
}    }
    print("\\r\\ndone\\r\\n");
  }
  return 0;
}
`;
}

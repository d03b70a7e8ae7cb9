// ELF32 executables, little-endian: segments and symbols. Every offset in the file is checked before it is used.
// Source: Tool Interface Standard, Executable and Linking Format (ELF) 1.2; RISC-V, Arm and AVR ELF psABIs.
import { SimulatorError } from './errors.js';
import type { Program, ProgramSymbol, Segment } from './program.js';

/** Instruction sets by their e_machine number. */
const MACHINES = { riscv: 243, arm: 40, avr: 83 } as const;
export type ElfMachine = keyof typeof MACHINES;

const ET_EXEC = 2;
const PT_LOAD = 1;
const SHT_SYMTAB = 2;
const SHN_UNDEF = 0;
const STB_WEAK = 2;
const STT_NOTYPE = 0;
const STT_OBJECT = 1;
const STT_FUNC = 2;
const FILE_HEADER_BYTES = 52;
const PROGRAM_HEADER_BYTES = 32;
const SECTION_HEADER_BYTES = 40;
const SYMBOL_BYTES = 16;
/** Larger than any supported microcontroller's memories; keeps a damaged header from asking for gigabytes. */
const MAX_SEGMENT_BYTES = 16 * 1024 * 1024;

function refuse(found: string, wanted: string): never {
  throw new SimulatorError(
    'invalid-elf',
    `${found}; wanted: ${wanted}. Build the program with a toolchain for the target and link it.`,
  );
}

/** A span of the file, or the error that names it. */
function span(file: Uint8Array, offset: number, length: number, what: string): DataView {
  if (offset + length > file.length) {
    refuse(
      `${what} at byte ${offset} with ${length} bytes reaches beyond the file's ${file.length} bytes`,
      'a whole file',
    );
  }
  return new DataView(file.buffer, file.byteOffset + offset, length);
}

function readSegments(file: Uint8Array, header: DataView): Segment[] {
  const count = header.getUint16(44, true);
  if (count > 0 && header.getUint16(42, true) !== PROGRAM_HEADER_BYTES) {
    refuse(`Program headers of ${header.getUint16(42, true)} bytes`, `${PROGRAM_HEADER_BYTES} bytes`);
  }
  const table = span(file, header.getUint32(28, true), count * PROGRAM_HEADER_BYTES, 'The program header table');
  const segments: Segment[] = [];
  for (let i = 0; i < count; i++) {
    const field = (n: number) => table.getUint32(i * PROGRAM_HEADER_BYTES + 4 * n, true);
    const [type, offset, address, loadAddress, fileSize, size] = [
      field(0),
      field(1),
      field(2),
      field(3),
      field(4),
      field(5),
    ];
    if (type !== PT_LOAD || size === 0) continue;
    if (fileSize > size || size > MAX_SEGMENT_BYTES) {
      refuse(
        `Segment ${i} with ${fileSize} bytes in the file and ${size} in memory`,
        `at most ${MAX_SEGMENT_BYTES} bytes, file ≤ memory`,
      );
    }
    if (address + size > 2 ** 32 || loadAddress + size > 2 ** 32)
      refuse(`Segment ${i} that wraps around`, 'addresses below 2^32');
    const bytes = span(file, offset, fileSize, `Segment ${i}`);
    segments.push({
      address,
      loadAddress,
      bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, fileSize).slice(),
      size,
    });
  }
  return segments;
}

function readName(file: Uint8Array, start: number, end: number): string {
  let stop = start;
  while (stop < end && file[stop] !== 0) stop++;
  return new TextDecoder().decode(file.subarray(start, stop));
}

function readSymbols(file: Uint8Array, header: DataView): ProgramSymbol[] {
  const count = header.getUint16(48, true);
  if (count === 0) return [];
  if (header.getUint16(46, true) !== SECTION_HEADER_BYTES) {
    refuse(`Section headers of ${header.getUint16(46, true)} bytes`, `${SECTION_HEADER_BYTES} bytes`);
  }
  const table = span(file, header.getUint32(32, true), count * SECTION_HEADER_BYTES, 'The section header table');
  const field = (section: number, n: number) => table.getUint32(section * SECTION_HEADER_BYTES + 4 * n, true);
  const symbols: ProgramSymbol[] = [];
  const undefinedNames: string[] = [];
  for (let section = 0; section < count; section++) {
    if (field(section, 1) !== SHT_SYMTAB) continue;
    const names = field(section, 6);
    if (names >= count) refuse(`A symbol table whose names are in section ${names} of ${count}`, 'an existing section');
    const namesStart = field(names, 4);
    const namesEnd = namesStart + field(names, 5);
    span(file, namesStart, field(names, 5), 'The symbol names');
    const entries = span(file, field(section, 4), field(section, 5), 'The symbol table');
    for (let at = 0; at + SYMBOL_BYTES <= entries.byteLength; at += SYMBOL_BYTES) {
      const info = entries.getUint8(at + 12);
      const [binding, type] = [info >> 4, info & 15];
      const isUndefined = entries.getUint16(at + 14, true) === SHN_UNDEF;
      // A call to a function that is nowhere would be a jump to address 0; a weak symbol may stay undefined.
      if (isUndefined && binding === STB_WEAK) continue;
      if (type !== STT_NOTYPE && type !== STT_OBJECT && type !== STT_FUNC) continue;
      const nameStart = namesStart + entries.getUint32(at, true);
      if (nameStart >= namesEnd) refuse('A symbol whose name is outside of the string table', 'a name inside of it');
      const name = readName(file, nameStart, namesEnd);
      // Mapping symbols ($x, $d) and assembler-local labels name nothing that a reader knows.
      if (name === '' || name.startsWith('$') || name.startsWith('.L')) continue;
      if (isUndefined) {
        undefinedNames.push(name);
        continue;
      }
      const kind = type === STT_FUNC ? 'function' : type === STT_OBJECT ? 'object' : 'label';
      symbols.push({ name, address: entries.getUint32(at + 4, true), size: entries.getUint32(at + 8, true), kind });
    }
  }
  if (undefinedNames.length > 0) {
    refuse(
      `A program in which ${undefinedNames.join(', ')} is not defined`,
      'every symbol defined by one of its files',
    );
  }
  return symbols.sort((a, b) => a.address - b.address);
}

/**
 * Reads a linked ELF32 program for an instruction set.
 * @throws SimulatorError `invalid-elf` for anything else: damaged files, and programs that the linker was told to write although functions are
 * missing
 *
 * @example
 * ```ts
 * import { readElf } from '@bitnetmcu/mcu-runtime/sim';
 *
 * const { symbols } = readElf(bytes);
 * ```
 */
export function readElf(file: Uint8Array, instructionSet: ElfMachine = 'riscv'): Program {
  if (file.length < FILE_HEADER_BYTES)
    refuse(`A file of ${file.length} bytes`, `an ELF file of at least ${FILE_HEADER_BYTES}`);
  const header = span(file, 0, FILE_HEADER_BYTES, 'The file header');
  if (header.getUint32(0) !== 0x7f45_4c46)
    refuse('A file that does not start with the ELF magic number', 'an ELF file');
  if (header.getUint8(4) !== 1 || header.getUint8(5) !== 1) refuse('Not 32-bit little-endian', 'ELF32, little-endian');
  const machine = header.getUint16(18, true);
  const wanted = MACHINES[instructionSet];
  if (machine !== wanted) refuse(`Machine ${machine}`, `${wanted} (${instructionSet})`);
  const type = header.getUint16(16, true);
  if (type !== ET_EXEC) refuse(`File type ${type}`, `${ET_EXEC}, a linked executable`);
  const segments = readSegments(file, header);
  if (segments.length === 0) refuse('A file without loadable segments', 'at least one');
  return { entry: header.getUint32(24, true), segments, symbols: readSymbols(file, header) };
}

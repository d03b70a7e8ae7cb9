// Runs a random program under QEMU's user-mode emulation and returns the registers and memory it leaves behind.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as rv from './encode.js';
import type { DataArea } from './random-program.js';

export const QEMU = 'qemu-riscv32';

export function hasQemu(): boolean {
  return spawnSync(QEMU, ['--version'], { stdio: 'ignore' }).status === 0;
}

const PAGE = 4096;
const REGISTERS = 32;
/** Of programs with 16 registers. */
const SCRATCH = 31;
const SYSCALL_WRITE = 64;
const SYSCALL_EXIT = 93;

/** Stores all registers but `scratch` behind the data area, writes area and registers to standard output, exits. */
function epilogue(data: DataArea, scratch: number): Uint32Array {
  const [a0, a1, a2, a7] = [10, 11, 12, 17];
  const dump = data.base + data.size;
  const code = [rv.lui(scratch, dump >>> 12)];
  for (let register = 1; register < REGISTERS; register++) code.push(rv.sType(4 * register, register, scratch, 2));
  code.push(
    rv.addi(a0, 0, 1),
    rv.lui(a1, data.base >>> 12),
    rv.lui(a2, data.size >>> 12),
    rv.addi(a2, a2, 4 * REGISTERS),
    rv.addi(a7, 0, SYSCALL_WRITE),
    rv.ECALL,
    rv.addi(a0, 0, 0),
    rv.addi(a7, 0, SYSCALL_EXIT),
    rv.ECALL,
  );
  return Uint32Array.from(code);
}

interface Area {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly size: number;
}

/** A static executable of page-aligned areas, all readable, writable and executable. */
function elf(entry: number, areas: readonly Area[]): Uint8Array {
  let offset = PAGE;
  const offsets = areas.map((area) => {
    const at = offset;
    offset += Math.ceil(area.bytes.length / PAGE) * PAGE;
    return at;
  });
  const file = new Uint8Array(offset);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 1, 1, 1]);
  view.setUint16(16, 2, true);
  view.setUint16(18, 243, true);
  view.setUint32(20, 1, true);
  view.setUint32(24, entry, true);
  view.setUint32(28, 52, true);
  view.setUint32(36, 1, true); // EF_RISCV_RVC
  view.setUint16(40, 52, true);
  view.setUint16(42, 32, true);
  view.setUint16(44, areas.length, true);
  areas.forEach((area, i) => {
    const fields = [1, offsets[i]!, area.address, area.address, area.bytes.length, area.size, 7, PAGE];
    for (const [n, field] of fields.entries()) view.setUint32(52 + 32 * i + 4 * n, field, true);
    file.set(area.bytes, offsets[i]!);
  });
  return file;
}

/**
 * Runs `code` at `address` (page-aligned) with the data area (page-aligned, initially `contents`). Of the registers, that of
 * `scratch` is lost.
 */
export function runInQemu(
  code: Uint16Array,
  address: number,
  data: DataArea,
  contents: Uint8Array,
  scratch = SCRATCH,
): { registers: Uint32Array; memory: Uint8Array } {
  const end = epilogue(data, scratch);
  // The epilogue's long instructions need no alignment: the C extension allows any halfword.
  const text = new Uint8Array(2 * code.length + 4 * end.length);
  text.set(new Uint8Array(code.buffer, code.byteOffset, code.byteLength));
  text.set(new Uint8Array(end.buffer), 2 * code.length);
  const folder = mkdtempSync(join(tmpdir(), 'bnm-qemu-'));
  try {
    const path = join(folder, 'program');
    const areas = [
      { address, bytes: text, size: text.length },
      { address: data.base, bytes: contents, size: data.size + PAGE },
    ];
    writeFileSync(path, elf(address, areas), { mode: 0o755 });
    const output = execFileSync(QEMU, ['-cpu', 'rv32,zba=true,zbb=true,zbs=true', path], {
      maxBuffer: 64 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    if (output.length !== data.size + 4 * REGISTERS) throw new Error(`QEMU wrote ${output.length} bytes`);
    const dump = output.subarray(data.size);
    return {
      memory: output.subarray(0, data.size),
      registers: Uint32Array.from({ length: REGISTERS }, (_, i) => (i === 0 ? 0 : dump.readUInt32LE(4 * i))),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

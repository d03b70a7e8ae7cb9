// The simulated machine: traps, exits, stack depth, call tree, devices. Expectations are worked out by hand.
import { describe, expect, it } from 'vitest';
import { createMachine, type MachineOptions } from '../../src/sim/create-machine.js';
import type { Machine } from '../../src/sim/machine.js';
import { type ProgramSymbol, programFromBytes } from '../../src/sim/program.js';
import { simulate } from '../../src/sim/simulate.js';
import { TARGETS, type Target } from '../../src/sim/targets.js';
import * as rv from './encode.js';

const long = (word: number) => [word & 0xffff, word >>> 16];
const FLASH = TARGETS.ch32v003.flash.base;
const RAM = TARGETS.ch32v003.ram.base;
const [X0, RA, SP, T0, A0, A1, A2] = [0, 1, 2, 5, 10, 11, 12];
const LW = 2;

async function machineWith(
  code: number[],
  options: MachineOptions & { target?: Target; symbols?: ProgramSymbol[]; address?: number } = {},
): Promise<Machine> {
  const machine = await createMachine(options.target ?? TARGETS.ch32v003, options);
  const bytes = new Uint8Array(Uint16Array.from(code).buffer);
  machine.load(programFromBytes(bytes, options.address ?? FLASH, options.symbols));
  return machine;
}

describe('traps carry cause, pc and value', () => {
  const sw = (offset: number) => long(rv.sType(offset, A0, A1, LW));
  const cases: [name: string, code: number[], a1: number, cause: string, pc: number, value: number][] = [
    ['illegal instruction of zeros', [0], 0, 'illegal-instruction', FLASH, 0],
    ['x16 does not exist in RV32E', [...long(rv.addi(16, 0, 1))], 0, 'illegal-instruction', FLASH, 0x00100813],
    ['no multiplier on the CH32V003', long(rv.rType(1, A0, A0, 0, A0)), 0, 'illegal-instruction', FLASH, 0x02a50533],
    ['no division anywhere', long(rv.rType(1, A0, A0, 4, A0)), 0, 'illegal-instruction', FLASH, 0x02a54533],
    ['misaligned load', [rv.cAddi(0, 0), rv.cLw(10, 11, 4)], RAM + 2, 'load-misaligned', FLASH + 2, RAM + 6],
    ['misaligned store', sw(1), RAM, 'store-misaligned', FLASH, RAM + 1],
    ['load from nowhere', [rv.cLw(10, 11, 0)], 0x1000_0000, 'load-fault', FLASH, 0x1000_0000],
    ['load behind RAM', [rv.cLw(10, 11, 0)], RAM + 2048, 'load-fault', FLASH, RAM + 2048],
    ['store to flash', sw(0), FLASH + 64, 'store-fault', FLASH, FLASH + 64],
    ['store to the alias of flash', sw(0), 64, 'store-fault', FLASH, 64],
    ['jump to nowhere', [rv.cJr(A1)], 0x3000_0000, 'fetch-fault', 0x3000_0000, 0x3000_0000],
    ['branch to before flash', long(rv.bType(-4, 0, 0, 0)), 0, 'fetch-fault', FLASH - 4, FLASH - 4],
  ];
  it.each(cases)('%s', async (_name, code, a1, cause, pc, value) => {
    const machine = await machineWith(code);
    const run = machine.call(FLASH, [0, a1]);
    expect(run.stop).toEqual({ kind: 'trap', trap: { cause, pc, value, function: undefined } });
  });

  it('runs off the end of RAM', async () => {
    const machine = await machineWith([rv.cAddi(0, 0)], { address: RAM + 2046 });
    expect(machine.call(RAM + 2046).stop).toMatchObject({
      kind: 'trap',
      trap: { cause: 'fetch-fault', pc: RAM + 2048 },
    });
  });

  it('cuts off a long instruction at the end of flash', async () => {
    const machine = await machineWith([0x0013], { address: FLASH + 16 * 1024 - 2 });
    expect(machine.call(FLASH + 16 * 1024 - 2).stop).toMatchObject({ kind: 'trap', trap: { cause: 'fetch-fault' } });
  });
});

describe('ends of a run', () => {
  it('returns a0 from a called function', async () => {
    const machine = await machineWith([rv.cAdd(A0, A1), rv.cJr(RA)]);
    expect(machine.call(FLASH, [40, 2])).toMatchObject({ stop: { kind: 'returned', value: 42 }, instructions: 2 });
    expect(machine.call(FLASH, [40, -50]).stop).toEqual({ kind: 'returned', value: -10 });
  });

  it('stops at the budget and counts what ran', async () => {
    const machine = await machineWith([rv.cJ(0)]);
    expect(machine.call(FLASH, [], { maxInstructions: 1000 })).toMatchObject({
      stop: { kind: 'limit' },
      instructions: 1000,
    });
  });

  it('ends at ebreak, at exit through ecall, and at wfi', async () => {
    expect((await machineWith([rv.cLi(A0, 7), rv.C_EBREAK])).runFromReset().stop).toEqual({ kind: 'exit', code: 7 });
    const exit = [...long(rv.addi(T0, X0, 93)), rv.cLi(A0, -3), ...long(rv.ECALL)];
    expect((await machineWith(exit)).runFromReset().stop).toEqual({ kind: 'exit', code: -3 });
    expect((await machineWith(long(0x10500073))).runFromReset().stop).toEqual({ kind: 'wait' });
  });

  it('collects what is written through ecall and the UART', async () => {
    const write = [...long(rv.addi(T0, X0, 64)), ...long(rv.ECALL)];
    const machine = await machineWith([...write, rv.cJr(RA)]);
    machine.write(RAM, new TextEncoder().encode('7 2 1'));
    expect(new TextDecoder().decode(machine.call(FLASH, [1, RAM, 5]).output)).toBe('7 2 1');
    const uart = await machineWith([...long(rv.lui(A1, 0x40014)), ...long(rv.sType(-2044, A0, A1, 0)), rv.cJr(RA)]);
    expect([...uart.call(FLASH, [65]).output]).toEqual([65]);
  });
});

describe('simulate', () => {
  it('calls a function, or runs from reset with initialized data still in flash', async () => {
    const target = TARGETS.ch32v003;
    const code = new Uint8Array(Uint16Array.from([rv.cLw(A0, A1, 0), rv.cJr(RA)]).buffer);
    const data = Uint8Array.of(42, 0, 0, 0);
    const program = {
      entry: FLASH,
      segments: [
        { address: FLASH, loadAddress: FLASH, bytes: code, size: 4 },
        { address: RAM, loadAddress: FLASH + 4, bytes: data, size: 4 },
      ],
      symbols: [{ name: 'first', address: FLASH, size: 4, kind: 'function' as const }],
    };
    const called = await simulate(program, { target, call: { function: 'first', args: [0, RAM] } });
    expect(called.stop).toEqual({ kind: 'returned', value: 42 });
    expect(called).toMatchObject({ staticRamBytes: 4, stackBytes: 0, stackOverflow: false });
    // From reset a1 holds nothing to rely on: an odd address.
    const reset = await simulate(program, { target, maxInstructions: 100 });
    expect(reset.stop).toMatchObject({ kind: 'trap', trap: { cause: 'load-misaligned', pc: 0 } });
  });
});

describe('runFromReset', () => {
  const CSRW_MTVEC_A0 = 0x30551073;
  const CSRR_A0_MCAUSE = 0x34202573;
  const CSRR_A1_MEPC = 0x341025f3;

  it('starts at address 0, the alias of flash, whatever address the program is for', async () => {
    const machine = await machineWith([...long(rv.auipc(A0, 0)), rv.C_EBREAK]);
    expect(machine.runFromReset().stop).toEqual({ kind: 'exit', code: 0 });
    expect(machine.runFromEntry().stop).toEqual({ kind: 'exit', code: FLASH });
  });

  it('gives neither registers nor RAM a value to rely on', async () => {
    const load = [...long(rv.lui(A1, 0x20000)), rv.cLw(10, 11, 0), rv.C_EBREAK];
    const machine = await machineWith(load);
    expect(machine.runFromReset().stop).toEqual({ kind: 'exit', code: 0xa5a5a5a5 | 0 });
    expect((await machineWith([rv.cMv(A0, SP), rv.C_EBREAK])).runFromReset().stop).toEqual({
      kind: 'exit',
      code: 0xdeadbeef | 0,
    });
  });

  /** At 0: sets mtvec, then loads from an odd address. At 32: a handler that ends with mcause and mepc. At 64: a table of addresses. */
  const withHandler = (mtvec: number) => {
    const parts: readonly (readonly [number, readonly number[]])[] = [
      [0, [...long(rv.lui(A0, mtvec >>> 12)), ...long(rv.addi(A0, A0, mtvec & 0xfff)), ...long(CSRW_MTVEC_A0)]],
      [12, long(rv.iType(1, X0, LW, A1, 0x03))],
      [32, [...long(CSRR_A0_MCAUSE), ...long(CSRR_A1_MEPC), rv.C_EBREAK]],
      [64, [0, 0, 0, 0, 0, 0, ...long(FLASH + 32)]],
    ];
    const code = new Array<number>(40).fill(0);
    for (const [at, halfwords] of parts)
      halfwords.forEach((value, i) => {
        code[at / 2 + i] = value;
      });
    return code;
  };

  it.each([
    ['one handler', FLASH + 32],
    ['a table of addresses, entry 3', FLASH + 64 + 3],
  ])('enters the handler of a fault: %s', async (_name, mtvec) => {
    const machine = await machineWith(withHandler(mtvec));
    const run = machine.runFromReset();
    // mcause 4: load address misaligned.
    expect(run.stop).toEqual({ kind: 'exit', code: 4 });
    expect(machine.registers()[A1]).toBe(12);
    expect(run.handledTrap).toMatchObject({ cause: 'load-misaligned', pc: 12, value: 1 });
  });

  it('ends with the fault where there is no handler, or where the handler faults too', async () => {
    const none = await machineWith(long(rv.iType(1, X0, LW, A1, 0x03)));
    expect(none.runFromReset().stop).toMatchObject({ kind: 'trap', trap: { cause: 'load-misaligned' } });
    // The handler is the program itself, which faults again.
    const faulty = await machineWith(withHandler(FLASH));
    expect(faulty.runFromReset()).toMatchObject({
      stop: { kind: 'trap', trap: { cause: 'load-misaligned' } },
      handledTrap: { cause: 'load-misaligned', pc: 12 },
    });
  });
});

describe('measurements', () => {
  it('reports the deepest stack, also of a pointer that is lowered by a register', async () => {
    const code = [
      rv.cAddi16sp(-64),
      rv.cAddi16sp(64),
      ...long(rv.rType(0x20, A0, SP, 0, SP)),
      rv.cAdd(SP, A0),
      rv.cJr(RA),
    ];
    const machine = await machineWith(code);
    expect(machine.call(FLASH, [48]).stackBytes).toBe(64);
    expect(machine.call(FLASH, [480]).stackBytes).toBe(480);
  });

  it('books cycles to functions and call paths', async () => {
    // outer: sets aside ra, calls inner twice, returns. inner: three c.nop and return.
    const outer = [rv.cMv(A2, RA), rv.cJal(8), rv.cJal(6), rv.cJr(A2), 0];
    const inner = [...new Array(3).fill(rv.cAddi(0, 0)), rv.cJr(RA)];
    const symbols: ProgramSymbol[] = [
      { name: 'outer', address: RAM, size: 10, kind: 'function' },
      { name: 'inner', address: RAM + 10, size: 8, kind: 'function' },
    ];
    const machine = await machineWith([...outer, ...inner], { profile: true, symbols, address: RAM });
    const run = machine.call('outer');
    // inner: 3 + 3 (return); outer: 1 + 3 + 3 and the last return, whose target is not fetched.
    expect(run.cycles).toBe(2 * 6 + 8);
    expect(run.profile?.functions).toEqual([
      { name: 'inner', selfCycles: 12, totalCycles: 12, instructions: 8, calls: 2 },
      { name: 'outer', selfCycles: 8, totalCycles: 20, instructions: 4, calls: 1 },
    ]);
    expect(run.profile?.callTree.children).toMatchObject([
      { name: 'outer', totalCycles: 20, children: [{ name: 'inner', calls: 2, totalCycles: 12 }] },
    ]);
    expect(run.profile?.timeline).toEqual([
      { name: 'outer', depth: 0, beginCycle: 0, cycles: 20 },
      { name: 'inner', depth: 1, beginCycle: 4, cycles: 6 },
      { name: 'inner', depth: 1, beginCycle: 13, cycles: 6 },
    ]);
    expect(run.profile?.mix.alu.count).toBe(7);
    expect(run.profile?.mix.jump.count).toBe(5);
    expect(run.profile?.addresses.reduce((sum, entry) => sum + entry.cycles, 0)).toBe(run.cycles);
  });

  it('counts the same with and without a profile', async () => {
    const code = [rv.cAddi(A0, -1), ...long(rv.addi(A1, A1, 5)), rv.cBnez(A0, -6), rv.cJr(RA)];
    const plain = (await machineWith(code)).call(FLASH, [1000]);
    const profiled = (await machineWith(code, { profile: true })).call(FLASH, [1000]);
    expect(profiled.cycles).toBe(plain.cycles);
    expect(profiled.instructions).toBe(plain.instructions);
  });
});

describe('code that changes', () => {
  it('decodes again what the program stores into RAM', async () => {
    // Runs the instruction at RAM + 6, which is c.li a0, 1 at first; stores a1 (c.li a0, 2) over it and runs it again.
    const store = long(rv.sType(12, A1, A2, 1));
    const code = [
      ...long(rv.bType(8, 0, 0, 0)),
      ...store,
      ...long(rv.bType(4, 0, 0, 0)),
      rv.cLi(A0, 1),
      rv.cBnez(A1, 4),
      rv.cJr(RA),
      rv.cJr(RA),
    ];
    const machine = await machineWith(code, { address: RAM });
    expect(machine.call(RAM, [0, rv.cLi(A0, 2), RAM]).stop).toEqual({ kind: 'returned', value: 1 });
    expect(machine.call(RAM + 4, [0, rv.cLi(A0, 2), RAM]).stop).toEqual({ kind: 'returned', value: 2 });
  });

  it('runs flash at its alias 0 with the addresses seen there', async () => {
    const machine = await machineWith([...long(rv.auipc(A0, 0)), rv.cJr(RA)]);
    expect(machine.call(0).stop).toEqual({ kind: 'returned', value: 0 });
    expect(machine.call(FLASH).stop).toEqual({ kind: 'returned', value: FLASH });
  });
});

describe("WCH's 16-bit byte and halfword accesses", () => {
  // Encodings after J. Oleksiewicz's measurements: xw.c.lbu a0, 5(a1); xw.c.sh a0, 6(a1) …
  const [rdSmall, rs1Small] = [(10 - 8) << 2, (11 - 8) << 7];
  const lbu5 = (1 << 13) | (1 << 12) | rs1Small | (2 << 5) | rdSmall;
  const lhu6 = (1 << 13) | rs1Small | (3 << 5) | rdSmall | 2;
  const sb3 = (5 << 13) | (1 << 12) | rs1Small | (1 << 5) | rdSmall;
  const sh8 = (5 << 13) | (1 << 10) | rs1Small | rdSmall | 2;
  it.each([
    ['xw.c.lbu 5', lbu5, 0xf5],
    ['xw.c.lhu 6', lhu6, 0xf7f6],
  ])('%s', async (_name, instruction, value) => {
    const machine = await machineWith([instruction, rv.cJr(RA)]);
    machine.write(
      RAM,
      Uint8Array.from({ length: 16 }, (_, i) => 0xf0 + i),
    );
    expect(machine.call(FLASH, [0, RAM]).stop).toEqual({ kind: 'returned', value });
  });
  it('xw.c.sb 3 and xw.c.sh 8', async () => {
    const machine = await machineWith([sb3, sh8, rv.cJr(RA)]);
    machine.call(FLASH, [0x1234, RAM]);
    expect([...machine.read(RAM, 12)]).toEqual([0, 0, 0, 0x34, 0, 0, 0, 0, 0x34, 0x12, 0, 0]);
  });
});

describe('requests that make no sense', () => {
  it('names unknown symbols, bad addresses and programs that do not fit', async () => {
    const machine = await machineWith([rv.cJr(RA)]);
    expect(() => machine.call('main')).toThrow(expect.objectContaining({ code: 'unknown-symbol' }));
    expect(() => machine.read(RAM + 2040, 9)).toThrow(expect.objectContaining({ code: 'bad-address' }));
    expect(() => machine.load(programFromBytes(new Uint8Array(16_385), FLASH))).toThrow(
      expect.objectContaining({ code: 'does-not-fit' }),
    );
    const overlapping = { ...TARGETS.ch32v003, ram: { base: FLASH, size: 64 } };
    await expect(createMachine(overlapping)).rejects.toThrow(expect.objectContaining({ code: 'invalid-target' }));
  });
});

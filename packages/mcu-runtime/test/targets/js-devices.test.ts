// The simulators in JavaScript, against cycle counts worked out by hand from the data sheets, and the correction of avr8js.
import { describe, expect, it } from 'vitest';
import { createAvrDevice, DATA_OFFSET } from '../../src/targets/avr-device.js';
import { missingInstruction } from '../../src/targets/avr-instructions.js';
import { cyclesBesides } from '../../src/targets/avr-timing.js';
import { atmega328p } from '../../src/targets/parts/atmega328p.js';
import { attiny85 } from '../../src/targets/parts/attiny85.js';
import { attiny1616 } from '../../src/targets/parts/attiny1616.js';
import { PinReceiver } from '../../src/targets/pin-receiver.js';
import { createRp2040Device } from '../../src/targets/rp2040-device.js';
import { runFirmware } from '../../src/targets/run-firmware.js';

const memory = { flashBytes: 0, ramBytes: 2048 };

/** A program of one function `f` at an address, from its machine code. */
function imageOf(address: number, halfwords: readonly number[]) {
  const bytes = new Uint8Array(Uint16Array.from(halfwords).buffer);
  return {
    program: {
      entry: address,
      segments: [{ address, loadAddress: address, bytes, size: bytes.length }],
      symbols: [{ name: 'f', address, size: bytes.length, kind: 'function' as const }],
    },
    references: [[]],
    dispatchers: new Set<string>(),
    dispatcherStack: 0,
  };
}

describe('rp2040', () => {
  it('takes the cycles of the Cortex-M0+ manual: loop of adds 1, subs 1, taken branch 2', async () => {
    // movs r2, #0; loop: adds r2, r2, r0; subs r1, #1; bne loop; mov r0, r2 (adds r0, r2, #0); bx lr
    const device = await createRp2040Device(
      imageOf(0x2000_0000, [0x2200, 0x1812, 0x3901, 0xd1fc, 0x1c10, 0x4770]),
      memory,
    );
    const { value, cycles, instructions, stackBytes, profile } = device.call('f', [7, 10]);
    expect(value).toBe(70);
    expect(instructions).toBe(1 + 30 + 2);
    // 1 + nine times 4 + last round 3 + 1 + bx 2
    expect(cycles).toBe(1 + 9 * 4 + 3 + 1 + 2);
    expect(stackBytes).toBe(0);
    expect(profile.mix.branch).toEqual({ count: 10, cycles: 9 * 2 + 1 });
    expect(profile.mix.jump.count).toBe(1);
  });
});

describe('atmega328p', () => {
  it('takes the cycles of the instruction set manual: st 2, push 2, pop 2, ret 4', async () => {
    // push r16; ldi r16, 9; movw r30, r24; st Z, r16; pop r16; ret
    const device = await createAvrDevice(
      atmega328p,
      imageOf(0, [0x930f, 0xe009, 0x01fc, 0x8300, 0x910f, 0x9508]),
      memory,
    );
    const { cycles, instructions, stackBytes, profile } = device.call('f', [0x200]);
    expect(instructions).toBe(6);
    expect(cycles).toBe(2 + 1 + 1 + 2 + 2 + 4);
    // The return address and one register.
    expect(stackBytes).toBe(3);
    expect([...device.readRam(DATA_OFFSET + 0x200, 1)]).toEqual([9]);
    expect(profile.mix.store.count).toBe(2);
    expect(profile.mix.load.count).toBe(1);
  });

  it('sets V and clears S where NEG gives 0x80', async () => {
    // neg r24; ldi r24, 1; brge done; ldi r24, 0; done: clr r25; ret — brge is taken where S = 0, as for 0 − (−128) = 128 ≥ 0.
    const device = await createAvrDevice(
      atmega328p,
      imageOf(0, [0x9581, 0xe081, 0xf40c, 0xe080, 0x2799, 0x9508]),
      memory,
    );
    expect(device.call('f', [0x80]).value).toBe(1);
    expect(device.call('f', [0x05]).value).toBe(0);
    expect(device.call('f', [0xfb]).value).toBe(1);
  });
});

describe('attiny1616', () => {
  const words = (...opcodes: number[]) => new Uint8Array(Uint16Array.from(opcodes).buffer);

  it('takes the cycles of AVRxt: push 1, st 1, std 1, sts 2, lds 3, ld 2, call 3, rcall 2, sbi 1, pop 2, ret 4', async () => {
    const device = await createAvrDevice(
      attiny1616,
      // push r16; ldi r16, 9; movw r30, r24; st Z, r16; st Z+, r16; std Z+1, r16; sts 0x3900, r16; lds r17, 0x3900;
      // call end; rcall end; ld r17, Z; sbi 0x18, 4; pop r16; ret; end: ret
      imageOf(0, [
        ...[0x930f, 0xe009, 0x01fc, 0x8300, 0x9301, 0x8301, 0x9300, 0x3900, 0x9110, 0x3900],
        ...[0x940e, 0x0011, 0xd004, 0x8110, 0x9ac4, 0x910f, 0x9508, 0x9508],
      ]),
      memory,
    );
    const { cycles, instructions, stackBytes } = device.call('f', [0x3880]);
    expect(instructions).toBe(16);
    expect(cycles).toBe(1 + 1 + 1 + 1 + 1 + 1 + 2 + 3 + (3 + 4) + (2 + 4) + 2 + 1 + 2 + 4);
    // Two return addresses and a register.
    expect(stackBytes).toBe(5);
    expect([...device.readRam(DATA_OFFSET + 0x3880, 3)].slice(0, 1)).toEqual([9]);
    expect([...device.readRam(DATA_OFFSET + 0x3900, 1)]).toEqual([9]);
  });

  it('takes the cycles of AVRe on other parts', () => {
    expect(cyclesBesides(atmega328p.core).every((cycles) => cycles === 0)).toBe(true);
  });

  it('reads flash as data, a cycle later than RAM, and nothing behind RAM', async () => {
    // ldi r30, 0; ldi r31, 0x80; ld r16, Z; rjmp .
    expect((await runFirmware('attiny1616', words(0xe0e0, 0xe8f0, 0x8100, 0xcfff))).cycles).toBe(1 + 1 + 3);
    // The same from 0x3ffe, the last but one of RAM, and from 0x4000.
    expect((await runFirmware('attiny1616', words(0xefee, 0xe3ff, 0x8100, 0xcfff))).cycles).toBe(1 + 1 + 2);
    await expect(runFirmware('attiny1616', words(0xe0e0, 0xe4f0, 0x8100, 0xcfff))).rejects.toThrow(/load at 0x4000/);
  });

  it('counts the stack where a program moves its pointer, the low half first', async () => {
    // in r28, SPL; in r29, SPH; five times sbiw r28, 60; out SPL, r28; out SPH, r29; push r0; rjmp .
    const sbiw = [0x97ec, 0x97ec, 0x97ec, 0x97ec, 0x97ec];
    const program = words(0xb7cd, 0xb7de, ...sbiw, 0xbfcd, 0xbfde, 0x920f, 0xcfff);
    expect((await runFirmware('attiny1616', program)).stackBytes).toBe(301);
  });

  // ldi r16, 0x40; sts CTRLB; ldi r16, lo; sts BAUDL; ldi r16, hi; sts BAUDH; ldi r16, 'K'; sts TXDATAL; rjmp .
  const send = (baud: number) => {
    const ldi = (value: number) => 0xe000 | ((value & 0xf0) << 4) | (value & 15);
    return [
      ldi(0x40),
      0x9300,
      0x806,
      ldi(baud & 255),
      0x9300,
      0x808,
      ldi(baud >> 8),
      0x9300,
      0x809,
      ldi(0x4b),
      0x9300,
      0x802,
      0xcfff,
    ];
  };
  /** ldi r17, key; out CCP, r17; clr r1; sts MCLKCTRLB, r1: no prescaler. */
  const undivided = (key: number) => [0xe010 | ((key & 0xf0) << 4) | (key & 15), 0xbf14, 0x2411, 0x9210, 0x0061];

  it('is heard at the rate of the line alone, which hangs on the prescaler and its key', async () => {
    // 64 · 20 MHz / 16 / 115 200 = 694.4, with the clock divided by 6 after a reset 115.7.
    expect((await runFirmware('attiny1616', words(...undivided(0xd8), ...send(694)))).output).toBe('K');
    expect((await runFirmware('attiny1616', words(...send(116)))).output).toBe('K');
    await expect(runFirmware('attiny1616', words(...send(694)))).rejects.toThrow(/19212 baud/);
    await expect(runFirmware('attiny1616', words(...undivided(0xd9), ...send(694)))).rejects.toThrow(/19212 baud/);
  });
});

describe('attiny85', () => {
  it('has neither MUL nor JMP nor CALL, and everything else', () => {
    const missing = missingInstruction(attiny85.core);
    // mul r0, r1; muls r16, r17; mulsu r16, r17; fmul r16, r17; jmp; call
    for (const opcode of [0x9c01, 0x0201, 0x0301, 0x0309, 0x940c, 0x940e]) expect(missing[opcode]).toBe(1);
    // add r0, r1; movw r30, r24; lpm r0, Z+; adiw r24, 1; rjmp .; rcall; ijmp; icall; ret; sbi
    for (const opcode of [0x0c01, 0x01fc, 0x9005, 0x9601, 0xcfff, 0xd000, 0x9409, 0x9509, 0x9508, 0x9ac4]) {
      expect(missing[opcode]).toBe(0);
    }
    expect(missingInstruction(atmega328p.core).every((flag) => flag === 0)).toBe(true);
  });

  it('refuses firmware with an instruction that it does not have', async () => {
    const flash = (...words: number[]) => new Uint8Array(Uint16Array.from(words).buffer);
    // mul r0, r1; rjmp .
    await expect(runFirmware('attiny85', flash(0x9c01, 0xcfff))).rejects.toThrow(/does not have, 0x9c01 at 0x0/);
    expect((await runFirmware('attiny85', flash(0x0c01, 0xcfff))).instructions).toBe(1);
  });

  it('jumps around the end of flash', async () => {
    const flash = new Uint8Array(8192).fill(0xff);
    const put = (word: number, opcode: number) => new DataView(flash.buffer).setUint16(2 * word, opcode, true);
    // rjmp to two words before address 0; there rjmp to the word behind the end: address 0 + 1, where the program ends.
    put(0, 0xcffd);
    put(4094, 0xc002);
    put(1, 0xcfff);
    expect((await runFirmware('attiny85', flash)).instructions).toBe(2);
  });

  it('is heard where its bits are as long as they should be', () => {
    // 'K' is 0x4b: start 0, then 1 1 0 1 0 0 1 0, stop 1.
    const bits = [0, 1, 1, 0, 1, 0, 0, 1, 0, 1];
    const hear = (bit: number, levels = bits) => {
      const receiver = new PinReceiver(833);
      for (const [i, level] of levels.entries()) receiver.level(level === 1, 5000 + bit * i);
      return { end: receiver.end(5000 + bit * levels.length), bytes: receiver.bytes };
    };
    expect(hear(833)).toEqual({ end: 'ok', bytes: [0x4b] });
    expect(hear(850).bytes).toEqual([0x4b]);
    expect(hear(1000).bytes).not.toEqual([0x4b]);
    expect(hear(833, [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]).end).toBe('framing-error');
  });
});

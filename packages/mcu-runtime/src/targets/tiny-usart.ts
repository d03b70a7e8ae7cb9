// USART0 of the tinyAVR 1-series and what its rate hangs on: the prescaler of the clock, behind its key. Source: ATtiny1614/1616/1617 data sheet
// (Microchip DS40002204), chapters CPU (CCP), CLKCTRL, USART.
import type { CPU } from 'avr8js';

/** Addresses of data; avr8js has the first 64 of them, the I/O space, 32 further on, where the other AVR parts have it. */
const CCP = [0x34, 0x34 + 0x20] as const;
const MCLKCTRLB = 0x61;
const [RXDATAL, TXDATAL, STATUS, CTRLB, BAUDL, BAUDH] = [0x800, 0x802, 0x804, 0x806, 0x808, 0x809] as const;
const IO_KEY = 0xd8;
/** Instructions behind the key within which a protected register takes a value; each takes a cycle or more. */
const KEY_CYCLES = 4;
const [RX_COMPLETE, TX_EMPTY] = [0x80, 0x20] as const;
const [RX_ENABLE, TX_ENABLE] = [0x80, 0x40] as const;
/** Start bit, eight data bits, stop bit. */
const BITS = 10;
/** By the bits PDIV of MCLKCTRLB. */
const DIVISORS = [2, 4, 8, 16, 32, 64, 0, 0, 6, 10, 12, 24, 48] as const;
/** How far the two ends of a line may be apart. */
const TOLERANCE = 0.03;

interface TinyUsart {
  readonly clockHz: number;
  /** The rate at which the other end listens. */
  readonly baud: number;
  readonly send: (byte: number) => void;
  /** The next byte; undefined while there is none. */
  readonly receive: () => number | undefined;
}

/** Puts it into the hooks of a core. @param refuse what becomes of characters at another rate */
export function tinyUsart(
  cpu: CPU,
  { clockHz, baud, send, receive }: TinyUsart,
  refuse: (found: string) => never,
): void {
  const { data, writeHooks, readHooks } = cpu;
  let keyUntil = -1;
  let [shiftFree, bufferFree] = [0, 0];
  let received: number | undefined;
  // After a reset: divided by 6.
  data[MCLKCTRLB] = 0x11;
  for (const address of CCP) {
    writeHooks[address] = (value) => {
      if (value === IO_KEY) keyUntil = cpu.cycles + KEY_CYCLES;
      return true;
    };
  }
  // Without its key the register keeps what it has.
  writeHooks[MCLKCTRLB] = () => cpu.cycles > keyUntil;
  const divisor = () => (data[MCLKCTRLB]! & 1 ? DIVISORS[data[MCLKCTRLB]! >> 1]! : 1);
  const bitCycles = () => (data[BAUDL]! | (data[BAUDH]! << 8)) / 4;
  writeHooks[TXDATAL] = (value) => {
    if (!(data[CTRLB]! & TX_ENABLE)) return true;
    const rate = clockHz / divisor() / bitCycles();
    if (!(Math.abs(rate / baud - 1) <= TOLERANCE)) refuse(`a character at ${Math.round(rate)} baud, ${baud} wanted,`);
    // What is written while the buffer is full is lost.
    if (cpu.cycles < bufferFree) return true;
    send(value);
    bufferFree = Math.max(cpu.cycles, shiftFree);
    shiftFree = bufferFree + BITS * bitCycles();
    return true;
  };
  readHooks[STATUS] = () => {
    if (data[CTRLB]! & RX_ENABLE) received ??= receive();
    return (received === undefined ? 0 : RX_COMPLETE) | (cpu.cycles >= bufferFree ? TX_EMPTY : 0);
  };
  readHooks[RXDATAL] = () => {
    const byte = received ?? 0;
    received = undefined;
    return byte;
  };
}

// The few devices that bare-metal firmware on the CH32V parts touches: clock set-up and the first USART, at the same
// addresses on all of them, and the SysTick (systick.ts). Other registers read as 0 and ignore writes.
// Source: CH32V003, CH32V00X and CH32FV2x_V3x reference manuals (WCH), chapters RCC and USART.
import { lineOf, type SerialLine } from './serial-line.js';
import { createSysTick } from './systick.js';

/** Devices of a machine. Addresses outside of every device fault. */
export interface Peripherals {
  /** Value at an address, or `undefined` where nothing answers. `cycles` is the core's cycle count. */
  read(address: number, bytes: number, cycles: number): number | undefined;
  /** False where nothing answers. */
  write(address: number, bytes: number, value: number, cycles: number): boolean;
  /** What was sent through the USART so far. */
  output(): Uint8Array;
  reset(): void;
}

const APB_AHB_BASE = 0x4000_0000;
const APB_AHB_END = 0x4003_0000;
const CORE_BASE = 0xe000_0000;
const CORE_END = 0xe001_0000;
const USART1_STATR = 0x4001_3800;
const USART1_DATAR = 0x4001_3804;
const USART_TXE_TC = 0xc0;
const USART_RXNE = 0x20;
const RCC_CTLR = 0x4002_1000;
const RCC_CFGR0 = 0x4002_1004;

/** The devices of the CH32V parts. @param line the other end of the USART; default: nothing but EOT comes from there */
export function createCh32Peripherals(line: SerialLine = lineOf(new Uint8Array())): Peripherals {
  const sysTick = createSysTick();
  let sent: number[] = [];
  /** The byte in the data register. */
  let received: number | undefined;
  let rccControl = 0;
  let rccConfiguration = 0;
  return {
    read(address, _bytes, cycles) {
      switch (address) {
        case USART1_STATR:
          received ??= line.receive();
          return USART_TXE_TC | (received === undefined ? 0 : USART_RXNE);
        case USART1_DATAR: {
          const byte = received ?? line.receive() ?? 0;
          received = undefined;
          return byte;
        }
        case RCC_CTLR:
          // Every oscillator that is switched on (bits 0, 16, 24) is ready at once (the bit above it).
          return rccControl | ((rccControl & 0x0101_0001) << 1);
        case RCC_CFGR0:
          // The system clock (bits 3:2) is what was asked for (bits 1:0).
          return (rccConfiguration & ~0xc) | ((rccConfiguration & 3) << 2);
        default:
          return (
            sysTick.read(address, cycles) ??
            ((address >= APB_AHB_BASE && address < APB_AHB_END) || (address >= CORE_BASE && address < CORE_END)
              ? 0
              : undefined)
          );
      }
    },
    write(address, _bytes, value, cycles) {
      if (sysTick.write(address, value, cycles)) return true;
      if (address === USART1_DATAR) {
        sent.push(value & 0xff);
        line.send?.(value & 0xff);
      } else if (address === RCC_CTLR) rccControl = value;
      else if (address === RCC_CFGR0) rccConfiguration = value;
      return (address >= APB_AHB_BASE && address < APB_AHB_END) || (address >= CORE_BASE && address < CORE_END);
    },
    output: () => Uint8Array.from(sent),
    reset() {
      sent = [];
      received = undefined;
      sysTick.reset();
      rccControl = 0;
      rccConfiguration = 0;
    },
  };
}

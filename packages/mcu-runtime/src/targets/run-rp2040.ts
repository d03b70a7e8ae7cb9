// Firmware on the RP2040: what the boot ROM does with flash, then the second boot stage and everything behind it, with real faults.
import type { RP2040 } from 'rp2040js';
import { SimulatorError } from '../sim/errors.js';
import type { SerialLine } from '../sim/serial-line.js';
import { UNDEFINED_MEMORY } from '../sim/undefined-memory.js';
import { CoreFault, faultAsTheRealOne } from './rp2040-faults.js';
import { watchSysTick } from './rp2040-systick.js';
import type { FirmwareRun, RunRequest } from './run-firmware.js';
import { serialText } from './serial-text.js';

const SRAM_BASE = 0x2000_0000;
/** Where the boot ROM puts the second stage; RP2040 data sheet, 2.8.1. */
const STAGE_2 = 0x2004_1f00;
const STAGE_2_BYTES = 252;
const HARD_FAULT = 3;

export async function runRp2040(flash: Uint8Array, options: RunRequest): Promise<FirmwareRun> {
  const { RP2040 } = await import('rp2040js');
  const chip = new RP2040();
  const { core, sram } = chip;
  const sent: number[] = [];
  chip.uart[0]!.onByte = (byte) => {
    sent.push(byte);
    options.line.send?.(byte);
  };
  feedUart(chip.uart[0]!, options.line);
  const sysTick = watchSysTick(chip);
  chip.flash.set(flash);
  sram.fill(UNDEFINED_MEMORY);
  core.registers.fill(0xdead_beef);
  enterSecondStage(flash, sram);
  core.SP = STAGE_2;
  core.PC = STAGE_2;
  faultAsTheRealOne(chip);

  let instructions = 0;
  let lowest = 0xffff_ffff;
  let fault: string | undefined;
  while (!core.waiting) {
    const pc = core.PC;
    try {
      sysTick.advance(core.executeInstruction());
    } catch (error) {
      if (!(error instanceof CoreFault)) throw error;
      // A fault in a handler, or while one is entered, locks the core up.
      if (fault !== undefined) refuse(`${fault}, then ${error.message}: the core locks up`);
      fault = `${error.message}, by the instruction at 0x${(pc >>> 0).toString(16)}`;
      core.PC = pc;
      try {
        core.exceptionEntry(HARD_FAULT);
      } catch {
        refuse(`${fault}: the core locks up, since its stack or its vector table is not there`);
      }
    }
    // Until the vector table's stack is in use, sp is the boot ROM's.
    if (pc < STAGE_2 && core.SP < lowest) lowest = core.SP;
    instructions++;
    if (instructions > options.maxInstructions) refuse(`${instructions} instructions without sleeping`);
  }
  const stackBytes = lowest === 0xffff_ffff ? 0 : SRAM_BASE + sram.length - lowest;
  if (options.staticRamBytes + stackBytes > sram.length) {
    refuse(`${stackBytes} bytes of stack beside ${options.staticRamBytes} of static data, ${sram.length} bytes of RAM`);
  }
  return { output: serialText(sent), instructions, stackBytes, fault };
}

/** Registers of the UART, data sheet 4.2.8. */
const [UARTDR, UARTFR] = [0x00, 0x18];

/** Hands the program the next byte when it looks whether there is one. */
function feedUart(uart: Pick<RP2040['uart'][number], 'readUint32' | 'feedByte'>, line: SerialLine): void {
  const read = uart.readUint32.bind(uart);
  let isWaiting = false;
  uart.readUint32 = (offset) => {
    if (offset === UARTFR && !isWaiting) {
      const byte = line.receive();
      if (byte !== undefined) {
        isWaiting = true;
        uart.feedByte(byte);
      }
    }
    if (offset === UARTDR) isWaiting = false;
    return read(offset);
  };
}

/** @throws SimulatorError `run-failed` where the boot ROM finds no second stage: it then waits for USB. */
function enterSecondStage(flash: Uint8Array, sram: Uint8Array): void {
  const stage2 = flash.subarray(0, STAGE_2_BYTES + 4);
  let crc = 0xffff_ffff;
  for (const byte of stage2.subarray(0, STAGE_2_BYTES)) {
    crc ^= byte << 24;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000_0000 ? (crc << 1) ^ 0x04c1_1db7 : crc << 1;
  }
  const stored = new DataView(stage2.buffer, stage2.byteOffset).getUint32(STAGE_2_BYTES, true);
  if (crc >>> 0 !== stored) {
    refuse(`a second boot stage with the CRC 0x${(crc >>> 0).toString(16)} and 0x${stored.toString(16)} behind it`);
  }
  sram.set(stage2, STAGE_2 - SRAM_BASE);
}

function refuse(found: string): never {
  throw new SimulatorError('run-failed', `Firmware on rp2040: ${found} found; wanted: a program that ends asleep`);
}

// What faults on a Cortex-M0+ and what rp2040js only logs: unaligned accesses, addresses where nothing is, instructions that do not exist.
// Source: Armv6-M Architecture Reference Manual, A3.2 (alignment), B1.5.8 (faults); RP2040 data sheet, 2.2 (address map).
import type { RP2040 } from 'rp2040js';

/** An access or an instruction that raises HardFault. */
export class CoreFault extends Error {
  override readonly name = 'CoreFault';
}

const ROM_BYTES = 0x4000;
const XIP_BASE = 0x1000_0000;
const XIP_END = 0x1400_0000;
/** The four windows onto flash are this far apart. */
const XIP_WINDOW = 0x0100_0000;
const SRAM_BASE = 0x2000_0000;
const SIO_BASE = 0xd000_0000;
const SIO_END = 0xd000_0200;
const PPB_PAGES = [0xe000_e, 0xe000_d] as const;
const USB_RAM_BASE = 0x5010_0000;

type Access = 'load' | 'store';

/** Makes every access of the core to this chip's memory throw {@link CoreFault} where the real one faults. */
export function faultAsTheRealOne(chip: RP2040): void {
  const isThere = (address: number, access: Access): boolean => {
    if (address - SRAM_BASE >= 0 && address - SRAM_BASE < chip.sram.length) return true;
    if (address < ROM_BYTES) return access === 'load';
    if (address >= XIP_BASE && address < XIP_END) {
      return access === 'load' && address % XIP_WINDOW < chip.flash.length;
    }
    if (address >= SIO_BASE && address < SIO_END) return true;
    if (address - USB_RAM_BASE >= 0 && address - USB_RAM_BASE < chip.usbDPRAM.length) return true;
    return (
      PPB_PAGES.includes((address >>> 12) as (typeof PPB_PAGES)[number]) || chip.findPeripheral(address) !== undefined
    );
  };
  const check = (given: number, bytes: number, access: Access): void => {
    const address = given >>> 0;
    if ((address & (bytes - 1)) !== 0) throw new CoreFault(`unaligned ${access} of ${bytes} bytes at ${hex(address)}`);
    if (!isThere(address, access)) throw new CoreFault(`${access} at ${hex(address)}, where there is nothing`);
  };

  const { readUint32, readUint16, readUint8, writeUint32, writeUint16, writeUint8 } = chip;
  // Narrow accesses of rp2040js are made of wide ones at aligned addresses; the check of the narrow one comes first.
  chip.readUint32 = (address) => {
    check(address, 4, 'load');
    return readUint32.call(chip, address);
  };
  chip.readUint16 = (address) => {
    check(address, 2, 'load');
    return readUint16.call(chip, address);
  };
  chip.readUint8 = (address) => {
    check(address, 1, 'load');
    return readUint8.call(chip, address);
  };
  chip.writeUint32 = (address, value) => {
    check(address, 4, 'store');
    writeUint32.call(chip, address, value);
  };
  chip.writeUint16 = (address, value) => {
    check(address, 2, 'store');
    writeUint16.call(chip, address, value);
  };
  chip.writeUint8 = (address, value) => {
    check(address, 1, 'store');
    writeUint8.call(chip, address, value);
  };
  // UDF, and BKPT where no debugger is attached.
  chip.onBreak = () => {
    throw new CoreFault('an instruction that faults (udf or bkpt)');
  };
  const silent = () => {};
  chip.logger = {
    debug: silent,
    info: silent,
    error: silent,
    warn: (component, message) => {
      if (component === 'CortexM0Core' && message.includes('is not implemented yet')) {
        throw new CoreFault('an instruction that does not exist');
      }
    },
  };
}

function hex(address: number): string {
  return `0x${address.toString(16).padStart(8, '0')}`;
}

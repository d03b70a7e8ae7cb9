// Flash and RAM of a Cortex-M. Flash answers at its base and at address 0, from where the core starts.
import { hex, ThumbFault, type ThumbMemory } from './state.js';

/** Registers outside of both memories; `undefined` or false where nothing answers. */
export interface ThumbDevices {
  read(address: number): number | undefined;
  write(address: number, value: number): boolean;
}

const NO_DEVICES: ThumbDevices = { read: () => undefined, write: () => false };

export interface Memories {
  readonly flash: { readonly base: number; readonly bytes: Uint8Array };
  readonly ram: { readonly base: number; readonly bytes: Uint8Array };
}

type Width = 1 | 2 | 4;

/** Accesses of an unaligned halfword besides the first: two bytes. */
const furtherOf16 = (address: number): number => address & 1;
/** Of an unaligned word: two halfwords, or a byte, a halfword and a byte. */
const furtherOf32 = (address: number): number => (address & 1 ? 2 : (address & 2) >> 1);

/** Any alignment, as these cores allow it for one register. */
export function createThumbMemory({ flash, ram }: Memories, devices: ThumbDevices = NO_DEVICES): ThumbMemory {
  const view = ({ bytes }: { readonly bytes: Uint8Array }) =>
    new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [flashView, ramView] = [view(flash), view(ram)];
  const [flashSize, ramSize] = [flash.bytes.length, ram.bytes.length];

  function other(address: number, width: Width): number {
    const at = address >>> 0;
    if (at + width <= flashSize) {
      return width === 4
        ? flashView.getInt32(at, true)
        : width === 2
          ? flashView.getUint16(at, true)
          : flashView.getUint8(at);
    }
    const value = devices.read(at);
    if (value === undefined) throw new ThumbFault(`load at ${hex(at)}, where there is nothing`);
    return value;
  }
  function toDevice(address: number, value: number): void {
    if (!devices.write(address >>> 0, value)) {
      throw new ThumbFault(`store at ${hex(address)}, where there is no RAM`);
    }
  }
  const memory: ThumbMemory = {
    further: 0,
    load8(address) {
      const inRam = (address - ram.base) >>> 0;
      if (inRam < ramSize) return ramView.getUint8(inRam);
      const inFlash = (address - flash.base) >>> 0;
      return inFlash < flashSize ? flashView.getUint8(inFlash) : other(address, 1);
    },
    load16(address) {
      memory.further += furtherOf16(address);
      const inRam = (address - ram.base) >>> 0;
      if (inRam + 2 <= ramSize) return ramView.getUint16(inRam, true);
      const inFlash = (address - flash.base) >>> 0;
      return inFlash + 2 <= flashSize ? flashView.getUint16(inFlash, true) : other(address, 2);
    },
    load32(address) {
      memory.further += furtherOf32(address);
      const inRam = (address - ram.base) >>> 0;
      if (inRam + 4 <= ramSize) return ramView.getInt32(inRam, true);
      const inFlash = (address - flash.base) >>> 0;
      return inFlash + 4 <= flashSize ? flashView.getInt32(inFlash, true) : other(address, 4);
    },
    store8(address, value) {
      const inRam = (address - ram.base) >>> 0;
      if (inRam < ramSize) ramView.setUint8(inRam, value);
      else toDevice(address, value & 0xff);
    },
    store16(address, value) {
      memory.further += furtherOf16(address);
      const inRam = (address - ram.base) >>> 0;
      if (inRam + 2 <= ramSize) ramView.setUint16(inRam, value, true);
      else toDevice(address, value & 0xffff);
    },
    store32(address, value) {
      memory.further += furtherOf32(address);
      const inRam = (address - ram.base) >>> 0;
      if (inRam + 4 <= ramSize) ramView.setInt32(inRam, value, true);
      else toDevice(address, value);
    },
  };
  return memory;
}

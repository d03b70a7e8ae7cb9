// Reads the regular files of a tar archive in memory (ustar and pax; POSIX.1-2017, pax, "ustar Interchange Format").
import { TrainerError } from '../errors.js';

const BLOCK = 512;
const text = new TextDecoder();

/**
 * Calls up each regular file with a name shorter than 256 bytes; contents are views into `archive`.
 * Links, folders and extended headers are passed over.
 * @throws TrainerError `invalid-data` where a header's checksum or a size is wrong.
 */
export function* tarFiles(archive: Uint8Array): Generator<{ name: string; bytes: Uint8Array }> {
  let at = 0;
  while (at + BLOCK <= archive.length) {
    const header = archive.subarray(at, at + BLOCK);
    if (header[0] === 0) return;
    if (octal(header, 148, 8) !== checksum(header)) {
      throw new TrainerError('invalid-data', `The archive is damaged: wrong header checksum at byte ${at}.`);
    }
    const size = octal(header, 124, 12);
    const begin = at + BLOCK;
    if (!(size >= 0) || begin + size > archive.length) {
      throw new TrainerError('invalid-data', `The archive is cut short: ${size} bytes announced at byte ${at}.`);
    }
    const type = header[156];
    if (type === 0 || type === 0x30) {
      const prefix = text.decode(header.subarray(257, 262)) === 'ustar' ? field(header, 345, 155) : '';
      const name = field(header, 0, 100);
      yield { name: prefix === '' ? name : `${prefix}/${name}`, bytes: archive.subarray(begin, begin + size) };
    }
    at = begin + Math.ceil(size / BLOCK) * BLOCK;
  }
}

function field(header: Uint8Array, offset: number, length: number): string {
  const bytes = header.subarray(offset, offset + length);
  const end = bytes.indexOf(0);
  return text.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function octal(header: Uint8Array, offset: number, length: number): number {
  const digits = field(header, offset, length).trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
}

/** Sum of the header's bytes with the checksum field itself taken as spaces. */
function checksum(header: Uint8Array): number {
  let sum = 0;
  for (let i = 0; i < BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : header[i]!;
  return sum;
}

// Files that prove by themselves that this project wrote them and nobody changed them since. Node only.
import { createHash } from 'node:crypto';
import { crc32 } from './crc32.js';

const MAGIC = /^BN[MTC][0-9]$/;
const CRC_BYTES = 4;
const STAMP = /<!-- bitnetmcu sha256:([0-9a-f]{64}) -->\n$/;

/** SVG or other XML text with its hash as a comment at the end. */
export function stamped(text: string): string {
  return `${text}<!-- bitnetmcu sha256:${sha256(text)} -->\n`;
}

/** Whether this is a .bnm, .bnt or checkpoint with the right checksum, or a text that `stamped` made. */
export function provesItself(bytes: Uint8Array): boolean {
  return isIntactContainer(bytes) || isStamped(bytes);
}

export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}

function isIntactContainer(bytes: Uint8Array): boolean {
  const end = bytes.length - CRC_BYTES;
  if (end < CRC_BYTES || !MAGIC.test(String.fromCharCode(...bytes.subarray(0, 4)))) return false;
  return new DataView(bytes.buffer, bytes.byteOffset + end).getUint32(0, true) === crc32(bytes.subarray(0, end));
}

function isStamped(bytes: Uint8Array): boolean {
  const tail = new TextDecoder('latin1').decode(bytes.subarray(-100));
  const found = STAMP.exec(tail);
  if (found === null) return false;
  return sha256(bytes.subarray(0, bytes.length - found[0].length)) === found[1];
}

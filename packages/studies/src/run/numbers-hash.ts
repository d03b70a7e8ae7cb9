// A list of whole numbers as one short text: the groups of samples, which samples were held out.
import { createHash } from 'node:crypto';

/** SHA-256, hexadecimal, of the numbers as 32 bits each, least significant byte first. */
export function numbersSha256({ buffer, byteOffset, byteLength }: Uint32Array): string {
  return createHash('sha256')
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest('hex');
}

// CRC-32 of ISO 3309 / IEEE 802.3 (polynomial 0x04C11DB7 reflected), as in PNG and zip.

/** CRC-32 of bytes, as an unsigned number. Catches every single flipped bit and every burst of up to 32 bits. */
export function crc32(bytes: Uint8Array): number {
  const table = crcTable();
  let crc = 0xffff_ffff;
  for (let i = 0; i < bytes.length; i++) crc = table[(crc ^ bytes[i]!) & 255]! ^ (crc >>> 8);
  return (crc ^ 0xffff_ffff) >>> 0;
}

let cached: Uint32Array | undefined;

/** The 256 remainders; made on first use, so that importing this file costs nothing. */
function crcTable(): Uint32Array {
  if (cached !== undefined) return cached;
  const table = new Uint32Array(256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? 0xedb8_8320 ^ (c >>> 1) : c >>> 1;
    table[n] = c;
  }
  cached = table;
  return table;
}

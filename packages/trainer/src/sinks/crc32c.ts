// CRC-32C (Castagnoli), which TFRecord files use; RFC 3720, appendix B.4.

let table: Uint32Array | undefined;

/** Made on first use, so that importing this file costs nothing. */
function remainders(): Uint32Array {
  table ??= Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
    return crc;
  });
  return table;
}

/** The checksum as an unsigned number. */
export function crc32c(bytes: Uint8Array): number {
  const table = remainders();
  let crc = 0xffffffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 0xff]!;
  return (crc ^ 0xffffffff) >>> 0;
}

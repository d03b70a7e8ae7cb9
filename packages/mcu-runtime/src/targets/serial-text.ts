/** Bytes of a serial port as text, each a character of Latin-1. */
export function serialText(bytes: Iterable<number>): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

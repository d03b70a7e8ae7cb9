// A WAV file of 16 bits and one channel.

/** @param values −32 768 to 32 767 */
export function wav(rate: number, values: readonly number[]): Buffer {
  const samples = values.length;
  const file = Buffer.alloc(44 + 2 * samples);
  file.write('RIFF\0\0\0\0WAVEfmt ');
  file.writeUInt32LE(36 + 2 * samples, 4);
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(rate, 24);
  file.writeUInt32LE(2 * rate, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write('data', 36);
  file.writeUInt32LE(2 * samples, 40);
  for (const [i, value] of values.entries()) file.writeInt16LE(Math.round(value), 44 + 2 * i);
  return file;
}

// WAV files for tests.

/** A WAV file of one channel, 16 bits. */
export function wav(rate: number, samples: Int16Array): Buffer {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + samples.byteLength, 4);
  head.write('WAVEfmt ', 8);
  for (const [at, value] of [
    [20, 1],
    [22, 1],
    [32, 2],
    [34, 16],
  ] as const)
    head.writeUInt16LE(value, at);
  for (const [at, value] of [
    [16, 16],
    [24, rate],
    [28, 2 * rate],
    [40, samples.byteLength],
  ] as const) {
    head.writeUInt32LE(value, at);
  }
  head.write('data', 36);
  return Buffer.concat([head, Buffer.from(samples.buffer)]);
}

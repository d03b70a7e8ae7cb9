// WAV files written here byte by byte, and another rate checked by tones whose samples are known at any time.
import { describe, expect, it } from 'vitest';
import { parseWav } from './parse-wav.js';
import { resample, resampledLength } from './resample.js';

interface Fields {
  code?: number;
  channels?: number;
  rate?: number;
  bits?: number;
  extensible?: number;
  announced?: number;
  before?: Buffer;
}

function chunk(name: string, data: Buffer, announced = data.length): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(announced, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

function wav(
  data: Buffer,
  { code = 1, channels = 1, rate = 8000, bits = 16, extensible, announced, before }: Fields = {},
) {
  const format = Buffer.alloc(extensible === undefined ? 16 : 40);
  format.writeUInt16LE(extensible === undefined ? code : 0xfffe, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt32LE((rate * channels * bits) / 8, 8);
  format.writeUInt16LE((channels * bits) / 8, 12);
  format.writeUInt16LE(bits, 14);
  if (extensible !== undefined) {
    format.writeUInt16LE(22, 16);
    format.writeUInt16LE(extensible, 24);
  }
  const body = Buffer.concat([
    Buffer.from('WAVE'),
    chunk('fmt ', format),
    before ?? Buffer.alloc(0),
    chunk('data', data, announced),
  ]);
  return chunk('RIFF', body);
}

const samplesOf = (file: Buffer) => [...parseWav(file, 'x.wav').samples];
const floats = (...values: number[]) => Buffer.from(Float32Array.from(values).buffer);

describe('parseWav', () => {
  it('reads every format of numbers to steps of 16 bits', () => {
    expect(samplesOf(wav(Buffer.from([0, 128, 255]), { bits: 8 }))).toEqual([-32_768, 0, 32_512]);
    expect(samplesOf(wav(Buffer.from([0xff, 0x7f, 0, 0x80, 1, 0])))).toEqual([32_767, -32_768, 1]);
    expect(samplesOf(wav(Buffer.from([0x80, 1, 0, 0, 0, 0x80]), { bits: 24 }))).toEqual([1.5, -32_768]);
    expect(samplesOf(wav(Buffer.from([0, 0x80, 1, 0, 0, 0, 0, 0x80]), { bits: 32 }))).toEqual([1.5, -32_768]);
    expect(samplesOf(wav(floats(0.5, -1, 1.5), { code: 3, bits: 32 }))).toEqual([16_384, -32_768, 49_152]);
    const doubles = Buffer.from(Float64Array.of(0.25, -0.5).buffer);
    expect(samplesOf(wav(doubles, { code: 3, bits: 64 }))).toEqual([8192, -16_384]);
    expect(samplesOf(wav(floats(0.5), { extensible: 3, bits: 32 }))).toEqual([16_384]);
    expect(samplesOf(wav(Buffer.from([2, 0]), { extensible: 1 }))).toEqual([2]);
  });

  it('takes the mean of channels, and passes over chunks of odd length', () => {
    const before = chunk('LIST', Buffer.from('abc'));
    const file = wav(Buffer.from([1, 0, 4, 0, 0xfe, 0xff, 2, 0]), { channels: 2, rate: 44_100, before });
    expect(parseWav(file, 'x.wav')).toEqual({ rate: 44_100, channels: 2, samples: Float32Array.of(2.5, 0) });
  });

  it('reads to the end where the length was not known when it was written', () => {
    expect(samplesOf(wav(Buffer.from([1, 0, 2, 0]), { announced: 0xffffffff }))).toEqual([1, 2]);
  });

  const sound = wav(Buffer.from([1, 0, 2, 0]));
  it.each<[string, Buffer, RegExp]>([
    [
      'a file that is cut',
      sound.subarray(0, sound.length - 1),
      /cut short: 4 bytes of sound are announced, 3 are there/,
    ],
    ['one without sound', wav(Buffer.alloc(0)), /has no sound/],
    ['half a sample', wav(Buffer.from([1, 0, 2])), /no whole number of samples/],
    ['one that ends before its sound', sound.subarray(0, 36), /no sound \(chunk "data"\)/],
    ['a coded one', wav(Buffer.from([1, 2]), { code: 7, bits: 8 }), /8-bit µ-law samples.*ffmpeg/],
    ['12 bits', wav(Buffer.from([1, 2]), { bits: 12 }), /12-bit PCM/],
    ['no channel', wav(Buffer.from([1, 2]), { channels: 0 }), /0 channels/],
    ['a rate of 0', wav(Buffer.from([1, 2]), { rate: 0 }), /at 0 Hz/],
    ['no number', wav(floats(0, Number.NaN), { code: 3, bits: 32 }), /sample 1 is no finite number/],
    ['another kind of sound', Buffer.from('OggS and the rest'), /is no WAV file but Ogg.*ffmpeg/],
    ['an empty file', Buffer.alloc(0), /does not begin with RIFF/],
  ])('refuses %s', (_, file, message) => {
    expect(() => parseWav(file, 'x.wav')).toThrow(
      expect.objectContaining({ code: 'invalid-data', message: expect.stringMatching(message) }),
    );
    expect(() => parseWav(file, 'x.wav')).toThrow(/^x\.wav /);
  });
});

describe('resample', () => {
  const tone = (hertz: number, rate: number, seconds = 0.5) =>
    Float32Array.from({ length: rate * seconds }, (_, i) => 10_000 * Math.sin((2 * Math.PI * hertz * i) / rate + 0.3));
  /** Away from the ends, where the recording is taken to be silent beyond. */
  const largest = (a: Float32Array, b?: Float32Array) =>
    a.reduce(
      (most, value, i) => (i < 200 || i > a.length - 200 ? most : Math.max(most, Math.abs(value - (b?.[i] ?? 0)))),
      0,
    );

  it.each([
    [44_100, 16_000],
    [48_000, 8000],
    [8000, 16_000],
    [22_050, 16_000],
    [16_000, 15_999],
  ])('keeps tones of up to 80 %% of the lower band: %i to %i Hz', (from, to) => {
    for (const hertz of [0, 50, 0.4 * Math.min(from, to)]) {
      const found = resample(tone(hertz, from), from, to, 'x');
      // 80 dB below 10000 is 1.
      expect(largest(found, tone(hertz, to))).toBeLessThan(2);
    }
  });

  it('takes away what the lower rate cannot have, by 80 dB', () => {
    for (const hertz of [4001, 5000, 9000, 20_000]) {
      expect(largest(resample(tone(hertz, 48_000), 48_000, 8000, 'x'))).toBeLessThan(2);
    }
  });

  it('gives constants back exactly, and as many samples as begin within the recording', () => {
    const found = resample(new Float32Array(4000).fill(12_345), 44_100, 8000, 'x');
    expect(found.length).toBe(Math.ceil((4000 * 8000) / 44_100));
    expect(new Set(found.subarray(100, found.length - 100))).toEqual(new Set([12_345]));
    expect(resampledLength(3, 1, 2)).toBe(6);
  });

  it('refuses to make a hundred samples of one', () => {
    expect(() => resample(new Float32Array(10), 100, 16_000, 'x')).toThrow(/at most 16 times/);
    expect(() => resample(new Float32Array(10), 48_000, 47, 'x')).toThrow(/of at most 1000 one is made/);
  });
});

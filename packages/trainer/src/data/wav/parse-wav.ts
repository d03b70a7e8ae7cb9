// WAV files (RIFF/WAVE, IBM and Microsoft 1991; WAVE_FORMAT_EXTENSIBLE): one channel of numbers, in steps of 16-bit samples.
import { TrainerError } from '../../errors.js';
import { MAX_WAV_SAMPLES } from '../limits.js';

/** A recording, mixed to one channel. */
export interface Wav {
  /** Samples a second, in Hz. */
  readonly rate: number;
  /** Channels of the file; their mean is taken. */
  readonly channels: number;
  /** −32768 … 32767 for −1 … 1 of full scale; with fractions where the file has more than 16 bits, beyond them where it has floats over 1. */
  readonly samples: Float32Array;
}

const PCM = 1;
const FLOAT = 3;
const EXTENSIBLE = 0xfffe;
/** What other codes stand for (RFC 2361), for messages. */
const CODE_NAMES: Readonly<Record<number, string>> = {
  2: 'Microsoft ADPCM',
  6: 'A-law',
  7: 'µ-law',
  17: 'IMA ADPCM',
  49: 'GSM 6.10',
  80: 'MPEG audio',
  85: 'MP3',
};
/** Other files of sound by their first bytes. */
const OTHER_FILES: readonly (readonly [magic: string, name: string])[] = [
  ['OggS', 'Ogg'],
  ['fLaC', 'FLAC'],
  ['ID3', 'MP3'],
  ['FORM', 'AIFF'],
  ['RF64', 'RF64 (a WAV of over 4 GB)'],
  ['RIFX', 'RIFX (a big-endian WAV)'],
];
const CONVERT = 'Convert it to 16-bit PCM: ffmpeg -i IN -c:a pcm_s16le OUT.wav';
/** Lengths that programs write which do not know them yet. */
const STREAMED = [0xffffffff, 0x7fffffff];
const MAX_CHANNELS = 64;
/** Samples a second of accelerometers up to those of studios. */
export const MAX_WAV_RATE = 768_000;

type Read = (view: DataView, at: number) => number;

/** How a sample of so many bits is read, by format. PCM of 8 bits has no sign, all others have. */
const READERS: Readonly<Record<string, Read>> = {
  [`${PCM}/8`]: (view, at) => (view.getUint8(at) - 128) * 256,
  [`${PCM}/16`]: (view, at) => view.getInt16(at, true),
  [`${PCM}/24`]: (view, at) => view.getInt16(at + 1, true) + view.getUint8(at) / 256,
  [`${PCM}/32`]: (view, at) => view.getInt32(at, true) / 65_536,
  [`${FLOAT}/32`]: (view, at) => view.getFloat32(at, true) * 32_768,
  [`${FLOAT}/64`]: (view, at) => view.getFloat64(at, true) * 32_768,
};

/**
 * Reads PCM of 8, 16, 24 and 32 bits and floats of 32 and 64; channels are mixed to their mean.
 * @throws TrainerError `invalid-data` for what is damaged, cut short, empty or another kind of sound.
 */
export function parseWav(bytes: Uint8Array, source: string): Wav {
  const { format, data } = chunksOf(bytes, source);
  const { code, channels, rate, bits, frameBytes } = readFormat(format, source);
  const read = READERS[`${code}/${bits}`];
  if (read === undefined) {
    const what = CODE_NAMES[code] ?? (code === PCM ? 'PCM' : code === FLOAT ? 'float' : `format ${code}`);
    throw refuse(
      source,
      `has ${bits}-bit ${what} samples; PCM of 8, 16, 24 or 32 bits or floats of 32 or 64 are read. ${CONVERT}.`,
    );
  }
  if (data.length % frameBytes !== 0) {
    throw refuse(
      source,
      `is damaged: ${data.length} bytes of sound are no whole number of samples of ${frameBytes} bytes. Get the file again.`,
    );
  }
  const count = data.length / frameBytes;
  if (count > MAX_WAV_SAMPLES) {
    throw refuse(
      source,
      `has ${count} samples of sound; at most ${MAX_WAV_SAMPLES} are read. Cut it into several files.`,
    );
  }
  if (count === 0) throw refuse(source, 'has no sound: not one sample. Record it again, or take it out.');
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const width = bits / 8;
  const samples = new Float32Array(count);
  for (let i = 0; i < samples.length; i++) {
    let sum = 0;
    for (let channel = 0; channel < channels; channel++) sum += read(view, i * frameBytes + channel * width);
    if (!Number.isFinite(sum)) throw refuse(source, `is damaged: sample ${i} is no finite number. Get the file again.`);
    samples[i] = sum / channels;
  }
  return { rate, channels, samples };
}

function chunksOf(bytes: Uint8Array, source: string): { format: DataView; data: Uint8Array } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = (at: number, length: number) => String.fromCharCode(...bytes.subarray(at, at + length));
  if (text(0, 4) !== 'RIFF' || text(8, 4) !== 'WAVE') {
    const other = OTHER_FILES.find(([magic]) => text(0, magic.length) === magic);
    throw refuse(
      source,
      other
        ? `is no WAV file but ${other[1]}. ${CONVERT}.`
        : `is no WAV file: it does not begin with RIFF … WAVE. ${CONVERT}.`,
    );
  }
  let format: DataView | undefined;
  for (let at = 12; at + 8 <= bytes.length; ) {
    const name = text(at, 4);
    const length = view.getUint32(at + 4, true);
    const begin = at + 8;
    const there = bytes.length - begin;
    if (name === 'fmt ' && length <= there) format = new DataView(bytes.buffer, bytes.byteOffset + begin, length);
    if (name === 'data') {
      if (format === undefined)
        throw refuse(source, 'is damaged: its sound comes before its format. Get the file again.');
      // Unknown while it was written: it goes to the end.
      const isStreamed = STREAMED.includes(length);
      if (length > there && !isStreamed) {
        throw refuse(
          source,
          `is cut short: ${length} bytes of sound are announced, ${there} are there. Get the file again.`,
        );
      }
      return { format, data: bytes.subarray(begin, begin + (isStreamed ? there : length)) };
    }
    at = begin + length + (length % 2);
  }
  throw refuse(
    source,
    `is damaged or cut short: it has no ${format ? 'sound (chunk "data")' : 'format (chunk "fmt ")'}. Get the file again.`,
  );
}

function readFormat(format: DataView, source: string) {
  if (format.byteLength < 16)
    throw refuse(
      source,
      `is damaged: its format has ${format.byteLength} bytes, 16 or more wanted. Get the file again.`,
    );
  const tag = format.getUint16(0, true);
  if (tag === EXTENSIBLE && format.byteLength < 26)
    throw refuse(source, 'is damaged: its extended format is cut short. Get the file again.');
  // The code is the first part of the extended format's identifier.
  const code = tag === EXTENSIBLE ? format.getUint16(24, true) : tag;
  const channels = format.getUint16(2, true);
  const rate = format.getUint32(4, true);
  const frameBytes = format.getUint16(12, true);
  const bits = format.getUint16(14, true);
  if (channels < 1 || channels > MAX_CHANNELS || rate < 1 || rate > MAX_WAV_RATE) {
    throw refuse(
      source,
      `is damaged: ${channels} channels at ${rate} Hz; 1 to ${MAX_CHANNELS} at 1 to ${MAX_WAV_RATE} Hz are read. Get the file again.`,
    );
  }
  if (READERS[`${code}/${bits}`] && frameBytes !== (channels * bits) / 8) {
    throw refuse(
      source,
      `is damaged: ${channels} channels of ${bits} bits take ${(channels * bits) / 8} bytes, but its format says ${frameBytes}. Get the file again.`,
    );
  }
  return { code, channels, rate, bits, frameBytes };
}

const refuse = (source: string, reason: string) => new TrainerError('invalid-data', `${source} ${reason}`);

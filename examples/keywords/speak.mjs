// Speaks eight words with every English voice of espeak-ng, at many pitches and speeds and with noise, into folders of WAV files:
//
//   apt-get install espeak-ng
//   node examples/keywords/speak.mjs <folder> [takes, default 2]
//
// <folder>/train/<word>/*.wav and <folder>/test/<word>/*.wav: 8 kHz, 16 bits, one second each. All randomness comes from one seed.
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { randomOf } from './random.mjs';
import { voices, WORDS } from './voices.mjs';

const RATE = 8000;
const LENGTH = 8000;
const run = promisify(execFile);

/** What espeak-ng says, 16-bit mono at its own rate. */
async function speak(word, voice, pitch, speed) {
  const args = ['-v', voice, '-p', `${pitch}`, '-s', `${speed}`, '--stdout', word];
  const { stdout } = await run('espeak-ng', args, { encoding: 'buffer', maxBuffer: 1 << 24 });
  const rate = stdout.readUInt32LE(24);
  const samples = Float64Array.from({ length: (stdout.length - 44) >> 1 }, (_, i) => stdout.readInt16LE(44 + 2 * i));
  return { rate, samples };
}

/** Windowed sinc below the lower half rate; 16 zero crossings on each side. */
function resample({ rate, samples }, to) {
  const cut = Math.min(1, to / rate) * 0.92;
  const half = 16 / cut;
  return Float64Array.from({ length: Math.floor((samples.length * to) / rate) }, (_, i) => {
    const at = (i * rate) / to;
    let sum = 0;
    for (let k = Math.max(0, Math.ceil(at - half)); k <= Math.min(samples.length - 1, at + half); k++) {
      const d = (k - at) * cut;
      const sinc = d === 0 ? 1 : Math.sin(Math.PI * d) / (Math.PI * d);
      sum += samples[k] * cut * sinc * (0.5 + 0.5 * Math.cos((Math.PI * (k - at)) / half));
    }
    return sum;
  });
}

/** The word without its silence, at most a second. */
function trim(samples) {
  const top = samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const loud = (x) => Math.abs(x) > top / 50;
  const first = samples.findIndex(loud);
  const last = samples.findLastIndex(loud);
  return samples.subarray(first, Math.min(last + 1, first + LENGTH));
}

/** Somewhere in a second, at some loudness, over white or red noise 10 … 40 dB below it. */
function place(word, random) {
  const start = Math.floor(random() * (LENGTH - word.length + 1));
  const loudness = 0.05 + 0.6 * random();
  const top = word.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const power = word.reduce((sum, x) => sum + x * x, 0) / word.length;
  const red = random() < 0.5 ? 0 : 0.9;
  const level = Math.sqrt((power * (1 - red * red)) / 10 ** (1 + 3 * random()));
  let noise = 0;
  return Int16Array.from({ length: LENGTH }, (_, i) => {
    noise = red * noise + level * (random() + random() + random() - 1.5) * 2;
    const x = i >= start && i < start + word.length ? word[i - start] : 0;
    return Math.max(-32_768, Math.min(32_767, Math.round(((x + noise) * loudness * 32_767) / top)));
  });
}

function wav(samples) {
  const head = Buffer.alloc(44);
  head.write('RIFF', 0);
  head.writeUInt32LE(36 + 2 * samples.length, 4);
  head.write('WAVEfmt ', 8);
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(1, 22);
  head.writeUInt32LE(RATE, 24);
  head.writeUInt32LE(2 * RATE, 28);
  head.writeUInt16LE(2, 32);
  head.writeUInt16LE(16, 34);
  head.write('data', 36);
  head.writeUInt32LE(2 * samples.length, 40);
  return Buffer.concat([head, Buffer.from(samples.buffer)]);
}

const [folder, takes = '2'] = process.argv.slice(2);
if (folder === undefined) throw new Error('node examples/keywords/speak.mjs <folder> [takes]');
const random = randomOf(13);
const counts = { train: 0, test: 0 };
for (const part of ['train', 'test'])
  for (const word of WORDS) mkdirSync(join(folder, part, word), { recursive: true });
const jobs = voices().flatMap(({ voice, part }) =>
  WORDS.flatMap((word) =>
    Array.from({ length: part === 'test' ? 1 : Number(takes) }, (_, take) => ({
      ...{ voice, part, word, take },
      pitch: Math.floor(15 + 70 * random()),
      speed: Math.floor(120 + 100 * random()),
      seed: Math.floor(2 ** 31 * random()),
    })),
  ),
);
for (const { voice, part, word, take, pitch, speed, seed } of jobs) {
  const spoken = trim(resample(await speak(word, voice, pitch, speed), RATE));
  if (spoken.length < 400) throw new Error(`${voice} says nothing for ${word}`);
  writeFileSync(join(folder, part, word, `${voice}-${take}.wav`), wav(place(spoken, randomOf(seed))));
  counts[part]++;
}
console.log(JSON.stringify({ folder, words: WORDS, ...counts }));

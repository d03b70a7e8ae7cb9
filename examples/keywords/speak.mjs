// Speaks eight words with every English voice of espeak-ng, at many pitches and speeds and with noise, into class folders of WAV files:
//
//   apt-get install espeak-ng                 (macOS: brew install espeak-ng)
//   node speak.mjs <folder> [takes of a voice in the training part, default 2] [the only accent, such as en-us]
//
// <folder>/train/<word>/<person>_<voice>-<take>.wav and <folder>/test/…: 16 bits at the rate of espeak-ng, one second each. The same files every time.
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { voices, WORDS } from './voices.mjs';

/** A 32-bit generator (mulberry32): 0 … 1. */
function randomOf(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What espeak-ng says: a WAV header of 44 bytes, and 16-bit mono. Through a pipe it does not know the length. */
function speak(word, voice, pitch, speed) {
  const args = ['-v', voice, '-p', `${pitch}`, '-s', `${speed}`, '--stdout', word];
  const said = execFileSync('espeak-ng', args, { maxBuffer: 1 << 24 });
  const samples = Float64Array.from({ length: (said.length - 44) >> 1 }, (_, i) => said.readInt16LE(44 + 2 * i));
  return { head: said.subarray(0, 44), rate: said.readUInt32LE(24), samples };
}

/** The word without its silence, at most a second. */
function trim(samples, length) {
  const top = samples.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const loud = (x) => Math.abs(x) > top / 50;
  const first = samples.findIndex(loud);
  return samples.subarray(first, Math.min(samples.findLastIndex(loud) + 1, first + length));
}

/** Somewhere in a second, at some loudness, over white or red noise 10 … 40 dB below it. */
function place(word, length, random) {
  const start = Math.floor(random() * (length - word.length + 1));
  const loudness = 0.05 + 0.6 * random();
  const top = word.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  const power = word.reduce((sum, x) => sum + x * x, 0) / word.length;
  const red = random() < 0.5 ? 0 : 0.9;
  const level = Math.sqrt((power * (1 - red * red)) / 10 ** (1 + 3 * random()));
  let noise = 0;
  return Int16Array.from({ length }, (_, i) => {
    noise = red * noise + level * (random() + random() + random() - 1.5) * 2;
    const x = i >= start && i < start + word.length ? word[i - start] : 0;
    return Math.max(-32_768, Math.min(32_767, Math.round(((x + noise) * loudness * 32_767) / top)));
  });
}

function wav(head, samples) {
  const file = Buffer.concat([head, Buffer.from(samples.buffer)]);
  file.writeUInt32LE(file.length - 8, 4);
  file.writeUInt32LE(file.length - 44, 40);
  return file;
}

const [folder, takes = '2', accent] = process.argv.slice(2);
if (folder === undefined) throw new Error('node speak.mjs <folder> [takes] [accent]');
const counts = { train: 0, test: 0 };
for (const part of Object.keys(counts))
  for (const word of WORDS) mkdirSync(join(folder, part, word), { recursive: true });
let files = 0;
for (const { voice, person, part } of voices(accent)) {
  for (const word of WORDS) {
    for (let take = 0; take < (part === 'test' ? 1 : Number(takes)); take++) {
      const random = randomOf(++files);
      const pitch = Math.floor(15 + 70 * random());
      const speed = Math.floor(120 + 100 * random());
      const { head, rate, samples } = speak(word, voice, pitch, speed);
      const spoken = trim(samples, rate);
      if (spoken.length < rate / 20) throw new Error(`${voice} says nothing for ${word}`);
      const placed = place(spoken, rate, random);
      writeFileSync(join(folder, part, word, `${person}_${voice}-${take}.wav`), wav(head, placed));
      counts[part]++;
    }
  }
}
console.log(JSON.stringify({ folder, words: WORDS, ...counts }));

// The committed models of real tools, and random inputs for them.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readOnnx } from '../import/read-model.js';
import type { OnnxGraph } from '../ir/graph.js';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

/** File names of all fixtures. */
export const fixtureNames: readonly string[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.onnx'))
  .sort();

export function fixtureBytes(name: string): Uint8Array {
  return new Uint8Array(readFileSync(`${FOLDER}${name}`));
}

export function fixtureGraph(name: string): Promise<OnnxGraph> {
  return readOnnx(fixtureBytes(name));
}

/** A generator of uniform numbers in [0, 1): mulberry32. */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Values like preprocessed images: most are background, the rest spread. */
export function randomImages(count: number, features: number, seed: number): Float32Array {
  const random = uniform(seed);
  return Float32Array.from({ length: count * features }, () => (random() < 0.6 ? -0.4242 : random() * 3.2 - 0.4242));
}

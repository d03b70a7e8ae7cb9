// A small data set in idx files that a tiny network learns in seconds: bars in one of four directions, with noise from a seed.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SIDE = 16;
const CLASSES = 4;

/** A linear congruential generator (Numerical Recipes): enough for noise that must only be the same every time. */
function noise(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function image(label: number, random: () => number): Uint8Array {
  const pixels = new Uint8Array(SIDE * SIDE);
  const offset = Math.floor(random() * 5) - 2;
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const distances = [y - 8, x - 8, x - y, x + y - 16];
      const ink = Math.abs(distances[label]! - offset) < 2 ? 200 : 0;
      pixels[y * SIDE + x] = Math.min(255, ink + Math.floor(random() * 50));
    }
  }
  return pixels;
}

function idx(type: number, dimensions: readonly number[], content: Uint8Array): Uint8Array {
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.set([0, 0, type, dimensions.length]);
  dimensions.forEach((size, i) => {
    header.writeUInt32BE(size, 4 + 4 * i);
  });
  return Buffer.concat([header, content]);
}

/** Writes training and test files into `folder`; gives the flags of the command that name them. */
export function writeSyntheticIdx(folder: string, train: number, test: number): string[] {
  mkdirSync(folder, { recursive: true });
  const write = (name: string, count: number, seed: number): [string, string] => {
    const random = noise(seed);
    const labels = Uint8Array.from({ length: count }, (_, i) => i % CLASSES);
    const images = Buffer.concat([...labels].map((label) => image(label, random)));
    const paths: [string, string] = [join(folder, `${name}-images.idx`), join(folder, `${name}-labels.idx`)];
    writeFileSync(paths[0], idx(8, [count, SIDE, SIDE], images));
    writeFileSync(paths[1], idx(8, [count], labels));
    return paths;
  };
  const [trainImages, trainLabels] = write('train', train, 1);
  const [testImages, testLabels] = write('test', test, 2);
  return [
    ...['--data', 'idx', '--data-train-images', trainImages, '--data-train-labels', trainLabels],
    ...['--data-test-images', testImages, '--data-test-labels', testLabels],
  ];
}

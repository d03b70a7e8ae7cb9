import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Samples } from '../engine/engine.js';
import { stripedDataset } from './testing/striped-dataset.js';

const program = fileURLToPath(new URL('../../bench/kill-resume.mjs', import.meta.url));

function writeIdx(folder: string, name: string, { count, bytes, labels }: Samples) {
  const header = (...dimensions: number[]) => {
    const data = new DataView(new ArrayBuffer(4 + 4 * dimensions.length));
    data.setUint16(2, 0x0800 + dimensions.length);
    dimensions.forEach((dimension, i) => void data.setUint32(4 + 4 * i, dimension));
    return new Uint8Array(data.buffer);
  };
  const side = Math.sqrt(bytes.length / count);
  const paths = { images: join(folder, `${name}-images`), labels: join(folder, `${name}-labels`) };
  writeFileSync(paths.images, Buffer.concat([header(count, side, side), bytes]));
  writeFileSync(paths.labels, Buffer.concat([header(count), Uint8Array.from(labels)]));
  return paths;
}

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-kill-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

it('resumes to the bit after kill -9 at random moments, with augmentation', async () => {
  const { train, test } = stripedDataset(12_000, 100);
  const trainFiles = writeIdx(folder, 'train', train);
  const testFiles = writeIdx(folder, 'test', test);
  const config = {
    network: {
      name: 'small',
      input: { shape: [36] },
      layers: [
        { type: 'linear', name: 'fc1', outputs: 32, weights: { format: '4bitsym' } },
        { type: 'activation', name: 'relu1', function: 'relu' },
        { type: 'dropout', name: 'drop', rate: 0.1 },
        { type: 'linear', name: 'fc2', outputs: 2, weights: { format: '2bitsym' } },
      ],
    },
    data: {
      kind: 'idx',
      trainImages: trainFiles.images,
      trainLabels: trainFiles.labels,
      testImages: testFiles.images,
      testLabels: testFiles.labels,
    },
    validation: 100,
    epochs: 20,
  };
  const { stdout } = await promisify(execFile)(process.execPath, [program, '2', JSON.stringify(config)]);
  expect(stdout).toContain('identical to the bit');
  // At least one kill came when there was something to resume.
  expect(stdout).toMatch(/[1-9]\d* epochs in the checkpoint/);
}, 60_000);

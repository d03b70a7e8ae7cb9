// What the tests of firmware projects share: networks, folders, and tools that are skipped where they are missing.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type QuantizedModel } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { afterAll, expect } from 'vitest';

/** 16 → 8 → 4, with weights that a generator of remainders gives. */
export function smallModel(): QuantizedModel {
  const codes = (count: number) => Uint8Array.from({ length: count }, (_, i) => smallCode(i));
  const format = '4bitsym';
  return {
    name: 'small',
    input: { shape: [16], preprocessing: { divisor: 255, mean: 0, deviation: 1 }, quantization: { kind: 'dynamic' } },
    nodes: [
      { op: 'linear', name: 'fc1', inputs: ['input'], inFeatures: 16, outFeatures: 8, weights: { format, codes: codes(128) } },
      { op: 'shiftNorm', name: 'norm', inputs: ['fc1'], activation: 'relu' },
      { op: 'linear', name: 'fc2', inputs: ['norm'], inFeatures: 8, outFeatures: 4, weights: { format, codes: codes(32) } },
    ],
    labels: [],
    provenance: {},
  };
}

/** The code of weight i of each layer of `smallModel`. */
export const smallCode = (i: number): number => (i * 7 + (i >> 2)) % 16;

/** Three samples for it. */
export const smallInputs = Int8Array.from({ length: 3 * 16 }, (_, i) => ((i * 37) % 256) - 128);

/** Reference classes of samples, for expectations that do not go through the project. */
export function printedClasses(model: QuantizedModel, inputs: Int8Array): string {
  const reference = new ReferenceModel(model);
  const count = inputs.length / reference.inputs;
  const logits = reference.infer(inputs, count);
  return Array.from({ length: count }, (_, i) => {
    const own = [...logits.subarray(i * reference.outputs, (i + 1) * reference.outputs)];
    return `\r\nclass ${own.indexOf(Math.max(...own))}`;
  }).join('');
}

/** Makes folders that are removed after the file's tests. */
export function temporaryFolders(): () => string {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  return () => {
    const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-firmware-'));
    folders.push(folder);
    return folder;
  };
}

/** Whether a tool answers; the reason is printed. In CI those that CI installs must be there. */
export function isMissing(program: string, installedInCi = true): boolean {
  if (spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0) return false;
  if (installedInCi) expect(process.env.CI, `${program} is not installed`).not.toBe('true');
  console.warn(`skipped: ${program} is not installed`);
  return true;
}

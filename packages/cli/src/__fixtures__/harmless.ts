// Does with a file what a user does, and looks whether something of its text was run.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { type QuantizedModel, quantizeInput } from '@bitnetmcu/models';
import { ReferenceModel } from '@bitnetmcu/models/internal';
import { expect } from 'vitest';
import { EXIT_CODES } from '../exit-codes.js';
import type { HostileFiles } from './hostile-files.js';
import { expectWritten } from './written-project.js';

const hasAvr = spawnSync('avr-gcc', ['--version']).status === 0;

/** The first so many test samples as a model's inputs. */
function testInputs(cwd: string, model: QuantizedModel, count: number): Int8Array {
  return quantizeInput(model, readFileSync(join(cwd, 'data', 'test-images.idx')).subarray(16, 16 + 256 * count));
}

/** The command verifies, exports and builds firmware of these kinds from the file, and runs nothing of it. */
export async function expectHarmless(
  { cwd, marker, data, run }: HostileFiles,
  file: string,
  model: QuantizedModel,
  kinds: readonly string[],
): Promise<void> {
  const verified = await run('verify', file, ...data, '--images', '5', '--json');
  expect(verified.exitCode, verified.stderr).toBe(EXIT_CODES.ok);
  const { implementations, mismatches, skipped } = JSON.parse(verified.stdout);
  expect([mismatches, implementations.length + Object.keys(skipped).length]).toEqual([0, 6]);
  expect(existsSync(marker), `verify ${file}`).toBe(false);

  const folder = `${file}-c`;
  const exported = await run('export', file, '-o', folder);
  expect(exported.exitCode, exported.stderr).toBe(EXIT_CODES.ok);
  if (hostCompiler().kind === 'found') {
    // Compiled and run as a user would.
    const sources = readdirSync(join(cwd, folder), { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.c'),
    );
    const args = ['-O0', '-Imodel', '-o', 'program', ...sources];
    const built = spawnSync('cc', args, { cwd: join(cwd, folder), encoding: 'utf8' });
    expect([built.stderr, built.status]).toEqual(['', 0]);
    const inputs = testInputs(cwd, model, 3);
    const { stdout } = spawnSync(join(cwd, folder, 'program'), ['--binary'], { input: new Uint8Array(inputs.buffer) });
    const logits = new Int32Array(Uint8Array.from(stdout).buffer);
    expect([...logits]).toEqual([...new ReferenceModel(model).infer(inputs, 3)]);
  }
  expect(existsSync(marker), `export ${file}`).toBe(false);

  for (const kind of kinds) {
    const made = await run(
      'firmware',
      file,
      '--target',
      kind,
      '--samples',
      '1',
      ...data,
      '-o',
      `${file}-${kind}`,
      '--json',
    );
    // Of a part without its compiler the estimate decides, by which the smallest part has too little RAM.
    const isTooLarge = kind === 'attiny85' && !hasAvr && JSON.parse(made.stdout).error?.code === 'does-not-fit';
    if (!isTooLarge) {
      expectWritten(made);
      expect(JSON.parse(made.stdout).selfTest).not.toBe(false);
    }
    expect(existsSync(marker), `firmware ${kind} of ${file}`).toBe(false);
  }
}

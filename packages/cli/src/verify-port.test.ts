// `bitnetmcu firmware --serial`, its image in the simulator behind a pseudo terminal, and `bitnetmcu verify --port` on that.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from './__fixtures__/run-cli.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { tinyModel } from './__fixtures__/tiny-model.js';
import { EXIT_CODES } from './exit-codes.js';
import { boards, noTerminals } from './serial/__fixtures__/pseudo-terminals.js';

const cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-port-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const data = writeSyntheticIdx(join(cwd, 'data'), 20, 30);
writeFileSync(join(cwd, 'tiny.bnm'), tinyModel());
writeFileSync(join(cwd, "Jo's tiny.bnm"), tinyModel());
writeFileSync(join(cwd, 'other.bnm'), tinyModel({ seed: 1 }));
const { simulated } = boards();

const TARGETS = [
  ['ch32v003', 'ch32v003', 'riscv64-unknown-elf-gcc'],
  ['pico', 'rp2040', 'arm-none-eabi-gcc'],
  ['atmega328p', 'atmega328p', 'avr-gcc'],
] as const;

describe.skipIf(noTerminals() !== undefined)('a board that is simulated', () => {
  it.each(TARGETS)('%s answers all test samples with the logits of the reference', async (target, part, compiler) => {
    if (spawnSync(compiler, ['--version']).status !== 0) {
      console.warn(`skipped: ${compiler} is not installed`);
      return;
    }
    const firmware = ['firmware', "Jo's tiny.bnm", '--target', target, '--serial', '-o', target, ...data];
    const built = await runCli(firmware, { cwd });
    expect(built.stderr + built.stdout).toContain(
      'in the simulator it answers test samples with the logits of the reference',
    );
    // As a shell reads it.
    expect(built.stdout).toContain("`bitnetmcu verify 'Jo'\\''s tiny.bnm' --port <device>`");
    expect(built.exitCode).toBe(EXIT_CODES.ok);
    const port = await simulated(part, join(cwd, target, 'firmware.bin'));
    const verified = await runCli(['verify', 'tiny.bnm', '--port', port, '--timeout', '60', '--json', ...data], {
      cwd,
    });
    expect(verified.exitCode, verified.stderr).toBe(EXIT_CODES.ok);
    const result = JSON.parse(verified.stdout);
    expect(result).toMatchObject({ port, samples: 30, done: 30, differing: 0, repeated: 0 });
    expect(result.cycles.least).toBeGreaterThan(100);
    expect(result.cycles.most).toBeGreaterThanOrEqual(result.cycles.mean);
    const other = await runCli(['verify', 'other.bnm', '--port', port, ...data], { cwd });
    expect(other.stderr).toContain('[wrong-model]');
    expect(other.exitCode).toBe(EXIT_CODES.badInput);
  });
});

describe('wrong usage', () => {
  it.each([
    [['--port', '/dev/x', '--against', 'a.onnx'], '--against and --port are two comparisons'],
    [['--port', '/dev/x', '--implementations', 'c'], 'leave out --implementations'],
    [['--port', '/dev/x', '--baud', '9600x'], '--baud 9600x: a whole number'],
    [['--baud', '9600'], 'Without --port there is no use for baud'],
  ])('%j is refused', async (flags, message) => {
    const { exitCode, stderr } = await runCli(['verify', 'tiny.bnm', ...flags, ...data], { cwd });
    expect(stderr).toContain(message);
    expect(exitCode).toBe(EXIT_CODES.usage);
  });

  it('a part without a receiver is refused', async () => {
    const { exitCode, stderr } = await runCli(['firmware', 'tiny.bnm', '--target', 'attiny85', '--serial', ...data], {
      cwd,
    });
    expect(stderr).toContain('[no-receiver]');
    expect(exitCode).toBe(EXIT_CODES.usage);
  });
});

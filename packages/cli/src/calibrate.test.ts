// `bitnetmcu calibrate`: the program in the simulator, the same behind a pseudo terminal, and boards that say something else.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { runCli } from './__fixtures__/run-cli.js';
import { EXIT_CODES } from './exit-codes.js';
import { boards, noTerminals } from './serial/__fixtures__/pseudo-terminals.js';

const cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-calibrate-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));
const { fake, simulated } = boards();
const compiler = 'riscv64-unknown-elf-gcc';
const isNotThere = spawnSync(compiler, ['--version']).status !== 0;
if (isNotThere) console.warn(`skipped: ${compiler} is not installed`);

interface Row {
  readonly name: string;
  readonly place: string;
  readonly simulated: number;
  readonly measured: number | null;
}
interface Result {
  readonly program: { readonly part: string; readonly checksum: number };
  readonly rows: readonly Row[];
  readonly contradicted: readonly { readonly assumption: string }[];
}

const calibrate = (...flags: readonly string[]) =>
  runCli(['calibrate', '--target', 'ch32v003', '-o', 'own', ...flags], { cwd });
const result = (): Result => JSON.parse(readFileSync(join(cwd, 'own', 'calibration.json'), 'utf8'));

describe.skipIf(isNotThere)('calibrate', () => {
  it('writes and builds the program', async () => {
    const { exitCode, stdout } = await calibrate();
    expect(exitCode).toBe(EXIT_CODES.ok);
    expect(stdout).toContain('wlink flash firmware.bin');
    expect(existsSync(join(cwd, 'own', 'firmware.bin'))).toBe(true);
    expect(existsSync(join(cwd, 'own', 'calibration.json'))).toBe(false);
  });

  it('runs it in the simulator', async () => {
    const { exitCode, stdout, stderr } = await calibrate('--simulate');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    expect(stdout).toMatch(/^c-lw {2,}ram {2,}16 {2,}– {2,}32 {2,}– {2,}2\.00$/m);
    expect(result().rows).toContainEqual(
      expect.objectContaining({ name: 'c-lw', place: 'ram', simulated: 32, measured: null }),
    );
  });

  it.skipIf(noTerminals() !== undefined)('finds nothing wrong with the simulated board', async () => {
    const port = await simulated('ch32v003', join(cwd, 'own', 'firmware.bin'));
    const { exitCode, stdout, stderr } = await calibrate('--port', port);
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    expect(stdout).toContain('✓ every figure is that of the timing model');
    const { rows } = result();
    expect(rows.length).toBeGreaterThan(60);
    expect(rows.map(({ measured }) => measured)).toEqual(rows.map((row) => row.simulated));
  });

  it.skipIf(noTerminals() !== undefined)('says which assumption another chip contradicts', async () => {
    await calibrate('--simulate');
    const { program, rows } = result();
    // A chip whose stores take a cycle each; the counter's reads take 2.
    const lines = rows.map(
      ({ name, place, simulated: cycles }) => `${name} ${place} ${cycles + 2 - (name === 'c-sw' ? 16 : 0)}`,
    );
    const text = [`calibrate 1 ch32v003 ${program.checksum}`, 'empty flash 2', 'empty ram 2', ...lines, 'done', ''];
    const { exitCode, stdout, stderr } = await calibrate('--port', await fake(text.join('\\r\\n'), ''));
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    expect(stdout).toContain('✗ wrong on this chip: a store takes 2 cycles');
    expect(stdout).toMatch(
      /2 of \d+ figures: c-sw from flash 1\.00 instead of 2\.00; c-sw from ram 1\.00 instead of 2\.00/,
    );
    expect(stdout.match(/wrong on this chip/g)).toHaveLength(1);
    expect(result().contradicted.map(({ assumption }) => assumption)).toEqual(['store']);
  });

  /** What a board says that holds the program, each time another list; `change` makes the next line of one. */
  async function lists(...changes: readonly ((line: string) => string | undefined)[]): Promise<string> {
    await calibrate('--simulate');
    const { program, rows } = result();
    const lines = [
      'empty flash 2',
      'empty ram 2',
      ...rows.map((row) => `${row.name} ${row.place} ${row.simulated + 2}`),
    ];
    return changes
      .map((change) => [
        `calibrate 1 ch32v003 ${program.checksum}`,
        ...lines.flatMap((line) => change(line) ?? []),
        'done',
        '',
      ])
      .map((text) => text.join('\\r\\n'))
      .join('{then}');
  }
  const asIs = (line: string) => line;
  const noisy = (line: string) => line.replace(/^c-lw ram .*/, 'c-lw ram 99');
  const shortened = (line: string) => (/^(c-sw|c-lw) ram/.test(line) ? undefined : line);

  it.skipIf(noTerminals() !== undefined).each([
    ['a digit', noisy],
    ['a line', shortened],
    ['all lines', () => undefined],
  ])('asks again where %s is wrong', async (_, change) => {
    const port = await fake(await lists(change, asIs, asIs), '');
    const { exitCode, stdout, stderr } = await calibrate('--port', port);
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    expect(stdout).toContain('✓ every figure is that of the timing model');
    expect(result().rows.length).toBeGreaterThan(60);
  });

  it.skipIf(noTerminals() !== undefined).each([
    ['leaves figures out', [shortened], /the board leaves out c-lw ram; c-sw ram\. /],
    ['has no figures at all', [() => undefined], /the board leaves out .*, and \d+ more\. /],
    ['says others each time', [asIs, noisy, asIs, noisy], /the board says others each time: c-lw ram 34, then 99\. /],
  ])('refuses a board that %s', async (_, changes, message) => {
    const port = await fake(await lists(...changes), '');
    const { exitCode, stdout, stderr } = await calibrate('--port', port);
    expect(stderr).toContain('[not-understood]');
    expect(stderr).toMatch(message);
    expect(stdout).not.toContain('✓ every figure');
    expect(exitCode).toBe(EXIT_CODES.badInput);
  });

  it.skipIf(noTerminals() !== undefined).each([
    ['calibrate 1 ch32v002 5\\r\\n', 'wrong-program', 'the calibration program of ch32v002 with the checksum 5'],
    ['\\r\\nbitnetmcu 1 abc\\r\\n', 'not-understood', 'says "bitnetmcu 1 abc"'],
    ['', 'no-answer', 'Nothing came from'],
  ])('refuses a board that says %j', async (said, code, message) => {
    const { exitCode, stderr } = await calibrate('--timeout', '1', '--port', await fake(said, ''));
    expect(stderr).toContain(`[${code}]`);
    expect(stderr).toContain(message);
    expect(exitCode).not.toBe(EXIT_CODES.ok);
  });
});

describe('wrong usage', () => {
  it.each([
    [['--simulate', '--port', '/dev/x'], '--port measures, --simulate does not'],
    [['--port', '/dev/x', '--timeout', '0'], '--timeout 0: a whole number from 1'],
    [['--simulate', '--baud', '9600'], 'Without --port there is no use for baud'],
    [['--timeout', '5'], 'Without --port there is no use for timeout'],
    [['--target', 'attiny85'], 'wanted: one of ch32v003'],
  ])('%j is refused', async (flags, message) => {
    const { exitCode, stderr } = await calibrate(...flags);
    expect(stderr).toContain(message);
    expect(exitCode).toBe(EXIT_CODES.usage);
  });
});

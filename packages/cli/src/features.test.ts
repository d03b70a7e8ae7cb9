// Features of signals from a flag to the device: three levels of vibration are told apart, and the exported C reads the raw windows alike.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileHostProgram, runProgram } from '@bitnetmcu/mcu-runtime/internal/node';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { uniform } from './__fixtures__/tiny-data.js';
import { EXIT_CODES } from './exit-codes.js';

const LENGTH = 64;
const LEVELS = [0.05, 0.2, 0.8];
let cwd = '';
let windows: string[] = [];
const run = (...args: string[]) => runWarm(args, { cwd });

/** A swing of any phase with noise; classes differ in amplitude alone, and their means are 0. */
function vibration(level: number, random: () => number): string {
  const amplitude = level * (0.8 + 0.4 * random());
  const [phase, speed] = [2 * Math.PI * random(), 0.3 + 0.2 * random()];
  const values = Array.from({ length: LENGTH }, (_, t) => {
    const noise = 0.15 * (random() + random() + random() + random() - 2) * Math.sqrt(3);
    return Math.max(-1, Math.min(1, amplitude * (Math.sin(speed * t + phase) + noise)));
  });
  return values.map((value) => value.toFixed(3)).join(',');
}

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-features-'));
  const random = uniform(3);
  windows = Array.from({ length: 900 }, (_, i) => vibration(LEVELS[i % 3]!, random));
  const header = [...Array.from({ length: LENGTH }, (_, i) => `s${i}`), 'state'].join(',');
  const rows = windows.map((window, i) => `${window},${['off', 'on', 'loose'][i % 3]}`);
  writeFileSync(join(cwd, 'vib.csv'), `${header}\n${rows.join('\n')}\n`);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('train --features', () => {
  it('tells levels of vibration apart in integers, and fits its part', async () => {
    const { exitCode, stdout, stderr } = await run('train', 'vib.csv', '--features', 'rms,crossings');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    expect(Number(/integers: (\d+\.\d+) %/.exec(stdout)?.[1])).toBeGreaterThanOrEqual(99);
    expect(`${stdout}${stderr}`).toMatch(/fits ch32v003/);
    expect(`${stdout}${stderr}`).toMatch(/the device gives int16: value · 1000/);
  });

  it.skipIf(hostCompiler().kind !== 'found')('exports C that gives the logits of `infer` for raw windows', async () => {
    const some = windows.slice(0, 60);
    writeFileSync(join(cwd, 'windows.csv'), `${some.join('\n')}\n`);
    const inferred = await run('infer', 'runs/vib/model.bnm', 'windows.csv', '--json');
    expect(inferred.exitCode, inferred.stderr).toBe(EXIT_CODES.ok);
    const wanted = (JSON.parse(inferred.stdout).results as { logits: number[] }[]).map(({ logits }) => logits);
    expect(wanted).toHaveLength(some.length);
    expect(new Set(wanted.map(String)).size).toBeGreaterThan(some.length / 2);

    const exported = await run('export', 'runs/vib/model.bnm', '--output', 'c');
    expect(exported.exitCode, exported.stderr).toBe(EXIT_CODES.ok);
    const model = join(cwd, 'c', 'model');
    const sources = [
      join(cwd, 'c', 'main.c'),
      ...readdirSync(model)
        .filter((name) => name.endsWith('.c'))
        .map((name) => join(model, name)),
    ];
    const flags = ['-Wall', '-Wextra', '-Wconversion', '-Werror', '-fsanitize=address,undefined'];
    const program = await compileHostProgram({ sources, include: [model], flags }, { cache: join(cwd, 'c') });
    const rows = readFileSync(join(cwd, 'windows.csv'));
    const found = new TextDecoder().decode(await runProgram(program, rows, ['--windows']));
    const logits = [...found.matchAll(/logits((?: -?\d+)+)/g)].map((match) => match[1]!.trim().split(' ').map(Number));
    expect(logits).toEqual(wanted);
    // A time step at a time, each window after the other: the first is complete after its last value.
    const steps = new TextEncoder().encode(`${some.slice(0, 3).join(',').replaceAll(',', '\n')}\n`);
    const streamed = new TextDecoder().decode(await runProgram(program, steps));
    expect(/^line (\d+): .* logits(.*)/.exec(streamed)?.slice(1)).toEqual([`${LENGTH}`, ` ${wanted[0]!.join(' ')}`]);
  });

  it('finds the channels of a table of moments by their names, in any order', async () => {
    const random = uniform(9);
    const moments = Array.from({ length: 2400 }, (_, t) => {
      const isFast = Math.floor(t / 200) % 2 === 1;
      return { ax: random() * (isFast ? 5 : 1), gy: -40 - 10 * random(), state: isFast ? 'fast' : 'slow' };
    });
    const table = (head: string, some: typeof moments, row: (one: (typeof moments)[0]) => readonly unknown[]) =>
      `${head}\n${some.map((one) => row(one).join(',')).join('\n')}\n`;
    writeFileSync(
      join(cwd, 'motion.csv'),
      table('ax (g),gy,state', moments, ({ ax, gy, state }) => [ax.toFixed(2), gy.toFixed(1), state]),
    );
    const trained = await run('train', 'motion.csv', '--features', 'mean,rms', '--window', '32', '--epochs', '5');
    expect(trained.exitCode, trained.stderr).toBe(EXIT_CODES.ok);
    const logits = async (text: string) => {
      writeFileSync(join(cwd, 'some.csv'), text);
      const { exitCode, stdout, stderr } = await run('infer', 'runs/motion/model.bnm', 'some.csv', '--json');
      expect(exitCode, stderr).toBe(EXIT_CODES.ok);
      return (JSON.parse(stdout).results as { logits: number[] }[]).map((one) => one.logits);
    };
    const some = moments.slice(150, 300);
    const wanted = await logits(table('ax (g),gy', some, ({ ax, gy }) => [ax.toFixed(2), gy.toFixed(1)]));
    expect(new Set(wanted.map(String)).size).toBeGreaterThan(1);
    expect(await logits(table('gy,ax (g)', some, ({ ax, gy }) => [gy.toFixed(1), ax.toFixed(2)]))).toEqual(wanted);
    expect(await logits(table('gy,more,ax (g)', some, ({ ax, gy }) => [gy.toFixed(1), 7, ax.toFixed(2)]))).toEqual(
      wanted,
    );
    writeFileSync(
      join(cwd, 'some.csv'),
      table('gy,ay', some, ({ ax, gy }) => [gy, ax]),
    );
    const { stderr } = await run('infer', 'runs/motion/model.bnm', 'some.csv');
    expect(stderr).toContain('no column ax (g)');
    const exported = await run('export', 'runs/motion/model.bnm', '--output', 'motion-c');
    expect(exported.exitCode, exported.stderr).toBe(EXIT_CODES.ok);
    expect(exported.stdout).toContain('make -C motion-c && motion-c/motion_host < rows.csv');
    const header = readFileSync(join(cwd, 'motion-c', 'model', 'motion.h'), 'utf8');
    expect(header).toContain('MOTION_NAMES_OF_FEATURES { "ax (g)", "gy" }');
  });

  it('names the nearest feature', async () => {
    const { exitCode, stderr } = await run('train', 'vib.csv', '--features', 'rsm');
    expect(exitCode).not.toBe(EXIT_CODES.ok);
    expect(stderr).toMatch(/no feature "rsm". Did you mean "rms"\?/);
  });
});

// `bitnetmcu sim` and `bitnetmcu firmware` as a user meets them: a small network with known answers, tables, JSON, flame graph, budgets and mistakes.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SIMULATION_TARGET_NAMES, SIMULATION_TARGETS } from '@bitnetmcu/mcu-runtime/targets';
import { encodeBnm } from '@bitnetmcu/models';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { simSchema } from './__fixtures__/simulated.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { binaryModel } from './__fixtures__/tiny-model.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
let data: string[] = [];

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-sim-'));
  data = writeSyntheticIdx(join(cwd, 'data'), 20, 30);
  writeFileSync(join(cwd, 'tiny.bnm'), encodeBnm(binaryModel(10)));
  // 600 rows of 32 bytes: more than 16 kB of flash.
  writeFileSync(join(cwd, 'large.bnm'), encodeBnm(binaryModel(600)));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const sim = (...args: string[]) => runWarm(['sim', ...args, ...data], { cwd });

describe('sim', () => {
  it('prints JSON with target, images, cycles, ms, flash, ram, layers and accuracy', async () => {
    const { exitCode, stdout, stderr } = await sim('tiny.bnm', '--images', '4', '--kernels', 'plain', '--json');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const result = JSON.parse(stdout);
    expect(simSchema.safeParse(result).error).toBeUndefined();
    expect(result).toMatchObject({ kernels: 'plain', layout: 'plain', clockHz: 48e6 });
    expect(result).toMatchObject({ target: 'ch32v003', images: 4 });
    expect(result.ms).toBeCloseTo(result.cycles.mean / 48_000, 9);
    expect(result.cycles.worst).toBeGreaterThanOrEqual(result.cycles.max);
    expect(result.cycles.max).toBeGreaterThanOrEqual(result.cycles.mean);
    // 2 560 weights of one bit.
    expect(result.flash.weights).toBe(320);
    expect(result.ram.static).toBe(256 + 40);
    expect(result.layers.map(({ name }: { name: string }) => name)).toEqual(['fc', 'argmax']);
    expect(result.plainLayers.map(({ name }: { name: string }) => name)).toEqual(['fc']);
    expect(result.accuracy * 4).toBe(Math.round(result.accuracy * 4));
  });

  it('agrees with the reference on the samples that --indices names', async () => {
    const { stdout } = await sim('tiny.bnm', '--indices', '7,3', '--target', 'ch32v002');
    const answers = /answers +7: (\d) .*?3: (\d)/.exec(stdout);
    const expected = await Promise.all(
      ['7', '3'].map(async (index) => {
        const inferred = await runWarm(['infer', 'tiny.bnm', index, ...data, '--json'], { cwd });
        return String(JSON.parse(inferred.stdout).results[0].class);
      }),
    );
    expect(answers?.slice(1)).toEqual(expected);
  });

  it('marks layers on plain kernels and says what would make them fast', async () => {
    const plain = await sim('tiny.bnm', '--images', '1', '--kernels', 'plain');
    expect(plain.stdout).toMatch(/^fc +linear 256→10 Binary, plain /m);
    expect(plain.stdout).toMatch(/– fc on plain kernels, .*--kernels fast-flash/);
    const fast = await sim('tiny.bnm', '--images', '1');
    expect(fast.stdout).toMatch(/^fc +linear 256→10 Binary {2}/m);
    expect(fast.stdout).not.toMatch(/plain kernel/);
    const all = await sim('tiny.bnm', '--images', '1', '--target', 'all');
    expect(all.stdout.match(/– .* on plain kernels.*/g)).toEqual([
      expect.stringMatching(/^– attiny85: fc .*another part/),
    ]);
  });

  it('says of which part the cycles are estimates, in one, in all and in JSON', async () => {
    // No timing of the QingKe V4 is published; the CH32V003 has been measured.
    const note = /≈ cycles of ch32v203 are estimates: no timing of the QingKe V4 is published/;
    const one = await sim('tiny.bnm', '--target', 'ch32v203', '--images', '2');
    expect(one.stdout).toMatch(note);
    const all = await sim('tiny.bnm', '--target', 'all', '--images', '2');
    expect(all.stdout).toMatch(note);
    const estimated = SIMULATION_TARGET_NAMES.filter((name) => SIMULATION_TARGETS[name].assumedTiming !== undefined);
    expect(estimated).toContain('stm32f405');
    expect(all.stdout.match(/≈/g), 'their times and the notes').toHaveLength(2 * estimated.length);
    const measured = await sim('tiny.bnm', '--images', '2');
    expect(measured.stdout).not.toContain('≈');
    expect(JSON.parse((await sim('tiny.bnm', '--images', '2', '--json')).stdout).assumedTiming).toBeNull();
  });

  it('says how far a real part may be, where figures of one were published', async () => {
    const json = async (target: string) =>
      JSON.parse((await sim('tiny.bnm', '--target', target, '--images', '2', '--json')).stdout);
    const { band, cycles } = await json('ch32v003');
    // 653 965 cycles were published where the original's C takes 688 868 here, 677 362 where kernels of our own take 653 711.
    expect(band.least).toBeCloseTo(653_965 / 688_868 - 1, 2);
    expect(band.most).toBeCloseTo(677_362 / 653_711 - 1, 2);
    expect(band.low / cycles.mean).toBeCloseTo(1 + band.least, 2);
    expect((await json('rp2040')).band).toBeNull();
    expect((await sim('tiny.bnm', '--images', '2')).stdout).toMatch(
      /a real ch32v003: mean .* cycles \(−5\.1 % to \+3\.7 %\)/,
    );
  });

  it('writes a flame graph', async () => {
    const { exitCode } = await sim('tiny.bnm', '--images', '2', '--kernels', 'plain', '--profile', 'flame.svg');
    expect(exitCode).toBe(EXIT_CODES.ok);
    const svg = readFileSync(join(cwd, 'flame.svg'), 'utf8');
    expect(svg).toMatch(/^<svg /);
    expect(svg).toMatch(/<title>bnm_linear_binary\w*: [^<]* cycles/);
  });

  it('fails with the figures where the model does not fit', async () => {
    const { exitCode, stdout } = await sim('large.bnm', '--images', '1', '--json');
    expect(exitCode).toBe(EXIT_CODES.checkFailed);
    const { fits, flash, missing, available } = JSON.parse(stdout);
    expect(fits).toBe(false);
    expect(missing.flash).toBe(flash.code + flash.weights - available.flash);
  });

  it('sets the exit code by budgets', async () => {
    const loose = await sim('tiny.bnm', '--images', '1', '--max-ms', '1000', '--max-flash', '16kB', '--max-ram', '2k');
    expect(loose.exitCode, loose.stderr).toBe(EXIT_CODES.ok);
    const tight = await sim('tiny.bnm', '--images', '1', '--max-ms', '0.001', '--max-flash', '100', '--max-ram', '2kB');
    expect(tight.exitCode).toBe(EXIT_CODES.checkFailed);
    expect(tight.stderr).toMatch(/ch32v003: .* ms a sample found, at most 0.001 wanted/);
    expect(tight.stderr).toMatch(/ch32v003: .* of flash found, at most 100 B wanted/);
    expect(tight.stderr).not.toContain('of RAM');
  });

  it.each([
    ['--target', 'z80'],
    ['--indices', '1,x'],
    ['--indices', '30'],
    ['--max-flash', 'much'],
    ['--target', 'all', '--profile', 'all.svg'],
    ['--images', '3', '--indices', '1'],
  ])('refuses %s %s', async (...args) => {
    const { exitCode, stderr } = await sim('tiny.bnm', ...args);
    expect(exitCode).toBe(EXIT_CODES.usage);
    expect(stderr).not.toMatch(/^ +at /m);
    expect(existsSync(join(cwd, 'all.svg'))).toBe(false);
  });
});

describe('firmware', () => {
  it('writes a project and, where the compiler is, builds it and passes the self-test in the simulator', async () => {
    const { exitCode, stdout, stderr } = await runWarm(['firmware', 'tiny.bnm', '-o', 'fw', '--json', ...data], {
      cwd,
    });
    const { target, kernels, files, built, selfTest, samples } = JSON.parse(stdout);
    // Without the cross compiler the project is written and not built, which has an exit code of its own.
    expect(exitCode, stderr).toBe(built === null ? EXIT_CODES.missingPart : EXIT_CODES.ok);
    expect([target, kernels, samples]).toEqual(['ch32v003', 'fast-flash', 10]);
    for (const file of files) expect(existsSync(join(cwd, file)), file).toBe(true);
    expect(selfTest).toBe(built === null ? null : true);
    if (process.env.CI === 'true') expect(built).not.toBeNull();
  });

  it('says how much of the flash test samples are', async () => {
    const say = async (samples: number, ...flags: readonly string[]) => {
      const all = [
        '--target',
        'ch32v003',
        '--samples',
        `${samples}`,
        '--overwrite',
        '-o',
        'fw-samples',
        ...flags,
        ...data,
      ];
      return (await runWarm(['firmware', 'tiny.bnm', ...all], { cwd })).stdout;
    };
    const few = JSON.parse(await say(2, '--json'));
    const many = JSON.parse(await say(12, '--json'));
    if (few.built === null) return;
    expect(await say(2)).toMatch(/ flash \([\d.\s]+k?B of it 2 test samples\), /);
    // Rounded up to words, and as other numbers of samples are written in other instructions.
    const more = many.built.flash - few.built.flash;
    expect(Math.abs(many.sampleBytes - few.sampleBytes - more)).toBeLessThan(16);
    expect(more).toBeGreaterThan(500);
  });

  it('refuses what does not fit with the missing bytes, exit code 1, and writes nothing', async () => {
    const { exitCode, stderr } = await runWarm(['firmware', 'large.bnm', '-o', 'fw-large', ...data], { cwd });
    expect(exitCode).toBe(EXIT_CODES.checkFailed);
    expect(stderr).toMatch(/does not fit ch32v003 .*\d+ bytes of flash are missing/);
    expect(stderr).not.toMatch(/bug|report/i);
    expect(existsSync(join(cwd, 'fw-large'))).toBe(false);
  });

  it('without the compiler says the two commands that install it', async () => {
    const { exitCode, stdout } = await runWarm(['firmware', 'tiny.bnm', '--target', 'pico', '-o', 'fw-pico', ...data], {
      cwd,
      environment: { PATH: '' },
    });
    expect(exitCode).toBe(EXIT_CODES.missingPart);
    expect(stdout).toContain('sudo apt-get update\n  sudo apt-get install gcc-arm-none-eabi');
  });
});

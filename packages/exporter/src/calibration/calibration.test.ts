// Calibration programs: built by the real compilers, booted in the simulators, and their figures against counts by hand.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FIRMWARE_KINDS } from '../firmware/firmware-kinds.js';
import { writeFirmware } from '../firmware/write-firmware.js';
import { CALIBRATION_NAMES, calibrationProject } from './calibration-project.js';
import { calibrationRows, contradictions, readCalibrationLine, simulateCalibration } from './calibration-report.js';

const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-calibration-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function simulated(target: string) {
  const project = calibrationProject(target);
  const own = join(folder, target);
  expect(writeFirmware(project, own).kind).toBe('built');
  const { program, printed } = await simulateCalibration(project, readFileSync(join(own, project.simulation!.path)));
  expect(program.part).toBe(project.simulation!.target);
  return { project, printed };
}

/** A loop of 100 whose last branch is not taken: 99 rounds, then the body, the counter's step and the branch of 1. */
const loop = (round: number, last: number) => 99 * round + last;

/**
 * QingKe V2 from RAM: an instruction 1, a load or store 2, a jump 3, one more where its target is long and lies across two lines; from
 * flash a load has its wait states besides.
 */
const qingkeRam = (flashLoad: number) => ({
  'c-nop ram': 32,
  'nop ram': 32,
  'nop-across-lines ram': 33,
  'c-lw ram': 16 * 2,
  'c-lw-and-use ram': 16 * 3,
  'c-lw-from-flash ram': 16 * flashLoad,
  'c-sw ram': 16 * 2,
  'c-lw-c-sw ram': 16 * 4,
  'branch-not-taken ram': 16,
  'jump-to-line ram': 16 * 3,
  'jump-to-long ram': 16 * (3 + 1),
  'jump-far ram': 4 * 3,
  'call-and-return ram': 8 * (3 + 3),
  'loop-at-0 ram': loop(1 + 3, 1 + 1),
  'loop-of-c-lw ram': loop(2 + 1 + 3, 2 + 1 + 1),
});

const HAND: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  ch32v003: {
    ...qingkeRam(2 + 1),
    'jump-to-long-across ram': 2 + 16 * (3 + 1 + 1),
    // One wait state: a line of two c.nop in 2 cycles, of one nop in 2.
    'c-nop flash': 32,
    'nop flash': 64,
    'c-nop-nop flash': 16 * 3,
    'c-lw flash': 32,
    // Rounds of 6 and 8 cycles, published for real chips (timing.test.ts of the runtime); the last is of one line and of two, 2 cycles each.
    'loop-at-0 flash': loop(6, 2),
    'loop-of-nop-at-0 flash': loop(8, 4),
  },
  // Two wait states of data in flash; products of 1 cycle, assumed.
  ch32v002: { ...qingkeRam(2 + 2), 'mul ram': 16, 'mul-chain ram': 16, 'nop flash': 96 },
  // Instructions are always there: the same from flash and RAM, at any alignment.
  ch32v203: {
    ...qingkeRam(2),
    'jump-to-long-across ram': 2 + 16 * (3 + 1),
    'c-nop flash': 32,
    'nop flash': 32,
    'loop-at-2 flash': 1 + loop(1 + 3, 1 + 1),
    'divu-long flash': 8 * 17,
  },
  // Cortex-M0+ Technical Reference Manual, 3.3: loads and stores 2, of several registers 1 + N, a taken branch 2, bl 3, bx 2.
  pico: {
    'movs ram': 32,
    'lsls-31 ram': 32,
    'ldr ram': 16 * 2,
    'ldrb ram': 16 * 2,
    'ldr-and-use ram': 16 * 3,
    'ldm-3 ram': 16 * (1 + 4),
    'str ram': 16 * 2,
    'stm-3 ram': 16 * (1 + 4),
    'push-pop-2 ram': 8 * (3 + 3),
    'branch-not-taken ram': 16,
    'branch-to-next ram': 16 * 2,
    'jump-to-word ram': 16 * 2,
    'call-and-return ram': 8 * (3 + 2) + 1,
    'loop-at-0 ram': 1 + loop(1 + 2, 1 + 1),
    'muls ram': 16,
  },
};

describe.each(CALIBRATION_NAMES)('%s', (target) => {
  const missing = FIRMWARE_KINDS[target].programs.some((program) => spawnSync(program, ['--version']).status !== 0);

  it.skipIf(missing)('builds, boots, and takes what a count by hand says', async () => {
    const { project, printed } = await simulated(target);
    expect(printed.size).toBe(project.benchmarks.length * project.places.length);
    const rows = calibrationRows(project, printed, printed);
    expect(contradictions(rows)).toEqual([]);
    const hand = HAND[target] ?? {};
    const found = Object.fromEntries(
      rows.map(({ benchmark, place, simulated: cycles }) => [`${benchmark.name} ${place}`, cycles] as const),
    );
    expect(Object.fromEntries(Object.keys(hand).map((key) => [key, found[key]]))).toEqual(hand);
  });
});

describe('the report', () => {
  const project = calibrationProject('ch32v003');
  const printed = new Map([
    ...([
      ['empty ram', 2],
      ['empty flash', 3],
      ['c-lw ram', 34],
      ['c-lw flash', 35],
      ['c-sw ram', 34],
    ] as const),
  ]);

  it('takes the reads of the counter off, and leaves out what one side does not know', () => {
    const measured = new Map([
      ['empty ram', 4],
      ['empty flash', 4],
      ['c-lw ram', 52],
      ['c-lw flash', 36],
    ]);
    const rows = calibrationRows(project, printed, measured);
    expect(rows.map(({ benchmark, place, simulated: a, measured: b }) => [benchmark.name, place, a, b])).toEqual([
      ['c-lw', 'flash', 32, 32],
      ['c-lw', 'ram', 32, 48],
    ]);
    const [wrong, ...others] = contradictions(rows);
    expect(others).toEqual([]);
    expect(wrong).toMatchObject({ assumption: 'load', ofRows: 2, text: 'a load from RAM takes 2 cycles' });
    expect(wrong!.rows).toHaveLength(1);
  });

  it.each([
    ['calibrate 1 ch32v003 12345', { kind: 'begin', program: { part: 'ch32v003', checksum: 12345 } }],
    ['c-lw-chain flash 34', { kind: 'cycles', key: 'c-lw-chain flash', cycles: 34 }],
    ['done', { kind: 'end' }],
    ['c-lw rom 34', { kind: 'other' }],
    ['calibrate 2 ch32v003 12345', { kind: 'other' }],
  ])('reads %s', (line, read) => expect(readCalibrationLine(line)).toEqual(read));

  it('refuses parts without benchmarks or receiver', () => {
    for (const name of ['attiny85', 'atmega328p', 'cmake-arm']) {
      expect(() => calibrationProject(name)).toThrow(/wanted: one of ch32v003, ch32v002, ch32v006, ch32v203, pico/);
    }
    expect(() => calibrationProject('ch32v03')).toThrow(/ch32v003/);
  });
});

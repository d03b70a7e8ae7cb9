// Firmware of models with raw values: its self-test holds raw samples, and behind it rows of numbers from the serial port are answered.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import { classOf, type QuantizedModel, quantizeRaw } from '@bitnetmcu/models';
import { makeRawFeature, quantizeRawValue, ReferenceModel, toRawIntegers } from '@bitnetmcu/models/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectedInput, MODELS, randomSamples } from '../../conformance/raw-values/cases.mjs';
import { isMissing, temporaryFolders } from './__fixtures__/projects.js';
import { FIRMWARE_KINDS, type FirmwareKindName } from './firmware-kinds.js';
import { firmwareProject } from './firmware-project.js';
import { rawValueOf } from './raw-samples.js';
import { writeFirmware } from './write-firmware.js';

const newFolder = temporaryFolders();

/** What the firmware prints with this input. */
async function answers(kind: FirmwareKindName, model: QuantizedModel, input: string): Promise<string> {
  const samples = expectedInput(model, randomSamples(model, 2, 9));
  const project = firmwareProject(model, kind, samples, { softFloat: true });
  const folder = newFolder();
  expect(writeFirmware(project, folder).kind).toBe('built');
  const { path, target } = project.simulation!;
  const run = await runFirmware(target, readFileSync(join(folder, path)), { input: new TextEncoder().encode(input) });
  expect(run.output.startsWith(project.expectedOutput)).toBe(true);
  expect(project.expectedOutput).toContain('self-test passed');
  return run.output.slice(project.expectedOutput.length);
}

function classOfRow(model: QuantizedModel, values: readonly number[]): number {
  const { raw, shape } = model.input;
  const logits = new ReferenceModel(model).infer(quantizeRaw(raw!, shape, toRawIntegers(raw!, shape, values)), 1);
  return classOf(logits, 0, logits.length);
}

const KINDS = ['ch32v003', 'ch32v203', 'atmega328p', 'pico'] as const;

describe.each(KINDS)('%s', (kind) => {
  const missing = FIRMWARE_KINDS[kind].programs.some((program) => isMissing(program));

  it.skipIf(missing)('answers rows of a table', async () => {
    const model = MODELS['table-i16']!;
    const rows = [
      [5.1, -300, 900, 1.25, 0],
      [9.3, 4000, 350, -3, 1],
      [1.2, 32_000, 5000, 8, 1],
    ];
    const [a, b, c] = rows.map((row) => classOfRow(model, row));
    const text = `${rows[0]!.join(',')}\r\n${rows[1]!.join(' ; ')}\nlength,x\n1,2\n${rows[2]!.join('\t')}\r`;
    expect(await answers(kind, model, text)).toBe(
      `\r\nclass ${a}\r\nclass ${b}\r\nwanted: 5 numbers\r\nwanted: 5 numbers\r\nclass ${c}`,
    );
    expect(new Set([a, b, c]).size).toBeGreaterThan(1);
  });

  it.skipIf(missing)('answers time steps of a signal', async () => {
    const model = MODELS.signal!;
    const steps = Array.from({ length: 31 }, (_, t) => [100 * t - 900, 2000 - 130 * t, t * t]);
    const window = (first: number) => [0, 1, 2].flatMap((c) => steps.slice(first, first + 24).map((step) => step[c]!));
    const text = steps.map((step) => `${step.join(' ')}\n`).join('');
    expect(await answers(kind, model, text)).toBe(
      `${'.'.repeat(23)}\r\nclass ${classOfRow(model, window(0))}${'.'.repeat(6)}\r\nclass ${classOfRow(model, window(7))}`,
    );
  });

  it.skipIf(missing || kind !== 'atmega328p')(
    'makes floats of the numbers, where floating point was asked for',
    async () => {
      const model = MODELS['table-f32']!;
      const row = [1.2345, 1_000_000, 0.000_000_05, 12.3];
      expect(await answers(kind, model, '1.2345,1000000,0.00000005,12.3\n')).toBe(
        `\r\nclass ${classOfRow(model, row)}`,
      );
    },
  );
});

describe('raw samples', () => {
  it('are values that become the int8 asked for, or what comes nearest to it', () => {
    const one = makeRawFeature({ name: 'x', decimals: 0, low: -1000, high: 1550 });
    for (let target = -128; target <= 127; target++)
      expect(quantizeRawValue(one, rawValueOf(one, target))).toBe(target);
    const coarse = makeRawFeature({ name: 'x', decimals: 0, low: 0, high: 2 });
    expect([-128, -70, -60, 10, 127].map((target) => rawValueOf(coarse, target))).toEqual([0, 0, 1, 1, 2]);
  });

  it('lie within the range, whatever the feature', () => {
    const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
    fc.assert(
      fc.property(
        fc.tuple(int32, int32).filter(([a, b]) => a < b),
        fc.constantFrom('linear' as const, 'log2' as const),
        int32,
        ([low, high], curve, raw) => {
          const one = makeRawFeature({ name: 'x', decimals: 0, low, high, curve });
          const target = quantizeRawValue(one, raw);
          const found = rawValueOf(one, target);
          expect(found >= low && found <= high && quantizeRawValue(one, found) === target).toBe(true);
        },
      ),
    );
  });
});

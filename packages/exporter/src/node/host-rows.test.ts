// The program of an exported folder reads rows of numbers as files have them, and answers with what the reference makes of them.
import type { QuantizedModel } from '@bitnetmcu/models';
import { makeRawFeature } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { MODELS } from '../../conformance/raw-values/cases.mjs';
import { answer, hostPrograms, noHostPrograms } from './__fixtures__/host-programs.js';

const build = hostPrograms();

describe.skipIf(noHostPrograms())('the host program of a model with raw values', () => {
  it('answers rows of a table, with a header, a byte order mark and any separator', () => {
    const model = MODELS['table-i16']!;
    const run = build(model);
    const rows = [
      [5.1, -300, 900, 1.25, 0],
      [9.3, 4000, 350, -3, 1],
      [-99_999, 99_999, 0, 100, 7],
    ];
    const text = `\ufefflength,pressure,co2,offset,switch\r\n5.1,-300,900,1.25,0\r\n\r\n9.3; 4000;350;-3.00 ;1\n-99999\t99999 0\t100 7`;
    const { stdout, stderr, status } = run(text);
    expect(stdout).toBe(answer(model, 2, rows[0]!) + answer(model, 4, rows[1]!) + answer(model, 5, rows[2]!));
    expect([stderr, status]).toEqual(['', 0]);
  });

  it('rounds halves as numbers are: to even, by their digits', () => {
    const length = { ...makeRawFeature({ name: 'x', decimals: 2, low: 0, high: 254 }), unit: 'm' };
    const model: QuantizedModel = {
      ...MODELS['table-i16']!,
      input: { ...MODELS['table-i16']!.input, shape: [1], raw: { kind: 'table', type: 'i16', features: [length] } },
      nodes: [
        {
          ...{ op: 'linear', name: 'fc', inputs: ['input'], inFeatures: 1, outFeatures: 3 },
          weights: { format: '8bit', codes: Uint8Array.of(1, 255, 100) },
        },
      ],
    };
    // A step of int8 each integer. The double of 0.575, times 100, is below its half.
    const texts = Array.from({ length: 254 }, (_, i) => ((10 * i + 5) / 1000).toFixed(3));
    const wanted = texts.map((text, i) => answer(model, i + 1, [Number(text)])).join('');
    expect(build(model)(`${texts.join('\n')}\n`).stdout).toBe(wanted);
  });

  it('takes exponents as the same number without one', () => {
    const model = MODELS['table-i16']!;
    const run = build(model);
    // Tenths, whole numbers, whole numbers, hundredths, whole numbers; halves go to the even one.
    const plain = ['51.3,300,3500,0.12,1', '0.05,-120,400,0.125,0', '0.15,99999,-5,0.135,0', '7,0,0,0,0'];
    const written = [
      '5.13e1,3E2,+.35e+4,12e-2,1e0',
      '5e-2,-1.2E+02,400.e0,1.25e-1,0E9',
      '1500e-4,9e99,-5e0,0.00135e2,1e-400',
      `7${'0'.repeat(50)}e-50,0e-3,0.0e5,0e0,0`,
    ];
    const { stdout, stderr, status } = run(`${written.join('\n')}\n`);
    expect([stderr, status]).toEqual(['', 0]);
    expect(stdout).toBe(run(`${plain.join('\n')}\n`).stdout);
    expect(stdout.split('\n')).toHaveLength(5);
    const none = [
      '1e',
      'e5',
      '1e+',
      '1e-',
      '1e5e5',
      '1e1.5',
      '-e3',
      '.e3',
      '1e401',
      '1.2.3e4',
      '--1e2',
      `0.${'1'.repeat(62)}5e3`,
    ];
    for (const number of none) {
      expect(run(`1,2,3,4,5\n1,${number},3,4,5\n`).stderr, number).toMatch(
        /^line 2: value 2 is no number; wanted: 5 num/,
      );
    }
  });

  it('names what is wrong with a row, goes on, and ends with 2', () => {
    const model = MODELS['table-i16']!;
    const { stdout, stderr, status } = build(model)('1,2,3,4,5\n1,2,3\n1,2,x,4,5\n1,,3,4,5\n1,2,3,4,5\n');
    const wanted = 'wanted: 5 numbers: length, pressure, co2, offset, switch';
    expect(stderr).toBe(
      `line 2: 3 numbers found; ${wanted}\nline 3: value 3 is no number; ${wanted}\nline 4: value 2 is no number; ${wanted}\n`,
    );
    expect(stdout).toBe(answer(model, 1, [1, 2, 3, 4, 5]) + answer(model, 5, [1, 2, 3, 4, 5]));
    expect(status).toBe(2);
  });

  it('reads no further than ten wrong rows', () => {
    const { stdout, stderr, status } = build(MODELS['table-i16']!)(`${'1,2\n'.repeat(30)}1,2,3,4,5\n`);
    expect(stderr.split('\n').slice(9)).toEqual([
      expect.stringMatching(/^line 10: 2 numbers found/),
      '10 rows are wrong: the others are not read',
      '',
    ]);
    expect([stdout, status]).toEqual(['', 2]);
  });

  it('makes floats of the numbers where the model takes floats', () => {
    const model = MODELS['table-f32']!;
    expect(build(model)('1.2345,1000000,0.00000005,12.3\n').stdout).toBe(
      answer(model, 1, [1.2345, 1_000_000, 0.000_000_05, 12.3]),
    );
  });

  it('takes signals a time step a row, and windows', () => {
    const model = MODELS.signal!;
    const run = build(model);
    const steps = Array.from({ length: 31 }, (_, t) => [100 * t - 900, 2000 - 130 * t, t * t]);
    const window = (first: number) => [0, 1, 2].flatMap((c) => steps.slice(first, first + 24).map((step) => step[c]!));
    // A window of 24 and a hop of 7; of two votes that differ the last one counts.
    const streamed = run(steps.map((step) => step.join(',')).join('\n'));
    expect(streamed.stdout).toBe(answer(model, 24, window(0)) + answer(model, 31, window(7)));
    expect(run(`${window(3).join(' ')}\n`, '--windows').stdout).toBe(answer(model, 1, window(3)));
    expect(run('1,2\n').stderr).toBe('line 1: 2 numbers found; wanted: 3 numbers: x, y, z\n');
  });
});

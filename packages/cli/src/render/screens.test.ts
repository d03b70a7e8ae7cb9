// What people see around the work itself: hints that work where they are read, narrow terminals, confusion matrices, time that is left.
import type { PlainLayer } from '@bitnetmcu/mcu-runtime/internal/targets';
import type { EpochMetrics } from '@bitnetmcu/trainer';
import { describe, expect, it } from 'vitest';
import { confusionCsv, confusionOf } from '../results/confusion.js';
import { fitDivisor, probabilities } from '../results/probabilities.js';
import { Terminal } from '../terminal.js';
import { wrapped } from './assumptions.js';
import { printConfusion } from './confusion.js';
import { printFits } from './fits.js';
import { invocationOf, withInvocation } from './invocation.js';
import { TrainingProgress } from './progress.js';
import { trainingCurve } from './training-curve.js';
import { welcome } from './welcome.js';

function screen(columns = 80, isTTY = false) {
  const text = { out: '', error: '' };
  const terminal = new Terminal({
    stdout: { write: (piece) => (text.out += piece), columns },
    stderr: { write: (piece) => (text.error += piece), isTTY, columns },
    json: false,
    verbose: false,
    environment: {},
  });
  return { terminal, text };
}

describe('hints', () => {
  it('say how the command was called', () => {
    expect(invocationOf({})).toBe('bitnetmcu');
    expect(invocationOf({ npm_command: 'run-script' })).toBe('bitnetmcu');
    expect(invocationOf({ npm_command: 'exec', npm_config_user_agent: 'npm/11.0.0 node/v20' })).toBe('npx bitnetmcu');
    expect(invocationOf({ npm_command: 'exec', npm_config_user_agent: 'pnpm/10.0.0' })).toBe('pnpm exec bitnetmcu');
  });

  it('are changed where a command is to be typed, and nowhere else', () => {
    const text =
      'Next\n  bitnetmcu infer m.bnm 1\nRun `bitnetmcu data x`. This is a bug in bitnetmcu. bitnetmcu trains\n  a   bitnetmcu sim x';
    expect(withInvocation(text, 'npx bitnetmcu')).toBe(
      'Next\n  npx bitnetmcu infer m.bnm 1\nRun `npx bitnetmcu data x`. This is a bug in bitnetmcu. bitnetmcu trains\n  a   npx bitnetmcu sim x',
    );
    expect(withInvocation(text, 'bitnetmcu')).toBe(text);
  });
});

describe('60 columns', () => {
  it('are enough for the first steps: explanations stand below their commands', () => {
    const lines = welcome(60).split('\n').slice(3);
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(70);
    expect(lines[0]).toBe('  bitnetmcu train iris.csv');
    expect(welcome(120)).toMatch(/train iris\.csv {2,}a network/);
  });

  it('break texts between words, and set in what follows', () => {
    expect(wrapped('aaa bbb ccc', 7)).toEqual(['aaa bbb', '  ccc']);
    expect(wrapped('', 7)).toEqual([]);
    expect(wrapped('aaaaaaaaaa b', 5)).toEqual(['aaaaaaaaaa', '  b']);
  });
});

describe('a confusion matrix', () => {
  // Worked by hand: of class a two right, one taken for b; b all right; c never given.
  const confusion = confusionOf(['a', 'b', 'c'], [0, 0, 0, 1, 1, 2], [0, 0, 1, 1, 1, 1]);

  it('counts, and gives recall and precision by class', () => {
    expect(confusion.matrix).toEqual([
      [2, 1, 0],
      [0, 2, 0],
      [0, 1, 0],
    ]);
    expect(confusion.correct).toBe(4);
    expect(confusion.classes.map(({ recall }) => recall)).toEqual([2 / 3, 1, 0]);
    expect(confusion.classes.map(({ precision }) => precision)).toEqual([1, 0.5, undefined]);
    expect(confusion.neverPredicted).toEqual(['c']);
  });

  it('is shown whole, names what is never predicted, and becomes pairs where there are many classes', () => {
    const small = screen();
    printConfusion(small.terminal, confusion, 'integers:');
    expect(small.text.out).toMatch(/a +2 +1 +· +66\.7 % +100\.0 %/);
    expect(small.text.error).toContain('never predicted: c (0 of 1)');
    const labels = Array.from({ length: 50 }, (_, i) => `class ${i}`);
    const many = screen();
    printConfusion(many.terminal, confusionOf(labels, [3, 3, 7], [4, 4, 7]), 'integers:');
    expect(many.text.out).toContain('2 of class 3 taken for class 4');
    expect(many.text.out.split('\n').length).toBeLessThan(20);
  });

  it('leaves nothing to compute for a spreadsheet', () => {
    const csv = confusionCsv({
      labels: ['=1+1', 'a"b'],
      matrix: [
        [1, 2],
        [3, 4],
      ],
    });
    expect(csv).toBe('is \\ given,\'=1+1,"a""b"\r\n\'=1+1,1,2\r\n"a""b",3,4\r\n');
  });
});

describe('probabilities', () => {
  it('are the softmax of logits by a divisor; of one logit those of two classes', () => {
    // e^0 : e^ln 3 = 1 : 3.
    expect(probabilities([0, 1000 * Math.log(3)], 1000)).toEqual([0.25, 0.75].map((p) => expect.closeTo(p, 9)));
    expect(probabilities([1000 * Math.log(3)], 1000)).toEqual([0.25, 0.75].map((p) => expect.closeTo(p, 9)));
  });

  it('are fitted: of logits that are right three times of four, 3 to 1', () => {
    const count = 4000;
    const logits = Int32Array.from({ length: 2 * count }, (_, i) => (i % 2 === 0 ? 500 : 0));
    const classes = Array.from({ length: count }, (_, i) => Number(i % 4 === 0));
    const [first] = probabilities([500, 0], fitDivisor(logits, 2, classes));
    expect(first).toBeCloseTo(0.75, 2);
  });

  it('stay below 1 where all samples are right', () => {
    const logits = Int32Array.of(900, 0, 0, 900);
    expect(probabilities([900, 0], fitDivisor(logits, 2, [0, 1]))[0]).toBeLessThan(0.95);
  });
});

describe('parts that a model fits', () => {
  it('says of each line whether it was built or is estimated', () => {
    const { terminal, text } = screen();
    const room = { flash: 16_384, ram: 2048 };
    const one = {
      fits: true,
      flash: 4096,
      ram: 512,
      available: room,
      missing: { flash: 0, ram: 0 },
      mayFit: false,
      milliseconds: 5,
      samples: 100,
      plainLayers: [],
    };
    printFits(
      terminal,
      [
        { ...one, target: 'ch32v003', basis: 'built' },
        { ...one, target: 'ch32v006', basis: 'estimated' },
        { ...one, target: 'attiny85', basis: 'estimated', fits: false, missing: { flash: 0, ram: 100 } },
        { ...one, target: 'attiny1616', basis: 'estimated', fits: false, mayFit: true, missing: { flash: 0, ram: 83 } },
      ],
      'my runs/model.bnm',
    );
    expect(text.out).toMatch(/fits ch32v003: .* 5 ms, built$/m);
    expect(text.out).toMatch(/fits ch32v006: .* 5 ms, estimated$/m);
    expect(text.out).toMatch(/does not fit attiny85: .*missing, estimated$/m);
    expect(text.out).toMatch(
      /may not fit attiny1616: +about 83 B of RAM missing by estimate; `bitnetmcu sim 'my runs\/model\.bnm' --target attiny1616` measures$/m,
    );
    expect(text.out).toContain('mean time of the first 100 test samples;');
  });

  it.each([
    [[1, 1], ['5 ms', '5 ms'], 'time of the first test sample'],
    [[100, 1], ['5 ms', '5 ms*'], 'mean time of the first 100 test samples, * of the first alone'],
  ])('says of which samples the time is: %j', (samples, times, words) => {
    const { terminal, text } = screen();
    const room = { flash: 16_384, ram: 2048 };
    const missing = { flash: 0, ram: 0 };
    const one = { fits: true, mayFit: false, flash: 4096, ram: 512, available: room, missing, plainLayers: [] };
    const targets = ['ch32v003', 'ch32v006'] as const;
    printFits(
      terminal,
      targets.map((target, i) => ({ ...one, target, milliseconds: 5, samples: samples[i]!, basis: 'built' })),
      'model.bnm',
    );
    for (const time of times) expect(text.out).toContain(`kB, ${time}, built\n`);
    expect(text.out).toContain(`RAM with stack, ${words})`);
  });
});

describe('layers on plain kernels', () => {
  it('are told below their part, those with the same remedies together', () => {
    const { terminal, text } = screen();
    const room = { flash: 16_384, ram: 2048 };
    const layer = (name: string, remedies: PlainLayer['remedies']): PlainLayer => ({
      name,
      operation: 'linear',
      remedies,
    });
    const memory = [{ kind: 'kernels', kernels: 'fast-flash', missing: { flash: 0, ram: 48 } }] as const;
    const plainLayers = [
      layer('fc1', memory),
      layer('fc2', [{ kind: 'inputs', found: 20_000, most: 16_383 }]),
      layer('fc3', memory),
      layer('fc4', []),
    ];
    const missing = { flash: 0, ram: 0 };
    const fit = {
      fits: true,
      mayFit: false,
      flash: 4096,
      ram: 512,
      available: room,
      missing,
      milliseconds: 5,
      samples: 1,
    };
    printFits(terminal, [{ ...fit, target: 'ch32v003', basis: 'built', plainLayers }], 'model.bnm');
    const lines = text.out.split('\n').filter((line) => line.includes('plain kernels'));
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(
      /– fc1, fc3 on plain kernels.* the kernels fast-flash, for which 48 B of RAM are missing\.$/,
    );
    expect(lines[1]).toMatch(/– fc2 on plain kernels.* at most 16 383 inputs \(20 000 found\)\.$/);
    expect(lines[2]).toMatch(/– fc4 on plain kernels.* No part here has fast ones/);
  });
});

describe('words of a training', () => {
  const epoch = {
    ...{ epoch: 0, learningRate: 1, train: { loss: 1, accuracy: 0.75 }, layers: [], imagesPerSecond: 1, seconds: 1 },
    validation: { loss: 1, accuracy: 0.5, r2: 0.5, meanAbsoluteError: 3 },
  };
  it.each([
    ['classification', /validation 50\.00 %/, 'wrong answers', '50 %'],
    ['regression', /validation R² 0\.500 /, '1 − R²', '0.5'],
    ['anomaly', /validation reconstructs 50\.00 % of the variance/, 'variance not reconstructed', '50 %'],
    ['multiLabel', /validation all labels right 50\.00 %/, 'samples with a wrong label', '50 %'],
  ] as const)('%s', (task, line, axis, tick) => {
    const { terminal, text } = screen();
    new TrainingProgress(terminal, 1, task).epochEnded(epoch);
    expect(text.error).toMatch(line);
    const svg = trainingCurve([epoch], 'motor on motor.csv', task);
    expect(svg).toContain(`motor on motor.csv: ${axis}<`);
    expect(svg).toContain(`>${tick}<`);
  });
});

describe('the course of a training', () => {
  const epochs = (errors: readonly number[]) =>
    errors.map((error, epoch) => ({ epoch, train: { loss: 1, accuracy: 1 - error } })) as unknown as EpochMetrics[];
  /** What the axis says at its lowest line. */
  const floor = (errors: readonly number[]) =>
    /y="[\d.]+" text-anchor="end">(≤ )?0\.1 %</.exec(trainingCurve(epochs(errors), 'x'))?.[1];

  it('says that its lowest line is no error of its own, where errors lie below it', () => {
    expect(floor([0.5, 0.1, 0])).toBe('≤ ');
    expect(floor([0.5, 0.1, 0.001])).toBeUndefined();
  });

  it.each([7, 40, 200, 1000])('numbers round epochs of %d', (count) => {
    const svg = trainingCurve(epochs(Array(count).fill(0.5)), 'x');
    const ticks = [...svg.matchAll(/text-anchor="middle">(\d+)</g)].map((found) => Number(found[1]));
    const stride = ticks[2]! - ticks[1]!;
    expect(String(stride)).toMatch(/^[125]0*$/);
    expect(ticks.length).toBeLessThanOrEqual(13);
  });
});

describe('progress', () => {
  const at = (elapsedSeconds: number) => ({
    epoch: 0,
    epochs: 60,
    step: 1,
    steps: 10,
    loss: 1,
    accuracy: 0.5,
    done: 0.001,
    elapsedSeconds,
    remainingSeconds: 2781,
  });

  it('does not tell the time that is left by the first steps', () => {
    const early = screen(100, true);
    new TrainingProgress(early.terminal, 60).progress(at(0.2));
    expect(early.text.error).toContain('epoch');
    expect(early.text.error).not.toContain('left');
    const later = screen(100, true);
    new TrainingProgress(later.terminal, 60).progress(at(3));
    expect(later.text.error).toContain('46 min 21 s left');
  });
});

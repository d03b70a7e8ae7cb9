// What is recommended for which data: bounds that hold for any data set, and what each kind of samples gets.
import { buildPreset } from '@bitnetmcu/models';
import { RAW_PREPROCESSING } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../data/dataset.js';
import { parseTrainingConfig } from './config.js';
import { recommendTraining } from './recommend.js';

function dataset(count: number, shape: Dataset['shape'], classes = 2, of = (i: number) => i % classes) {
  const features = shape.reduce<number>((product, side) => product * side, 1);
  return {
    shape,
    labels: Array.from({ length: classes }, (_, k) => `class ${k}`),
    train: {
      count,
      bytes: new Uint8Array(count * features),
      labels: Uint16Array.from({ length: count }, (_, i) => of(i)),
    },
  };
}

describe('recommendTraining', () => {
  it.each([1, 7, 50, 399, 400, 5000, 60_000, 1_000_000])('gives a valid configuration for %i samples', (count) => {
    for (const shape of [[4], [3, 1, 64], [3, 32, 32]] as const) {
      const { train, ...rest } = dataset(1, shape);
      const { config, assumptions } = recommendTraining({
        ...rest,
        train: { ...train, count, labels: new Uint16Array(count) },
      });
      const { epochs, batchSize, validation } = parseTrainingConfig(config);
      expect(validation).toBeLessThan(count);
      expect(batchSize).toBeGreaterThanOrEqual(16);
      expect(batchSize).toBeLessThanOrEqual(128);
      expect(epochs).toBeGreaterThanOrEqual(20);
      expect(assumptions.every(({ what, because, change }) => what && because && change)).toBe(true);
    }
  });

  it('holds nothing out where a class is in one recording only', () => {
    const { train, ...rest } = dataset(1000, [4], 2, (i) => Math.floor(i / 500));
    const recommended = (groupOf: (sample: number) => number) => {
      const groups = Uint32Array.from({ length: 1000 }, (_, i) => groupOf(i));
      const { config, assumptions } = recommendTraining({ ...rest, train: { ...train, groups } });
      return [config.validation, assumptions.find(({ what }) => what.includes('validation'))!.because];
    };
    expect(recommended((i) => Math.floor(i / 500))).toEqual([0, expect.stringMatching(/^a class is in one recording/)]);
    expect(recommended((i) => Math.floor(i / 100))).toEqual([100, '10 % of 1000']);
  });

  it('chooses the network by what a sample is', () => {
    expect(recommendTraining(dataset(100, [4])).config.network).toBe('table-m');
    // 32 weights of 8 bits for each of 784 columns would not fit 16 kB.
    expect(recommendTraining(dataset(100, [784])).config.network).toBe('table-s');
    expect(recommendTraining(dataset(100, [3, 1, 64])).config.network).toBe('signal-m');
    expect(recommendTraining(dataset(100, [3, 32, 32])).config.network).toBe('image-s');
    // Rows that were given as [1, 1, n], by what their raw values say.
    const raw: Dataset['raw'] = { kind: 'table', type: 'i16', features: [] };
    expect(recommendTraining({ ...dataset(100, [1, 1, 4]), raw }).config.network).toBe('table-m');
  });

  it.each<[shape: Dataset['shape'], samples: number, network: string, because: RegExp]>([
    // What firmware with the kernels that take least was measured to take: 2004, 2036 and 1960 bytes of RAM.
    [[3, 1, 64], 100, 'signal-m', /it fits a CH32V003$/],
    [[12, 1, 29], 100, 'signal-m', /it fits a CH32V003$/],
    [[1, 1, 256], 100, 'signal-m', /it fits a CH32V003$/],
    // 2052 bytes without a stack; signal-s 2012 with it.
    [[1, 1, 400], 100, 'signal-s', /signal-m would take about 2\.3 of the 2 kB of RAM of a CH32V003$/],
    // 3764 and 2624 without a stack.
    [
      [6, 1, 100],
      100,
      'signal-m',
      /and signal-s does not fit either: .*, or features in their place \(--features rms,/,
    ],
    [[1, 1, 8000], 100, 'signal-m', /or features in their place \(--features mel:16 of sound/],
    [[3, 48, 64], 100, 'image-s', /of 3×48×64 values to train with, made smaller to 3×9×12; /],
    // Of 3×16×16; built, with its stack, it takes 2412 bytes.
    [[3, 28, 28], 2000, 'image-s', /image-m would take about 2\.6 of the 2 kB of RAM of a CH32V003$/],
  ])('takes the size of %j that the smallest part has room for', (shape, samples, network, because) => {
    const raw: Dataset['raw'] = { kind: 'signal', type: 'i16', features: [] };
    const { config, assumptions } = recommendTraining({
      ...dataset(samples, shape, 3),
      ...(network.startsWith('signal') && { raw }),
    });
    expect(config.network).toBe(network);
    expect(assumptions.find(({ what }) => what === `network ${network}`)?.because).toMatch(because);
  });

  it.each<[shape: Dataset['shape'], made: string | undefined]>([
    [[1, 5, 7], undefined],
    [[1, 16, 16], undefined],
    [[3, 7, 9], undefined],
    [[1, 48, 64], '1×16×16'],
    [[3, 48, 64], '3×10×10'],
  ])('images of %j for anomalies are called made smaller where they are', (shape, made) => {
    const { assumptions } = recommendTraining({ ...dataset(100, shape), output: { task: 'anomaly' } });
    const { because } = assumptions.find(({ what }) => what === 'network table-s')!;
    expect(/made smaller to ([^;,]+);/.exec(because)?.[1]).toBe(made);
    expect(because).toContain(`100 images of ${shape.join('×')} values to train with${made ? ',' : ';'} `);
  });

  it('spends about as many steps on few samples as on more', () => {
    const steps = (count: number) => {
      const { config } = recommendTraining(dataset(count, [4]));
      const trained = count - config.validation;
      // Every sample as it is and changed.
      return config.epochs * Math.ceil((2 * trained) / config.batchSize);
    };
    for (const count of [150, 1000, 5000]) {
      expect(steps(count)).toBeGreaterThanOrEqual(3000);
      expect(steps(count)).toBeLessThan(2 * 3000);
    }
  });

  it('weighs classes where one is twice another, and says which', () => {
    const balanced = recommendTraining(dataset(300, [4], 2, (i) => Number(i % 5 < 2)));
    expect(balanced.config.loss).toEqual([{ kind: 'crossEntropy', labelSmoothing: 0.1 }]);
    const { config, assumptions } = recommendTraining(dataset(300, [4], 2, (i) => Number(i % 10 === 0)));
    expect(config.loss).toEqual([{ kind: 'crossEntropy', labelSmoothing: 0.1, classWeights: 'balanced' }]);
    expect(assumptions.at(-1)!.because).toBe('class 0 has 270 training samples, class 1 30');
  });

  it('names no loss where outputs are no classes, and changes no value that a regression shall find', () => {
    const output = { task: 'regression', values: [{ name: 'y', decimals: 1 }] } as const;
    const { config } = recommendTraining({ ...dataset(300, [1, 1, 64], 1, () => 0), output });
    expect(config.loss).toBeUndefined();
    expect(config.augmentation).toMatchObject({ gain: 0, stretch: 0 });
  });
});

it('centres bytes of rows and signals, as raw values are', () => {
  for (const name of ['table-m', 'signal-m'] as const) {
    const { divisor, mean, deviation } = buildPreset(name).input.preprocessing;
    const value = (byte: number) => (byte / divisor - mean) / deviation;
    expect(value(0)).toBeCloseTo(-value(255), 6);
    expect(RAW_PREPROCESSING.mean * RAW_PREPROCESSING.divisor).toBe(128);
  }
});

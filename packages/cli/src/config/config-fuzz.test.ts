// Damaged configuration files: typed errors with a message, never anything else.
import { PRESET_NAMES } from '@bitnetmcu/models';
import { Random } from '@bitnetmcu/trainer';
import { describe, expect, it } from 'vitest';
import { describeError } from '../errors.js';
import { mergeConfig } from './training-config.js';
import { parseYaml } from './yaml-file.js';

const CASES = 10_000;

/** Short, so that many cases are quick, and still with every kind of thing that a configuration holds. */
const GOOD = `
network:
  name: tiny
  input: {shape: [64]}
  layers:
    - {type: linear, name: fc, outputs: 2, weights: {format: 4bit}}
data: {kind: csv, train: a, labels: [x, 'y']}
schedule: {kind: step, every: 2}
augmentation: {scale: [0.9, 1.1]}
optimizer: sgd
epochs: 3
`;

/** Pieces that mean something to YAML or to a program. */
const PIECES = [
  '*a',
  '&a ',
  '!!binary ',
  '{',
  '[',
  ']: ',
  '\t',
  '- ',
  '\u0000',
  '1e999',
  '-1',
  '.nan',
  '~',
  '__proto__',
  'constructor',
  '<<: ',
  '"',
  '\n\n---\n',
];

function mutate(text: string, random: Random): string {
  let result = text;
  for (let i = 1 + random.nextBelow(4); i > 0; i--) {
    const at = random.nextBelow(result.length + 1);
    const span = random.nextBelow(12);
    switch (random.nextBelow(5)) {
      case 0:
        result = result.slice(0, at);
        break;
      case 1:
        result = result.slice(0, at) + result.slice(at + span);
        break;
      case 2:
        result = result.slice(0, at) + PIECES[random.nextBelow(PIECES.length)] + result.slice(at);
        break;
      case 3: {
        const code = result.charCodeAt(Math.min(at, result.length - 1)) ^ (1 << random.nextBelow(8));
        result = result.slice(0, at) + String.fromCharCode(code) + result.slice(at + 1);
        break;
      }
      default: {
        const from = random.nextBelow(result.length + 1);
        result = result.slice(0, at) + result.slice(from, from + span * 3) + result.slice(at);
      }
    }
  }
  return result;
}

describe('damaged configuration files', () => {
  it('the undamaged one is right', () => {
    expect(mergeConfig(parseYaml(GOOD, 'good.yaml'), {})).toMatchObject({
      epochs: 3,
      optimizer: { kind: 'sgd', momentum: 0.9 },
    });
  });

  it(`${CASES} mutations give a configuration or a typed error`, () => {
    const random = Random.of(20_260_101);
    let refused = 0;
    for (let i = 0; i < CASES; i++) {
      const text = mutate(GOOD, random);
      try {
        const { network, epochs } = mergeConfig(parseYaml(text, 'fuzzed.yaml'), {});
        expect(typeof network === 'object' || (PRESET_NAMES as readonly string[]).includes(network)).toBe(true);
        expect(epochs).toBeGreaterThan(0);
      } catch (error) {
        refused++;
        const report = describeError(error);
        if (report.isBug) throw new Error(`case ${i} is no typed error`, { cause: { error, text } });
        expect(report.message.length).toBeGreaterThan(10);
      }
    }
    expect(refused).toBeGreaterThan(CASES / 2);
    expect(refused).toBeLessThan(CASES);
  }, 300_000);
});

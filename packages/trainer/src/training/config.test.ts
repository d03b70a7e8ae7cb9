import { describe, expect, it } from 'vitest';
import { parseTrainingConfig } from './config.js';

describe('parseTrainingConfig', () => {
  it("has the original project's recipe as defaults", () => {
    expect(parseTrainingConfig({})).toMatchObject({
      network: 'fc-12k',
      data: { kind: 'mnist' },
      epochs: 60,
      batchSize: 128,
      optimizer: { kind: 'adam', beta1: 0.9, beta2: 0.999 },
      learningRate: 1e-3,
      schedule: { kind: 'cosine', end: 0 },
    });
    expect(parseTrainingConfig({ augmentation: {} }).augmentation).toEqual({
      plain: 1,
      copies: 1,
      rotation: 10,
      rotations: 2,
      translation: 0.1,
      scale: [0.9, 1.1],
      anisotropy: 0,
      shear: 0,
      flip: 0,
    });
  });

  it('is its own fixed point', () => {
    const config = parseTrainingConfig({
      network: 'fc-1k',
      schedule: { kind: 'step', every: 5 },
      augmentation: 'none',
    });
    expect(parseTrainingConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  it.each([
    [{ epoch: 3 }, /epoch.*epochs/s],
    [{ epochs: -1 }, /epochs/],
    [{ optimizer: { kind: 'adamm' } }, /optimizer.*adam/s],
    [{ schedule: { kind: 'cosine', endd: 0 } }, /schedule\.endd.*'end'/s],
    [{ network: 'fc-12' }, /network/],
    [7, /whole document/],
  ])('names what is wrong in %j', (value, message) => {
    expect(() => parseTrainingConfig(value)).toThrow(
      expect.objectContaining({ code: 'invalid-config', message: expect.stringMatching(message) }),
    );
  });
});

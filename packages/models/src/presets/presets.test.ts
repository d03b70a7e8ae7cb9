import { describe, expect, it } from 'vitest';
import { inferShapes, outputCount } from '../shapes.js';
import { summarizeSpec } from '../summary/summary.js';
import { buildPreset, PRESET_NAMES, presets } from './presets.js';

describe('presets', () => {
  it('come to the stated bytes of weights', () => {
    for (const name of PRESET_NAMES)
      expect(summarizeSpec(buildPreset(name)).total.bytes, name).toBe(presets[name].weightBytes);
  });

  it('come to the published flash sizes', () => {
    // By hand: (256·64 + 64·64 + 64·64 + 64·10)/2; (256·16 + 16·16 + 16·10)/4; ternary rows of 77, 48 and 32 bytes.
    expect(presets['fc-12k'].weightBytes).toBe((16_384 + 4_096 + 4_096 + 640) / 2);
    expect(presets['fc-1k'].weightBytes).toBe((4_096 + 256 + 160) / 4);
    expect(presets['cnn-96-ternary'].weightBytes).toBe(3 * 9 * 96 + 96 * 77 + 64 * 48 + 10 * 32);
    // FACTS: 3.2, 5.4, 7.3, 9.3 kB of 1000 bytes; 11.0 and 13.0 kB of 1024.
    const published = {
      'cnn-16-small': 3.2,
      'cnn-16': 5.4,
      'cnn-32': 7.3,
      'cnn-48': 9.3,
      'cnn-64': 11,
      'cnn-96-ternary': 13,
    } as const;
    for (const [name, kB] of Object.entries(published)) {
      const unit = kB >= 11 ? 1024 : 1000;
      expect(Math.abs(presets[name as keyof typeof published].weightBytes / unit - kB), name).toBeLessThan(0.07);
    }
  });

  it('leave four features a channel and end with the classes asked for', () => {
    const layers = inferShapes(buildPreset('cnn-48', { classes: 47 }));
    expect(layers.find(({ layer }) => layer.name === 'flatten')!.outputShape).toEqual([192]);
    expect(outputCount(layers)).toBe(47);
    expect(outputCount(inferShapes(buildPreset('fc-1k')))).toBe(10);
  });

  it('are found by name or refused with the nearest one', () => {
    expect(() => buildPreset('cnn64')).toThrow(
      expect.objectContaining({ code: 'unknown-preset', message: expect.stringContaining('"cnn-64"') }),
    );
    expect(() => buildPreset('toString')).toThrow(/no preset/);
    expect(() => buildPreset('fc-1k', { clases: 26 } as object)).toThrow(
      expect.objectContaining({ code: 'invalid-option', message: expect.stringContaining('"classes"') }),
    );
    expect(() => buildPreset('fc-1k', { classes: 0 })).toThrow(/outputs: 0 found, at least 1 wanted/);
  });
});

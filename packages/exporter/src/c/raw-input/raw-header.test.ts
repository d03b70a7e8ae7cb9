// What the header says of raw values: constants of C that are distinct, and features in words.
import { makeRawFeature, type RawFeature } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { MODELS } from '../../../conformance/raw-values/cases.mjs';
import { exportC } from '../export-c.js';
import { enumeration } from './constants.js';
import { decimalText, featureText } from './feature-text.js';

const one = (rest: Partial<RawFeature> & { name: string }) =>
  ({ ...makeRawFeature({ decimals: 0, low: 0, high: 10, ...rest }), ...rest }) as RawFeature;

describe('enumeration', () => {
  it('has a constant for each text, distinct, of letters, digits and _', () => {
    const texts = ['sepal length (cm)', 'größe', '', '!!', 'a b', 'a-b', 'A_B', '5', '-5', '模'];
    expect(enumeration('iris', 'feature', texts)).toBe(`/** Numbers of the values of a sample, by name. */
enum iris_feature {
  IRIS_FEATURE_SEPAL_LENGTH_CM = 0,
  IRIS_FEATURE_GROSSE = 1,
  IRIS_FEATURE_2 = 2,
  IRIS_FEATURE_3 = 3,
  IRIS_FEATURE_A_B = 4,
  IRIS_FEATURE_A_B_5 = 5,
  IRIS_FEATURE_A_B_6 = 6,
  IRIS_FEATURE_5 = 7,
  IRIS_FEATURE_5_8 = 8,
  IRIS_FEATURE_9 = 9
};
`);
  });
});

describe('featureText', () => {
  it('says what the integer is', () => {
    expect(featureText(one({ name: 'length', unit: 'cm', decimals: 1, low: 12, high: 90 }), 'i16')).toBe(
      'length: in 0.1 cm, 5.1 is 51; from 1.2 to 9.0',
    );
    expect(featureText(one({ name: 'x', low: -5, high: 5 }), 'u8')).toBe('x: in whole numbers; from -5 to 5');
    expect(featureText(one({ name: 'u', unit: 'V', decimals: 3, low: -5, high: 5 }), 'f32')).toBe(
      'u: in V, rounded to 0.001; from -0.005 to 0.005',
    );
  });

  it('writes decimals without floating point', () => {
    expect([decimalText(-5, 3), decimalText(1234, 2), decimalText(0, 1), decimalText(-(2 ** 31), 9)]).toEqual([
      '-0.005',
      '12.34',
      '0.0',
      '-2.147483648',
    ]);
  });
});

describe('exportC with raw values', () => {
  it('has no _prepare, and the type of the values', () => {
    const header = exportC(MODELS['table-i16']!, { name: 'office' }).files[1]!.content;
    expect(header).not.toContain('_prepare');
    expect(header).toContain('typedef int16_t office_value;');
    expect(header).toContain('int office_classify_raw(const office_value *values);');
    expect(header).toContain('OFFICE_CLASS_WALK = 1');
    expect(header).not.toContain('_push');
  });

  it('has the stream of signals, and the hop of the model', () => {
    expect(exportC(MODELS.signal!, { name: 'm1' }).files[1]!.content).toContain('#define M1_HOP 7');
    const { hop: _, ...raw } = MODELS.signal!.input.raw!;
    const model = { ...MODELS.signal!, input: { ...MODELS.signal!.input, raw } };
    expect(exportC(model, { name: 'm1' }).files[1]!.content).toContain('#define M1_HOP 12');
  });

  it('refuses floats for parts without a unit for them, unless asked', () => {
    const model = MODELS['table-f32']!;
    expect(() => exportC(model, { target: 'ch32v003' })).toThrow(
      expect.objectContaining({ code: 'soft-float', message: expect.stringContaining('raw type i16 or i32') }),
    );
    expect(exportC(model, { target: 'ch32v003', softFloat: true }).runtime.functions).toContain('bnm_quantize_raw_f32');
    expect(exportC(model).runtime.functions).not.toContain('bnm_quantize_raw_i16');
  });
});

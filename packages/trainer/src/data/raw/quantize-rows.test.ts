// Numbers of text as training sees them: the integers that a reader of the digits makes, in whichever array they are kept.
import { makeRawFeature, type RawInput } from '@bitnetmcu/models/internal';
import { expect, it } from 'vitest';
import { int16Rows } from './int16-signals.js';
import { quantizeRows } from './quantize-rows.js';
import { arrayRows, joinedRows, ValueRowsBuilder } from './value-rows.js';

/** In thousandths, so that each tenth text is a half of the hundredths that are kept. */
const thousandths = Array.from({ length: 1250 }, (_, i) => i);
const texts = thousandths.map((one) => (one / 1000).toFixed(3));
const hundredths = thousandths.map((one) => {
  const [whole, rest] = [Math.floor(one / 10), one % 10];
  return whole + (rest > 5 || (rest === 5 && whole % 2 === 1) ? 1 : 0);
});

/** As files are read: narrow arrays for few digits. */
function rowsOf(more: (text: string) => string) {
  const builder = new ValueRowsBuilder(1);
  for (const text of texts.map(more)) {
    builder.beginRow();
    builder.put(Number(text), text.replace(/\D/g, '').replace(/^0+/, '').length);
  }
  return builder.finish();
}

// One step of int8 a hundredth.
const feature = { ...makeRawFeature({ name: 'x', decimals: 2, low: -1, high: 127 }), low: -128, high: 127 };
const raw: RawInput = {
  ...{ kind: 'table', type: 'i16' },
  features: [{ ...feature, preShift: 0, curve: 'linear', multiplier: 1, bias: -128, shift: 0 }],
};
const quantization = { raw, shape: [1] as const, kept: Uint32Array.of(0), means: Float64Array.of(0) };

it('rounds halves to even by their digits, in float32, in float64 and where blocks of both follow one another', async () => {
  const short = rowsOf((text) => text);
  // More than six digits are kept in float64; these are no halves.
  const long = rowsOf((text) => `${text}0000001`);
  expect([short, long].map(({ blocks }) => blocks[0]!.values.constructor)).toEqual([Float32Array, Float64Array]);
  const up = thousandths.map((one) => Math.floor(one / 10) + (one % 10 >= 5 ? 1 : 0));
  const doubles = arrayRows(Float64Array.from(texts, Number), 1);
  const all = joinedRows([short, long, doubles]);
  const { bytes } = await quantizeRows(all, all.count, () => true, quantization);
  expect([...bytes]).toEqual([...hundredths, ...up, ...hundredths].map((one) => Math.min(one, 127) + 128));
});

it('makes the same integers of signals', async () => {
  const { values } = await int16Rows(
    rowsOf((text) => text),
    [2],
    [0],
    1,
  );
  expect([...values]).toEqual(hundredths);
});

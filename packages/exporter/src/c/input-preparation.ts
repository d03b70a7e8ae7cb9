// uint8 pixels → int8 input in integer C, only where it is proven to give the bits of models' quantizeInput.
import { type QuantizedModel, quantizeInput } from '@bitnetmcu/models';

/** y = round-half-even(127·(scale·pixel − offset) / m), with m the largest |scale·pixel − offset| of the image; 0 where m is 0. */
export interface IntegerPreparation {
  readonly scale: number;
  readonly offset: number;
}

/** 127·|scale·pixel − offset| stays within a quarter of int32. */
const LARGEST_MAGNITUDE = 2 ** 29 / 127;

/** Scales tried before giving up: each rounds the offset differently. */
const CANDIDATES = 100;

/**
 * Integers that replace the float preprocessing of dynamic inputs, or undefined where none were found.
 *
 * An int8 value depends on its pixel and on the image's largest magnitude, which its darkest and brightest pixel decide; every
 * possible pair of both is compared with quantizeInput.
 */
export function integerPreparation(input: QuantizedModel['input']): IntegerPreparation | undefined {
  if (input.quantization.kind !== 'dynamic') return undefined;
  // The deviation cancels: both the value and the maximum are divided by it.
  const centre = input.preprocessing.mean * input.preprocessing.divisor;
  const magnitudes = floatMagnitudes(input);
  const cases = referenceCases(input, magnitudes);
  const largest = Math.floor(LARGEST_MAGNITUDE / (255 + Math.abs(centre)));
  for (let scale = largest; scale > 0 && scale > largest - CANDIDATES; scale--) {
    const preparation = { scale, offset: Math.round(scale * centre) };
    if (sameOrder(preparation, magnitudes) && cases.every((reference) => matches(preparation, reference)))
      return preparation;
  }
  return undefined;
}

/** |v| of every pixel value in float32, as quantizeInput takes the maximum of. */
function floatMagnitudes({ preprocessing }: QuantizedModel['input']): Float32Array {
  const [divisor, mean, deviation] = [preprocessing.divisor, preprocessing.mean, preprocessing.deviation].map(
    Math.fround,
  ) as [number, number, number];
  return Float32Array.from({ length: 256 }, (_, pixel) =>
    Math.abs(Math.fround(Math.fround(Math.fround(pixel / divisor) - mean) / deviation)),
  );
}

/** Whether both arithmetics find the same pixel largest in every image, and the same pixels equally large. */
function sameOrder({ scale, offset }: IntegerPreparation, magnitudes: Float32Array): boolean {
  const pixels = Array.from({ length: 256 }, (_, pixel) => pixel).sort((a, b) => magnitudes[a]! - magnitudes[b]!);
  const integer = (pixel: number) => Math.abs(scale * pixel - offset);
  return pixels.slice(1).every((pixel, i) => {
    const smaller = pixels[i]!;
    return Math.sign(integer(pixel) - integer(smaller)) === Math.sign(magnitudes[pixel]! - magnitudes[smaller]!);
  });
}

interface ReferenceCase {
  /** Darkest and brightest pixel, then every one between them. */
  readonly pixels: readonly number[];
  readonly expected: Int8Array;
}

/** For each pixel that can be the largest of an image: all pixel values that can occur beside it. */
function referenceCases(input: QuantizedModel['input'], magnitudes: Float32Array): ReferenceCase[] {
  return Array.from({ length: 256 }, (_, extreme) => {
    let [from, to] = [extreme, extreme];
    while (from > 0 && magnitudes[from - 1]! <= magnitudes[extreme]!) from--;
    while (to < 255 && magnitudes[to + 1]! <= magnitudes[extreme]!) to++;
    const pixels = [from, to, ...Array.from({ length: to - from + 1 }, (_, i) => from + i)];
    return { pixels, expected: quantizeInput({ input: { ...input, shape: [pixels.length] } }, pixels) };
  });
}

function matches(preparation: IntegerPreparation, { pixels, expected }: ReferenceCase): boolean {
  return pixels.every((pixel, i) => prepare(preparation, pixel, pixels[0]!, pixels[1]!) === expected[i]);
}

/** What the generated C computes for one pixel of an image with these extremes. */
function prepare({ scale, offset }: IntegerPreparation, pixel: number, darkest: number, brightest: number): number {
  const largest = Math.max(Math.abs(scale * darkest - offset), Math.abs(scale * brightest - offset));
  if (largest === 0) return 0;
  const numerator = 127 * (scale * pixel - offset);
  const magnitude = Math.abs(numerator);
  const quotient = Math.floor(magnitude / largest);
  const twice = 2 * (magnitude - quotient * largest);
  const rounded = twice > largest || (twice === largest && quotient % 2 === 1) ? quotient + 1 : quotient;
  return numerator < 0 ? -rounded : rounded;
}

/** The C function `<name>_prepare`. */
export function preparationFunction(name: string, inputs: number, { scale, offset }: IntegerPreparation): string {
  const index = inputs > 65_535 ? 'uint32_t' : 'uint16_t';
  return `void ${name}_prepare(const uint8_t *pixels, int8_t *input)
{
  uint8_t darkest = 255;
  uint8_t brightest = 0;
  for (${index} i = 0; i < ${inputs}; i++) {
    if (pixels[i] < darkest) darkest = pixels[i];
    if (pixels[i] > brightest) brightest = pixels[i];
  }
  /* value = ${scale} * pixel - ${offset}, proportional to the preprocessed pixel */
  int32_t low = INT32_C(${scale}) * darkest - INT32_C(${offset});
  int32_t high = INT32_C(${scale}) * brightest - INT32_C(${offset});
  if (low < 0) low = -low;
  if (high < 0) high = -high;
  const int32_t largest = low > high ? low : high;
  int16_t previous = -1;
  int8_t quantized = 0;
  for (${index} i = 0; i < ${inputs}; i++) {
    if (pixels[i] != previous && largest != 0) {
      const int32_t value = 127 * (INT32_C(${scale}) * pixels[i] - INT32_C(${offset}));
      const int32_t magnitude = value < 0 ? -value : value;
      int32_t quotient = magnitude / largest;
      const int32_t twice = 2 * (magnitude - quotient * largest);
      if (twice > largest || (twice == largest && (quotient & 1) != 0)) quotient++;
      quantized = (int8_t)(value < 0 ? -quotient : quotient);
      previous = pixels[i];
    }
    input[i] = quantized;
  }
}
`;
}

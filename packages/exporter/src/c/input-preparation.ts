// uint8 pixels → int8 input in integer C, only where it is proven to give the bits of models' quantizeInput.
import { type QuantizedModel, quantizeInput } from '@bitnetmcu/models';

/** y = round-half-even(127·(factor·pixel − offset) / m), with m the largest |factor·pixel − offset| of the image; 0 where m is 0. */
export interface IntegerPreparation {
  readonly factor: number;
  readonly offset: number;
}

/** 127·|factor·pixel − offset| stays within a quarter of int32. */
const LARGEST_MAGNITUDE = 2 ** 29 / 127;

/** Scales tried before giving up: each rounds the offset differently. Where float32 decides exact ties, none fits. */
const CANDIDATES = 4;

/**
 * Integers that replace the float preprocessing of dynamic inputs, or undefined where none were found.
 *
 * An int8 value depends on its pixel and on the image's largest magnitude, which its darkest and brightest pixel decide; every
 * possible pair of both, with every pixel between them, is compared with quantizeInput.
 */
export function integerPreparation(input: QuantizedModel['input']): IntegerPreparation | undefined {
  if (input.quantization.kind !== 'dynamic') return undefined;
  // The deviation cancels: both the value and the maximum are divided by it.
  const centre = input.preprocessing.mean * input.preprocessing.divisor;
  const magnitudes = floatMagnitudes(input);
  const references = new ReferenceCases(input);
  const largest = Math.floor(LARGEST_MAGNITUDE / (255 + Math.abs(centre)));
  for (let factor = largest; factor > 0 && factor > largest - CANDIDATES; factor--) {
    const preparation = { factor, offset: Math.round(factor * centre) };
    const images = distinctImages(preparation, magnitudes);
    if (images.every(([darkest, brightest]) => matches(preparation, references.of(darkest, brightest))))
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

/**
 * Darkest and brightest pixels that stand for all images: of those with the same maximum in both arithmetics the widest pair, which is
 * such an image itself and has all pixels of the others.
 */
function distinctImages(
  { factor, offset }: IntegerPreparation,
  magnitudes: Float32Array,
): (readonly [number, number])[] {
  const integer = Float64Array.from({ length: 256 }, (_, pixel) => Math.abs(factor * pixel - offset));
  const widest = new Map<string, readonly [number, number]>();
  for (let darkest = 0; darkest < 256; darkest++) {
    for (let brightest = darkest; brightest < 256; brightest++) {
      const maxima = `${Math.max(magnitudes[darkest]!, magnitudes[brightest]!)} ${Math.max(integer[darkest]!, integer[brightest]!)}`;
      const [from, to] = widest.get(maxima) ?? [darkest, brightest];
      widest.set(maxima, [Math.min(from, darkest), Math.max(to, brightest)]);
    }
  }
  return [...widest.values()];
}

interface ReferenceCase {
  /** Darkest and brightest pixel, then every one between them. */
  readonly pixels: readonly number[];
  readonly expected: Int8Array;
}

/** What quantizeInput gives for images with all pixels of a range; computed once a range. */
class ReferenceCases {
  readonly #input: QuantizedModel['input'];
  readonly #cases = new Map<number, ReferenceCase>();

  constructor(input: QuantizedModel['input']) {
    this.#input = input;
  }

  of(from: number, to: number): ReferenceCase {
    const key = 256 * from + to;
    const known = this.#cases.get(key);
    if (known) return known;
    const pixels = [from, to, ...Array.from({ length: to - from + 1 }, (_, i) => from + i)];
    const expected = quantizeInput({ input: { ...this.#input, shape: [pixels.length] } }, pixels);
    this.#cases.set(key, { pixels, expected });
    return { pixels, expected };
  }
}

function matches(preparation: IntegerPreparation, { pixels, expected }: ReferenceCase): boolean {
  return pixels.every((pixel, i) => prepare(preparation, pixel, pixels[0]!, pixels[1]!) === expected[i]);
}

/** What the generated C computes for one pixel of an image with these extremes. */
function prepare({ factor, offset }: IntegerPreparation, pixel: number, darkest: number, brightest: number): number {
  const largest = Math.max(Math.abs(factor * darkest - offset), Math.abs(factor * brightest - offset));
  if (largest === 0) return 0;
  const numerator = 127 * (factor * pixel - offset);
  const magnitude = Math.abs(numerator);
  const quotient = Math.floor(magnitude / largest);
  const twice = 2 * (magnitude - quotient * largest);
  const rounded = twice > largest || (twice === largest && quotient % 2 === 1) ? quotient + 1 : quotient;
  return numerator < 0 ? -rounded : rounded;
}

/** The C function `<name>_prepare`. */
export function preparationFunction(name: string, inputs: number, { factor, offset }: IntegerPreparation): string {
  const index = inputs > 65_535 ? 'uint32_t' : 'uint16_t';
  return `void ${name}_prepare(const uint8_t *pixels, int8_t *input)
{
  uint8_t darkest = 255;
  uint8_t brightest = 0;
  for (${index} i = 0; i < ${inputs}; i++) {
    if (pixels[i] < darkest) darkest = pixels[i];
    if (pixels[i] > brightest) brightest = pixels[i];
  }
  /* value = ${factor} * pixel - ${offset}, proportional to the preprocessed pixel */
  int32_t low = INT32_C(${factor}) * darkest - INT32_C(${offset});
  int32_t high = INT32_C(${factor}) * brightest - INT32_C(${offset});
  if (low < 0) low = -low;
  if (high < 0) high = -high;
  const int32_t largest = low > high ? low : high;
  int16_t previous = -1;
  int8_t quantized = 0;
  for (${index} i = 0; i < ${inputs}; i++) {
    if (pixels[i] != previous && largest != 0) {
      const int32_t value = 127 * (INT32_C(${factor}) * pixels[i] - INT32_C(${offset}));
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

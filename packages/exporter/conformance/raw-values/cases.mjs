// Models with raw values of every kind and type, the random samples that harness.c makes for them, and the checksums that it must print.
import { classOf, quantizeInput, quantizeRaw } from '@bitnetmcu/models';
import {
  makeRawFeature,
  RAW_PREPROCESSING,
  RAW_SCALE,
  RAW_TYPE_RANGES,
  ReferenceModel,
  toRawIntegers,
} from '@bitnetmcu/models/internal';

/** A feature of the range low … high. */
const feature = (name, low, high, rest = {}) => makeRawFeature({ name, decimals: 0, low, high, ...rest });

/** Codes of a generator of remainders: every network has the same ones. */
const codes = (count, levels) =>
  Uint8Array.from({ length: count }, (_, i) => (i * 7 + (i >> 2) * 3 + (i >> 5)) % levels);

/** inputs → 8 → outputs, with biases, behind a flatten where the input is no vector. */
function denseNodes(shape, outputs, norm) {
  const inputs = shape.reduce((product, size) => product * size, 1);
  const flat = shape.length === 1 ? [] : [{ op: 'flatten', name: 'flat', inputs: ['input'] }];
  const bias = (count) =>
    norm === undefined ? { bias: Int32Array.from({ length: count }, (_, i) => 37 * i - 100) } : {};
  const layer = (name, from, inFeatures, outFeatures) => ({
    op: 'linear',
    name,
    inputs: [from],
    inFeatures,
    outFeatures,
    weights: { format: '4bitsym', codes: codes(inFeatures * outFeatures, 16), ...bias(outFeatures) },
  });
  return [
    ...flat,
    layer('fc1', flat.length === 0 ? 'input' : 'flat', inputs, 8),
    norm ?? { op: 'requantize', name: 'act', inputs: ['fc1'], shift: 7, min: 0, max: 127 },
    layer('fc2', norm === undefined ? 'act' : norm.name, 8, outputs),
  ];
}

const rawModel = (name, shape, raw) => ({
  name,
  input: { shape, preprocessing: RAW_PREPROCESSING, quantization: { kind: 'static', scale: RAW_SCALE }, raw },
  nodes: denseNodes(shape, 3),
  labels: ['rest', 'walk', 'fall'],
  provenance: {},
});

const table = (type, features) => rawModel(`table_${type}`, [features.length], { kind: 'table', type, features });

/** By name. `values`: the ranges that random values are taken around, one for each run of values. */
export const MODELS = {
  'table-u8': table('u8', [feature('a', 0, 255), feature('b', 10, 20), feature('c', 0, 200, { curve: 'log2' })]),
  'table-i16': table('i16', [
    feature('length', 12, 93, { decimals: 1, unit: 'cm' }),
    feature('pressure', -32_768, 32_767),
    feature('co2', 350, 5000, { curve: 'log2', unit: 'ppm' }),
    feature('offset', -300, 800, { decimals: 2, ends: [-60.5, 99.25] }),
    feature('switch', 0, 1),
  ]),
  'table-i32': table('i32', [
    feature('all', -(2 ** 31), 2 ** 31 - 1),
    feature('high', 2 ** 31 - 1000, 2 ** 31 - 1),
    feature('dose', -5, 2 ** 30, { curve: 'log2' }),
    feature('odd', -1_000_003, 7_654_321),
  ]),
  'table-f32': table('f32', [
    feature('volts', -5000, 5000, { decimals: 3 }),
    feature('counts', 0, 40_000_000, { decimals: 0 }),
    feature('tiny', -200, 200, { decimals: 9 }),
    feature('lux', 0, 2 ** 30, { decimals: 1, curve: 'log2' }),
  ]),
  signal: rawModel('signal', [3, 1, 24], {
    kind: 'signal',
    type: 'i16',
    features: [feature('x', -2000, 2000), feature('y', -2000, 4095), feature('z', 0, 30_000, { curve: 'log2' })],
    hop: 7,
  }),
  image: {
    name: 'image',
    input: {
      shape: [64],
      preprocessing: { divisor: 255, mean: 0.1307, deviation: 0.3081 },
      quantization: { kind: 'dynamic' },
    },
    nodes: denseNodes([64], 3, { op: 'shiftNorm', name: 'norm', inputs: ['fc1'], activation: 'relu' }),
    labels: [],
    provenance: {},
  },
};

const typeOf = ({ input }) => input.raw?.type ?? 'u8';
const sizeOf = ({ input }) => input.shape.reduce((product, size) => product * size, 1);

/** Where random values of each run begin, and the bits that are random in them: in the range, or up to as far again above it. */
function ranges(model) {
  const { raw } = model.input;
  const features = raw?.features ?? [{ low: 0, high: 255 }];
  return {
    run: sizeOf(model) / features.length,
    lows: features.map(({ low }) => low),
    masks: features.map(({ low, high }) => 2 ** Math.ceil(Math.log2(high - low + 1)) - 1),
  };
}

const C_TYPES = { u8: 'uint8_t', i16: 'int16_t', i32: 'int32_t', f32: 'float' };
const C_LIMITS = { u8: ['0', '255'], i16: ['-32768', '32767'], i32: ['INT32_MIN', 'INT32_MAX'], f32: ['0', '0'] };

/** The header of what is drawn from, for a model exported as `model`. */
export function rangesHeader(model, { samples, every, seed }) {
  const { run, lows, masks } = ranges(model);
  const type = typeOf(model);
  const [least, most] = C_LIMITS[type];
  const literal = (value) => (value === -(2 ** 31) ? 'INT32_MIN' : `${value}`);
  return `#define SAMPLES ${samples}u
#define EVERY ${every}u
#define SEED ${seed}u
#define RUN ${run}u
#define MAKE_INPUT ${model.input.raw ? 'model_quantize_raw' : 'model_prepare'}
#define TYPE_MIN ${least}
#define TYPE_MAX ${most}
${type === 'f32' ? '#define TYPE_F32\n' : ''}typedef ${C_TYPES[type]} value_type;
static const int32_t lows[] = { ${lows.map(literal).join(', ')} };
static const uint32_t masks[] = { ${masks.map((mask) => `${mask}u`).join(', ')} };
`;
}

/** The samples of harness.c: `samples` of them one after another, of f32 as numbers. */
export function randomSamples(model, samples, seed) {
  const { run, lows, masks } = ranges(model);
  const type = typeOf(model);
  const size = sizeOf(model);
  const [least, most] = RAW_TYPE_RANGES[type];
  let state = seed;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
  const bits = new DataView(new ArrayBuffer(4));
  const ofBits = (word) => {
    bits.setUint32(0, word >>> 0);
    return bits.getFloat32(0);
  };
  const value = (i) => {
    const kind = next() & 7;
    const random = next();
    const near = (lows[i] + ((random & masks[i]) >>> 0)) | 0;
    if (type === 'f32') {
      if (kind === 0) return ofBits(random);
      if (kind === 1) return ofBits(0x7f800000 | (random & 0x80000000));
      if (kind === 2) return Number.NaN;
      if (kind === 3) return ofBits(0x7f7fffff | (random & 0x80000000));
      return Math.fround(Math.fround(near) * 0.125);
    }
    const chosen =
      kind === 0 ? ((random & 1) !== 0 ? most : least) : kind === 1 ? random | 0 : kind === 2 ? lows[i] : near;
    return Math.min(Math.max(chosen, least), most);
  };
  const values = new Float64Array(samples * size);
  for (let i = 0; i < values.length; i++) values[i] = value(Math.floor((i % size) / run));
  return values;
}

/** The int8 input of raw values by the TypeScript definition. What is no number counts as 0: the tools refuse it, a device cannot. */
export function expectedInput(model, values) {
  const { raw, shape } = model.input;
  if (raw === undefined) {
    const size = sizeOf(model);
    const input = new Int8Array(values.length);
    for (let at = 0; at < values.length; at += size)
      input.set(quantizeInput(model, Uint8Array.from(values.subarray(at, at + size))), at);
    return input;
  }
  const integers =
    raw.type === 'f32'
      ? toRawIntegers(
          raw,
          shape,
          values.map((x) => (Number.isNaN(x) ? 0 : x)),
        )
      : values;
  return quantizeRaw(raw, shape, integers);
}

/** What harness.c prints, a line every `every` samples, of an input and its logits. */
export function checksums(model, input, logits, every) {
  const size = sizeOf(model);
  const outputs = logits.length / (input.length / size);
  const lines = [];
  let checksum = 0;
  const add = (value) => {
    checksum = Math.imul(checksum ^ value, 16_777_619);
  };
  for (let sample = 0; sample * size < input.length; sample++) {
    const decision = classOf(logits, sample * outputs, outputs);
    add(decision);
    add(decision);
    for (let i = 0; i < size; i++) add(input[sample * size + i]);
    for (let i = 0; i < outputs; i++) add(logits[sample * outputs + i]);
    if ((sample + 1) % every === 0) lines.push((checksum >>> 0).toString(16).padStart(8, '0'));
  }
  return lines;
}

/** The reference's logits of int8 samples. */
export function expectedLogits(model, input) {
  return new ReferenceModel(model).infer(input, input.length / sizeOf(model));
}

// Random networks to train: every kind of layer, norm, quantizer and geometry that the compiled engine knows.

import { inferShapes, parseNetworkSpec } from '@bitnetmcu/models';
import { ACTIVATION_NAMES } from '@bitnetmcu/models/internal';
import { FORMAT_NAMES } from '@bitnetmcu/quant';

const NORMS = ['rms', 'l1', 'layer', 'batch', 'none'];
const CLIPPINGS = [
  { method: 'octav' },
  { method: 'proportional', factor: 2 },
  { method: 'fixed', value: 0.5 },
  { method: 'learned' },
  { method: 'decaying', start: 3, end: 2, epochs: 4 },
];
const MAX_FEATURES = 700;

/** ReLU in half of all places, as it ends chains nowhere. */
const activation = (random) => (random.chance(0.5) ? 'relu' : random.pick(ACTIVATION_NAMES));

/** A valid NetworkSpec, small enough to train it by the thousand. @param random a SeededRandom */
export function randomSpec(random) {
  for (;;) {
    const spec = draft(random);
    try {
      const parsed = parseNetworkSpec(spec);
      if (isSmall(parsed)) return parsed;
    } catch (error) {
      // A shape that does not work out: another one.
      if (typeof error.code !== 'string') throw error;
    }
  }
}

function draft(random) {
  const layers = [];
  const name = (type) => `${type}${layers.length}`;
  const isSpatial = random.chance(0.6);
  const shape = isSpatial
    ? [random.integer(1, 3), random.pick([1, random.integer(1, 12)]), random.pick([1, random.integer(1, 14)])]
    : [random.integer(1, random.pick([9, 60, 300]))];
  if (isSpatial) {
    for (let step = random.integer(1, 5); step > 0; step--) layers.push(...spatialLayers(random, name));
    layers.push({ type: 'flatten', name: name('flatten') });
  }
  for (let hidden = random.integer(0, 2); hidden > 0; hidden--) {
    layers.push(linear(random, name('fc'), random.integer(1, 40)));
    if (random.chance(0.8)) layers.push({ type: 'activation', name: name('relu'), function: activation(random) });
    if (random.chance(0.2)) layers.push({ type: 'dropout', name: name('dropout'), rate: random.pick([0, 0.3, 0.9]) });
    if (random.chance(0.3)) layers.push(...residual(random, layers));
  }
  layers.push(linear(random, name('fc'), random.integer(2, 12)));
  return { name: 'random', input: { shape }, layers };
}

function spatialLayers(random, name) {
  const stride = [random.integer(1, 4), random.integer(1, 4)];
  const kind = random.integer(0, 9);
  if (kind <= 5) {
    const padding = random.chance(0.4) ? [random.integer(0, 3), random.integer(0, 3)] : [0, 0];
    const conv = {
      ...{ type: 'conv2d', name: name('conv'), channels: random.integer(1, 20), weights: quantizer(random) },
      ...{ kernel: [random.integer(1, 4), random.integer(1, 5)], padding, bias: random.chance(0.3) },
      ...(random.chance(0.5) ? { stride } : {}),
      ...(random.chance(0.4) ? { groups: random.pick(['depthwise', 2, 3]) } : {}),
      activationQuantizer: random.pick(['none', 'max-abs', 'shift']),
    };
    return random.chance(0.7)
      ? [conv, { type: 'activation', name: `${name('relu')}r`, function: activation(random) }]
      : [conv];
  }
  if (kind <= 8) {
    const size = [random.integer(1, 4), random.integer(1, 4)];
    const padding = [random.integer(0, size[0] - 1), random.integer(0, size[1] - 1)];
    const type = random.pick(['maxPool2d', 'avgPool2d']);
    const pool = { type, name: name('pool'), size, ...(random.chance(0.5) ? { stride, padding } : {}) };
    return [type === 'avgPool2d' ? { ...pool, countIncludePad: random.chance(0.5) } : pool];
  }
  return [
    {
      type: 'crop',
      name: name('crop'),
      top: random.integer(0, 2),
      left: random.integer(0, 2),
      height: random.integer(1, 6),
      width: random.integer(1, 6),
    },
  ];
}

/** The last layer's output plus a linear layer of it, which must have as many outputs: of linear layers one knows how many. */
function residual(random, layers) {
  const source = layers.at(-1);
  const width = layers.findLast(({ type }) => type === 'linear')?.outputs;
  const first = linear(random, `res${layers.length}`, width ?? 1);
  const scale = random.chance(0.5) ? { scale: 'learned' } : {};
  return [first, { type: 'add', name: `sum${layers.length}`, inputs: [first.name, source.name], ...scale }];
}

function linear(random, name, outputs) {
  return {
    ...{
      type: 'linear',
      name,
      outputs,
      weights: quantizer(random),
      norm: random.pick(NORMS),
      bias: random.chance(0.3),
    },
    activationQuantizer: random.pick(['max-abs', 'max-abs', 'shift', 'none']),
  };
}

function quantizer(random) {
  if (random.chance(0.2)) return learnedBits(random);
  const format = random.pick([...FORMAT_NAMES, 'None']);
  return { format, scaling: random.pick(['PerTensor', 'PerOutput']), clipping: random.pick(CLIPPINGS) };
}

function learnedBits(random) {
  const format = random.pick(['2bitsym', '3bitsym', '4bitsym', '5bitsym']);
  const step = random.pick([{ by: 'clipping' }, { by: 'learned' }]);
  const learned = { per: random.pick(['channel', 'layer']), learningRateFactor: random.pick([1, 30]), step };
  return {
    format,
    clipping: random.pick(CLIPPINGS.filter(({ method }) => method !== 'learned')),
    learnedBits: learned,
  };
}

function isSmall(spec) {
  const shapes = inferShapes(spec);
  return Math.max(...shapes.map(({ outputShape }) => outputShape.reduce((a, b) => a * b, 1))) <= MAX_FEATURES;
}

// Networks for own data fit these parts and run on fast kernels there: none of their layers is left to a plain kernel.
import { chooseVariant, layersOnPlainKernels } from '@bitnetmcu/mcu-runtime/internal/targets';
import { buildPreset, type NetworkSpecInput, parseNetworkSpec, type Shape } from '@bitnetmcu/models';
import { elementCount, type PresetName } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { randomNetwork, randomNumbers } from '../__fixtures__/random-network.js';
import { quantize } from '../index.js';

const TABLES: readonly Shape[] = [[4], [64]];
const SIGNALS: readonly Shape[] = [
  [1, 1, 64],
  [3, 1, 64],
  [6, 1, 100],
  [12, 1, 29],
];
// Grey and colour, square and as cameras have them, small and large.
const IMAGES: readonly Shape[] = [
  [1, 8, 8],
  [1, 28, 28],
  [1, 24, 32],
  [3, 32, 32],
  [3, 48, 64],
];
const PARTS = ['ch32v003', 'ch32v002', 'rp2040', 'atmega328p', 'attiny1616'] as const;
type Part = (typeof PARTS)[number];

/** Weights at random, biases of both signs; calibrated where there are static scales. */
function integerNetwork(spec: NetworkSpecInput) {
  const { layers } = parseNetworkSpec(spec);
  const network = randomNetwork(spec, 1);
  const random = randomNumbers(2);
  const biases = layers.flatMap((layer) => {
    if (layer.type !== 'linear' && layer.type !== 'conv2d') return [];
    const outputs = layer.type === 'linear' ? layer.outputs : layer.channels;
    return layer.bias ? [[`${layer.name}.bias`, Float32Array.from({ length: outputs }, () => random() - 0.5)]] : [];
  });
  const samples = Uint8Array.from({ length: 32 * elementCount(network.spec.input.shape) }, () => 256 * random());
  const trained = { ...network, parameters: { ...network.parameters, ...Object.fromEntries(biases) } };
  return quantize(trained, biases.length > 0 ? { calibration: { samples } } : {}).model;
}

/** What is plain, by part; nothing of parts that the network does not fit. */
async function plainOn(name: PresetName, inputShape: Shape, parts: readonly Part[] = PARTS) {
  const model = integerNetwork(buildPreset(name, { classes: 6, inputShape }));
  const found: Record<string, readonly string[]> = {};
  for (const part of parts) {
    const { fits, variant, passedOver } = await chooseVariant(model, part);
    if (fits) found[part] = layersOnPlainKernels(model, part, variant, passedOver).map((layer) => layer.name);
  }
  return found;
}

const each = (names: readonly PresetName[], shapes: readonly Shape[]) =>
  names.flatMap((name) => shapes.map((shape) => [name, shape] as const));

/** What is to be found where a network fits all of these parts, and nothing is plain. */
const nothingOn = (parts: readonly Part[]) => Object.fromEntries(parts.map((part) => [part, []]));

describe('presets for own data fit, and have no layer on plain kernels', () => {
  it.each([
    ...each(['table-s', 'table-m', 'table-l'], TABLES),
    ...each(['signal-s', 'signal-m'], SIGNALS),
    ...each(['image-s'], IMAGES),
  ])('on all parts that are tried: %s of %j', async (name, shape) => {
    expect(await plainOn(name, shape)).toEqual(nothingOn(PARTS));
  });

  // To look for kernels in vain takes long: only parts that they are meant for.
  it.each([...each(['image-m'], IMAGES), ...each(['image-l'], IMAGES.slice(0, 2))])(
    'on parts with more RAM: %s of %j',
    async (name, shape) => {
      const parts = name === 'image-m' ? (['ch32v002', 'rp2040'] as const) : (['rp2040'] as const);
      expect(await plainOn(name, shape, parts)).toEqual(nothingOn(parts));
    },
  );
});

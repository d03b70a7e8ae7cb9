// What is said of the parts that a model fits: estimates are no verdicts, remedies are parts that help, times are those of `sim`.
import { type DoesNotFit, simulateModel } from '@bitnetmcu/mcu-runtime/targets';
import type { QuantizedModel } from '@bitnetmcu/models';
import { expect, it } from 'vitest';
import { type Fit, fitOf, fitsOf, withUsefulParts } from './fits.js';

const lacking = (missing: DoesNotFit['missing'], basis: 'built' | 'estimated' = 'estimated') =>
  fitOf('attiny85', {
    ...({ kind: 'does-not-fit', target: 'attiny85', kernels: 'plain', layout: 'plain', clockHz: 8e6 } as const),
    ...{ basis, flash: { code: 3000, weights: 500, available: 8192 }, ram: { static: 500, stack: 95, available: 512 } },
    missing,
  } as DoesNotFit);

it.each<[DoesNotFit['missing'], 'built' | 'estimated', boolean]>([
  // As it was of a part that 457 of 512 bytes were measured for.
  [{ flash: 0, ram: 83 }, 'estimated', true],
  [{ flash: 0, ram: 83 }, 'built', false],
  [{ flash: 0, ram: 1464 }, 'estimated', false],
  [{ flash: 4644, ram: 83 }, 'estimated', false],
  [{ flash: 0, ram: 0 }, 'estimated', false],
])('%j missing, %s: may fit %s', (missing, basis, mayFit) => {
  expect(lacking(missing, basis)).toMatchObject({ fits: false, mayFit, missing });
});

it('names as remedies only parts with room for the model and fast kernels for the layer', () => {
  const layer = { name: 'fc1', operation: 'linear' };
  const parts = ['attiny1616', 'atmega328p', 'ch32v002', 'ch32v003', 'rp2040'] as const;
  const plain = { ...layer, remedies: [{ kind: 'parts', parts } as const, { kind: 'int8-input' } as const] };
  const base = { ...lacking({ flash: 0, ram: 1464 }), basis: 'estimated' } as const;
  const fits: readonly Fit[] = [
    { ...base, target: 'attiny85', fits: true, plainLayers: [plain] },
    { ...base, target: 'attiny1616' },
    { ...base, target: 'atmega328p', fits: true, plainLayers: [plain] },
    { ...base, target: 'ch32v002', fits: true, plainLayers: [{ ...layer, name: 'fc2', remedies: [] }] },
    { ...base, target: 'ch32v003', mayFit: true },
  ];
  expect(withUsefulParts(plain, fits)).toEqual({
    ...layer,
    remedies: [{ kind: 'parts', parts: ['ch32v002', 'ch32v003', 'rp2040'] }, { kind: 'int8-input' }],
  });
  // None is left: no empty list.
  expect(withUsefulParts({ ...layer, remedies: [{ kind: 'parts', parts: ['attiny1616'] }] }, fits).remedies).toEqual(
    [],
  );
});

const model: QuantizedModel = {
  name: 'signs',
  input: {
    shape: [8],
    preprocessing: { divisor: 255, mean: 0, deviation: 1 },
    quantization: { kind: 'dynamic' },
  },
  nodes: [
    {
      ...{ op: 'linear', name: 'fc', inputs: ['input'], inFeatures: 8, outFeatures: 2 },
      weights: { format: 'Ternary', codes: Uint8Array.from({ length: 16 }, (_, i) => i % 3) },
    } as QuantizedModel['nodes'][number],
  ],
  labels: [],
  provenance: {},
};

it('times the first 100 samples as `sim` does, and says how many there were', async () => {
  // Zeros are skipped: the first sample is quicker than the others.
  const inputs = Int8Array.from({ length: 8 * 120 }, (_, i) => (i < 8 ? 0 : (i % 255) - 127));
  const target = 'ch32v006';
  const [fit] = await fitsOf(model, inputs, { targets: ['rp2040', target] }).then((fits) => fits.slice(1));
  const wanted = await simulateModel(model, { target, inputs: inputs.subarray(0, 800) });
  if (wanted.kind !== 'simulated') throw new Error('a small model fits');
  expect(fit).toMatchObject({ target, samples: 100, milliseconds: wanted.milliseconds.mean });
  const [one] = await fitsOf(model, inputs.subarray(0, 8), { targets: [target] });
  expect(one!.samples).toBe(1);
  expect(one!.milliseconds).not.toBe(fit!.milliseconds);
});

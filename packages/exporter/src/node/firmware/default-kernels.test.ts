// Where no kernels are named, firmware has those that the simulation of the model shows.
import { SIMULATION_TARGETS, simulateModel } from '@bitnetmcu/mcu-runtime/targets';
import { presets } from '@bitnetmcu/models';
import { describe, expect, it } from 'vitest';
import { randomInputs, randomNetwork } from '../../__fixtures__/random-network.js';
import { quantizeNetwork } from '../../quantize/quantize-network.js';
import { FIRMWARE_KINDS } from './firmware-kinds.js';
import { firmwareProject } from './firmware-project.js';

const sample = randomInputs(256, 4).map((value, i) => (i >= 60 && i < 160 ? value : -13));

describe.each(['ch32v003', 'ch32v002'] as const)('%s', (target) => {
  it('lists the kernels in the order of the simulation', () => {
    // A layout for little flash is a variant there; here exportC chooses it.
    const simulated = SIMULATION_TARGETS[target].variants.filter(({ layout }) => !/-(small|conv)$/.test(layout));
    expect(FIRMWARE_KINDS[target].kernels.map(({ name }) => name)).toEqual(simulated.map(({ name }) => name));
  });

  it.each(['fc-1k', 'fc-12k', 'fc-12k-fp130', 'fc-12k-ternary', 'fc-12k-8bit', 'cnn-16-small', 'cnn-64'] as const)(
    '%s: the same kernels and layout',
    async (preset) => {
      const model = quantizeNetwork(randomNetwork(presets[preset].build(10), 1));
      const { kernels } = firmwareProject(model, target, sample);
      const simulated = await simulateModel(model, { target, inputs: sample });
      expect(simulated.kind).toBe('simulated');
      // What the simulation calls fast-small is the placement of fast-flash or fast-loops with the small layout.
      const placement = { ch32v003: 'fast-flash', ch32v002: 'fast-loops' }[target];
      expect(kernels).toBe(simulated.kernels === 'fast-small' ? placement : simulated.kernels);
    },
  );
});

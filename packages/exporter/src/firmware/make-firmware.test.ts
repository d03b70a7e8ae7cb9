// What the simulation says of firmware is what the compiler makes of it: kernels, sizes, stack, cycles; what does not fit is refused.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parts } from '@bitnetmcu/mcu-runtime/internal/targets';
import { type PartName, runFirmware, simulateModel } from '@bitnetmcu/mcu-runtime/targets';
import type { QuantizedModel } from '@bitnetmcu/models';
import { conformanceInputs, conformanceModel } from '@bitnetmcu/models/conformance';
import { presets } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { randomInputs, randomNetwork } from '../__fixtures__/random-network.js';
import { quantize } from '../quantize.js';
import { isMissing, smallInputs, smallModel, temporaryFolders } from './__fixtures__/projects.js';
import { firmwareCycles, firmwareFacts, firmwareKindOf } from './firmware-facts.js';
import { FIRMWARE_KINDS } from './firmware-kinds.js';
import { firmwareProject } from './firmware-project.js';
import { makeFirmware } from './make-firmware.js';
import { packSample } from './samples-header.js';
import { buildApart } from './write-firmware.js';

const newFolder = temporaryFolders();
const isNotThere = (part: PartName) => isMissing(`${parts[part].compiler.toolchain}-gcc`);
const random = (preset: keyof typeof presets): QuantizedModel =>
  quantize(randomNetwork(presets[preset].build(10), 1)).model;
/** As much of a stroke as digits have. */
const sample = randomInputs(256, 4).map((value, i) => (i >= 60 && i < 160 ? value : -13));
/** The bytes of a blank sample of 256 values: its background, then twice a value and how often it occurs. */
const BLANK_BYTES = 5;

describe.each([
  ['ch32v003', ['fc-1k', 'cnn-16-small', 'cnn-64']],
  ['ch32v002', ['fc-12k-8bit', 'cnn-64']],
  ['rp2040', ['cnn-16-small']],
  ['atmega328p', ['fc-12k']],
] as const)('%s', (part, names) => {
  it.skipIf(isNotThere(part)).each(names)('%s: firmware is what the simulation says', async (name) => {
    const model = random(name);
    const simulated = await simulateModel(model, { target: part, inputs: sample, facts: firmwareFacts(model, part) });
    if (simulated.kind !== 'simulated') throw new Error(JSON.stringify(simulated.missing));
    expect(simulated.basis).toBe('built');
    const folder = newFolder();
    const { project, written, choice } = await makeFirmware(model, firmwareKindOf(part), sample, folder);
    if (written.kind !== 'built') throw new Error(written.compiler);
    expect(project.kernels).toBe(simulated.kernels);
    // The image with the sample in place of the blank one, but for rounding and for constants of its checksum; or that with the blank one.
    const more = written.sizes!.flash - simulated.flash.code - simulated.flash.weights;
    const expected = packSample(sample).length - BLANK_BYTES;
    const flash = readFileSync(join(folder, project.simulation!.path));
    if (more !== 0) expect(Math.abs(more - expected)).toBeLessThanOrEqual(16);
    else expect(simulated.flash.available - flash.length).toBeLessThan(expected + 16);
    expect(written.sizes!.flash).toBe(flash.length);
    if (part !== 'rp2040') expect(written.sizes!.ram).toBe(simulated.ram.static);
    const run = await runFirmware(part, flash, { staticRamBytes: written.sizes!.ram });
    expect(run.output).toBe(project.expectedOutput);
    expect(run.stackBytes).toBeLessThanOrEqual(simulated.ram.stack!);
    const [cycles] = await firmwareCycles(model, part, choice!.variant, [sample]);
    // Where the linker puts a loop moves its fetches from flash, and of kernels that are optimized at link time the simulation knows one
    // inference only: the zoo's models are held to 1 % (3 % of the latter) by bench/firmware.mjs.
    expect(Math.abs(cycles! / simulated.cycles.mean - 1)).toBeLessThan(0.03);
  });
});

describe('without a compiler', () => {
  it('sizes are estimated from above, by 3 % of flash at most', async () => {
    const model = random('fc-12k');
    const options = { target: 'ch32v003', kernels: 'fast-flash', inputs: sample } as const;
    const estimated = await simulateModel(model, options);
    expect(estimated.basis).toBe('estimated');
    if (isNotThere('ch32v003')) return;
    const built = await simulateModel(model, { ...options, facts: firmwareFacts(model, 'ch32v003') });
    const flashOf = ({ flash }: typeof built) => flash.code + flash.weights;
    expect(flashOf(estimated)).toBeGreaterThanOrEqual(flashOf(built));
    expect(flashOf(estimated)).toBeLessThan(1.03 * flashOf(built));
    expect(estimated.ram.stack).toBeGreaterThanOrEqual(built.ram.stack!);
  });
});

describe('what does not fit', () => {
  const wide = conformanceModel(5, 3, {});
  const features = wide.input.shape.reduce((product, size) => product * size, 1);

  it.skipIf(isNotThere('ch32v003'))('is refused with the missing bytes, and nothing is written', async () => {
    const folder = join(newFolder(), 'project');
    const model = random('cnn-96-ternary' as keyof typeof presets);
    const making = makeFirmware(model, 'ch32v002', sample, folder, { kernels: 'fast' });
    await expect(making).rejects.toMatchObject({
      code: 'does-not-fit',
      message: expect.stringMatching(/ch32v002 with the kernels fast: \d+ bytes of flash are missing/),
    });
    expect(existsSync(folder)).toBe(false);
  });

  it.skipIf(isNotThere('ch32v003'))('is told from what has no such function', () => {
    const project = firmwareProject(smallModel(), 'ch32v003', smallInputs);
    const files = project.files.map(({ path, content }) => ({
      path,
      content:
        path === 'model/samples.h'
          ? content.replace(
              /^#define self_test_infer .*$/m,
              'int nowhere(const int8_t *, int32_t *);\n#define self_test_infer nowhere',
            )
          : content,
    }));
    const building = () => buildApart({ ...project, files });
    expect(building).toThrow(expect.objectContaining({ code: 'compile' }));
    expect(building).toThrow('nowhere is not defined');
  });

  it.skipIf(isNotThere('ch32v003'))('samples: as many as there is room for; all where they are asked for', async () => {
    const many = Int8Array.from({ length: 1200 * smallInputs.length }, (_, i) => smallInputs[i % smallInputs.length]!);
    const { project, written } = await makeFirmware(smallModel(), 'ch32v003', many, newFolder());
    expect(project.samples.count).toBeGreaterThan(1);
    if (written.kind !== 'built') throw new Error(written.compiler);
    // 1 kB stays free, but for what the compiler saves where it knows a small sample.
    expect(statSync(written.path).size).toBeLessThanOrEqual(15 * 1024 + 100);
    expect(statSync(written.path).size).toBeGreaterThan(14 * 1024);
    const folder = join(newFolder(), 'project');
    const all = makeFirmware(smallModel(), 'ch32v003', many, folder, { samples: 'all' });
    await expect(all).rejects.toMatchObject({
      code: 'does-not-fit',
      message: expect.stringMatching(/\d+ bytes of flash are missing/),
    });
    expect(existsSync(folder)).toBe(false);
  });

  it.skipIf(isNotThere('ch32v003'))('a program that answers commands becomes a self-test that fits', async () => {
    const many = Array.from({ length: 20 }, (_, i) => [...sample.map((value) => value - i)]).flat();
    const folder = newFolder();
    const { project, written } = await makeFirmware(random('fc-12k'), 'ch32v003', Int8Array.from(many), folder, {
      serial: true,
    });
    expect(written.kind).toBe('built');
    const { count } = project.samples;
    const readme = project.files.find(({ path }) => path === 'README.md')!.content.replace(/\s+/g, ' ');
    expect(readme).toContain(`it is the self-test, on the ${count} test sample${count === 1 ? '' : 's'} of`);
    const commands = project.commands.map(([program, ...words]): readonly [string, ...string[]] => [
      program,
      ...words.filter((word) => word !== '-DBNM_SERIAL'),
    ]);
    const { flash } = buildApart({ ...project, commands });
    const { output } = await runFirmware('ch32v003', flash);
    expect(output.match(/class /g)).toHaveLength(count);
    expect(output).toMatch(/self-test passed$/);
  });

  it.skipIf(FIRMWARE_KINDS['cmake-arm'].programs.some((program) => isMissing(program)))(
    'is found by the linker of a CMake project, too',
    async () => {
      // 100 kB, and they hardly pack.
      const many = conformanceInputs(5, 3, features, Math.ceil(100_000 / features));
      const folder = join(newFolder(), 'project');
      await expect(makeFirmware(wide, 'cmake-arm', many, folder)).rejects.toMatchObject({
        code: 'does-not-fit',
        message: expect.stringMatching(/\d+ bytes of flash are missing/),
      });
      expect(existsSync(folder)).toBe(false);
    },
  );
});

import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileHostProgram, runProgram } from '@bitnetmcu/mcu-runtime/internal/node';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { type QuantizedModel, quantizeInput, ReferenceInference } from '@bitnetmcu/models';
import { presets } from '@bitnetmcu/models/internal';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SANITIZERS, STRICT } from '../../conformance/c-flags.mjs';
import { randomInputs, randomNetwork, randomNumbers } from '../__fixtures__/random-network.js';
import { quantize } from '../quantize.js';
import { verify } from '../verify/verify.js';
import { expectConformance, PEDANTIC } from './__fixtures__/exported-conformance.js';
import { ExportedCBackend } from './exported-c-backend.js';
import { writeExport } from './write-export.js';

const present = hostCompiler().kind === 'found';
describe.skipIf(!present)(`exported C${present ? '' : ' (no C compiler here)'}`, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'exported-c-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  // The fast layouts: exported-c.long.test.ts.
  it('passes the conformance suite under the sanitizers, without a warning', () => expectConformance(folder), 120_000);

  it('agrees with the reference on presets', async () => {
    const backend = new ExportedCBackend({ cache: folder });
    const names = ['fc-12k', 'fc-12k-ternary', 'cnn-16-small'] as const;
    const models = names.map((name) => quantize(randomNetwork(presets[name].build(10), 2)).model);
    await backend.compile(models);
    for (const model of models) {
      const result = await verify(model, [new ReferenceInference(), backend], randomInputs(40 * 256, 3), undefined);
      expect(result).toMatchObject({ images: 40, differences: [] });
    }
  });

  it('is a folder that builds by itself, whatever the model is called', async () => {
    const trained = randomNetwork(presets['cnn-16-small'].build(10), 4);
    const hostile = '*/ #error ??/ \\ " %s \n \u2028 ä';
    const plain = quantize(trained).model;
    const names = [
      'int',
      'logits',
      'ram',
      'channel',
      'bnm_argmax',
      'Int',
      'int_out',
      'int_weights',
      'int-out',
      'main',
      'L',
      'plane',
    ];
    const rename = (name: string) => names[plain.nodes.findIndex((node) => node.name === name)] ?? name;
    const model: QuantizedModel = {
      ...plain,
      name: 'x',
      nodes: plain.nodes.map((node) => ({ ...node, name: rename(node.name), inputs: node.inputs.map(rename) })),
      labels: Array.from({ length: 10 }, (_, i) => `${hostile} ${i}`),
      provenance: { tool: hostile, dataset: hostile, metrics: { [hostile]: 0.5 }, config: { [hostile]: [hostile] } },
    };
    const target = join(folder, 'own');
    const { name, written } = writeExport(model, target);
    const there = readdirSync(target, { recursive: true, encoding: 'utf8' }).filter((path) => path !== 'model');
    expect(there.sort()).toEqual(['.bitnetmcu.json', ...written].sort());
    expect(written).toEqual(
      expect.arrayContaining([
        `model/${name}.c`,
        `model/${name}.h`,
        'model/bnm.h',
        'model/bnm_argmax.c',
        'main.c',
        'Makefile',
        'CMakeLists.txt',
      ]),
    );
    expect(written).not.toContain('model/bnm_linear_nf4.c');
    const labels = join(target, 'labels.c');
    writeFileSync(
      labels,
      `#include <stdio.h>\n#include "${name}.h"\nint main(void) {\n  const char *const labels[] = ${name.toUpperCase()}_LABELS;\n  fputs(labels[3], stdout);\n  return 0;\n}\n`,
    );
    const printsLabel = await compileHostProgram(
      { sources: [labels], include: [join(target, 'model')], flags: PEDANTIC },
      { cache: folder },
    );
    expect(new TextDecoder().decode(await runProgram(printsLabel, new Uint8Array()))).toBe(`${hostile} 3`);

    const sources = written.filter((file) => file.endsWith('.c')).map((file) => join(target, file));
    const program = await compileHostProgram(
      { sources, include: [join(target, 'model')], flags: PEDANTIC },
      { cache: folder },
    );
    const input = randomInputs(256, 5);
    const text = new TextDecoder().decode(await runProgram(program, new Uint8Array(input.buffer)));
    const [logits] = [await (await new ReferenceInference().load(model)).infer(input, 1)];
    expect(text).toBe(`sample 0: class ${logits.indexOf(Math.max(...logits))}, logits ${logits.join(' ')}\n`);
    await expect(runProgram(program, new Uint8Array(255))).rejects.toThrow(/ends within a sample of 256/);
  });

  it.skipIf(spawnSync('make', ['--version']).status !== 0)('builds with its Makefile', () => {
    const target = join(folder, 'make');
    const { name } = writeExport(quantize(randomNetwork(presets['fc-1k'].build(10), 4)).model, target, {
      name: 'digits',
    });
    const { status, stderr } = spawnSync('make', ['-C', target, `CFLAGS=${STRICT.join(' ')}`], { encoding: 'utf8' });
    expect([stderr, status]).toEqual(['', 0]);
    expect(readdirSync(target)).toContain(`${name}_host`);
  });

  it('prepares uint8 pixels to the bits of quantizeInput', async () => {
    const { model } = quantize(randomNetwork(presets['fc-1k'].build(10), 4));
    const target = join(folder, 'prepare');
    const { name, written, prepares } = writeExport(model, target, { hostProgram: false });
    expect(prepares).toBe(true);
    const main = join(target, 'prepare_main.c');
    writeFileSync(
      main,
      `#include <stdio.h>\n#include "${name}.h"\nint main(void) {\n  static uint8_t pixels[256];\n  while (fread(pixels, 1, 256, stdin) == 256) {\n    ${name}_prepare(pixels, (int8_t *)pixels);\n    fwrite(pixels, 1, 256, stdout);\n  }\n  return 0;\n}\n`,
    );
    const sources = [main, ...written.filter((file) => file.endsWith('.c')).map((file) => join(target, file))];
    const program = await compileHostProgram(
      { sources, include: [], flags: ['-O0', ...PEDANTIC, ...SANITIZERS] },
      { cache: folder },
    );
    const random = randomNumbers(6);
    const images = 3000;
    const pixels = new Uint8Array(images * 256);
    for (let image = 0; image < images; image++) {
      const [low, high] = [Math.floor(random() * 256), Math.floor(random() * 256)].sort((a, b) => a - b) as [
        number,
        number,
      ];
      for (let i = 0; i < 256; i++)
        pixels[256 * image + i] = random() < 0.3 ? low : low + Math.floor(random() * (high - low + 1));
    }
    pixels.fill(0, 0, 256);
    pixels.fill(255, 256, 512);
    const expected = quantizeInput(model, pixels);
    const prepared = await runProgram(program, pixels);
    expect(Buffer.compare(prepared, new Uint8Array(expected.buffer))).toBe(0);
  });
});

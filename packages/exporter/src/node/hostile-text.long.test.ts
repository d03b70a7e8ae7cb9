// One hostile model through every writer of this package: its text stays text, and what is built of it computes what the reference does.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '@bitnetmcu/mcu-runtime/internal/node';
import { hostCompiler } from '@bitnetmcu/mcu-runtime/node';
import { runFirmware } from '@bitnetmcu/mcu-runtime/targets';
import {
  decodeBnm,
  decodeTrainedNetwork,
  encodeBnm,
  encodeTrainedNetwork,
  type QuantizedModel,
} from '@bitnetmcu/models';
import { presets, ReferenceModel } from '@bitnetmcu/models/internal';
import { describe, expect, it } from 'vitest';
import { MODELS } from '../../conformance/raw-values/cases.mjs';
import { lexC, literalBytes } from '../__fixtures__/c-lexer.js';
import { HOSTILE, hostileModel, MARKER } from '../__fixtures__/hostile-model.js';
import { randomInputs, randomNetwork } from '../__fixtures__/random-network.js';
import { parseBitnetmcuHeader } from '../bitnetmcu/read-header.js';
import { writeBitnetmcuHeader } from '../bitnetmcu/write-header.js';
import { exportC } from '../c/export-c.js';
import { EXPORT_TARGET_NAMES } from '../c/export-targets.js';
import { isMissing, smallInputs, smallModel, temporaryFolders } from '../firmware/__fixtures__/projects.js';
import { FIRMWARE_KIND_NAMES, firmwareKind } from '../firmware/firmware-kinds.js';
import { firmwareProject } from '../firmware/firmware-project.js';
import { writeFirmware } from '../firmware/write-firmware.js';
import { exportOnnx } from '../onnx/export/export-onnx.js';
import { readOnnx } from '../onnx/import/read-model.js';
import { quantize } from '../quantize.js';
import { ExportedCBackend } from './exported-c-backend.js';
import { exportFolder, writeExport } from './write-export.js';

const newFolder = temporaryFolders();
const small = hostileModel(smallModel());
const convolutionalOrigin = quantize(randomNetwork(presets['cnn-16-small'].build(10), 4)).model;
const convolutional = hostileModel(convolutionalOrigin);
const tableOrigin = MODELS['table-i16']!;
const table = hostileModel(tableOrigin);

/** Constants of an enumeration, of which only capital letters, digits and _ are left of a text. */
const ENUMERATORS = /\b[A-Z][A-Z0-9_]*_(?:CLASS|FEATURE)_[A-Z0-9_]+ = \d+/g;

/** What the compiler compiles: everything but comments, the contents of literals and the constants of enumerations. */
function code(source: string): string {
  const tokens = lexC(source).filter(({ kind }) => kind !== 'comment');
  const text = tokens.map(({ kind, text }) => (kind === 'string' ? '""' : text)).join(' ');
  return text.replace(ENUMERATORS, 'X = 0');
}

/** No file has the marker but in comments and strings of C, and in values of JSON. */
function expectOnlyText(files: readonly { readonly path: string; readonly content: string }[]): void {
  expect(files.length).toBeGreaterThan(0);
  for (const { path, content } of files) {
    if (!content.includes(MARKER)) continue;
    expect(path).toMatch(/\.[ch]$/);
    expect(content, path).toMatch(/^[\x20-\x7e\n\t]*$/);
    expect(code(content), path).not.toContain(MARKER);
  }
}

describe('a hostile model', () => {
  it.each([undefined, ...EXPORT_TARGET_NAMES])('as C for %s', (target) => {
    for (const model of [small, convolutional, table]) {
      const exported = exportC(model, target === undefined ? {} : { target });
      const files = exportFolder([exported], true);
      expectOnlyText(files);
      // It is there as text: in the comment at the top, and as labels with all their bytes.
      const [source, header] = exported.files;
      expect(source!.content).toContain(MARKER);
      const literals = lexC(header!.content).filter(({ kind, text }) => kind === 'string' && text !== '"C"');
      const labels = literals.map(({ text }) => Buffer.from(literalBytes(text)).toString());
      // UTF-8 has no lone surrogates.
      const names = model.input.raw?.features.map((feature) => feature.name) ?? [];
      const asUtf8 = (texts: readonly string[]) =>
        texts.map((text) => new TextDecoder().decode(new TextEncoder().encode(text)));
      // Between them, which model and release it is, which are the exporter's own.
      const own = [expect.stringMatching(/^[0-9a-f]{64}$/), expect.stringMatching(/^\d+\.\d+\.\d+$/)];
      expect(labels).toEqual([...asUtf8(model.labels), ...own, ...asUtf8(names)]);
      // Of the same network without text, the compiler sees the same but for names.
      const plain = exportC(model, { text: false, ...(target === undefined ? {} : { target }) });
      const words = (text: string) => code(text).match(/\b\d\w*\b/g);
      expect(words(plain.files[0]!.content)).toEqual(words(source!.content));
    }
  });

  it('is exported for verification without any of its text', () => {
    for (const [model, origin] of [
      [small, smallModel()],
      [convolutional, convolutionalOrigin],
      [table, tableOrigin],
    ] as const) {
      const { files } = exportC(model, { text: false });
      // The hash is of the whole model, its text included.
      const withoutHash = (all: typeof files) =>
        all.map(({ path, content }) => [path, content.replace(/[0-9a-f]{64}/g, 'hash')]);
      expect(withoutHash(files)).toEqual(withoutHash(exportC(origin, { text: false }).files));
      for (const { content } of files) expect(content).not.toContain(MARKER);
      expect(files[0]!.content).not.toContain('/*\n');
      expect(files[1]!.content).not.toContain('LABELS');
    }
  });

  it.skipIf(hostCompiler().kind === 'missing')(
    'compiles without a warning, in C99, C11 and its header in C++, and runs',
    async () => {
      for (const model of [small, convolutional, table]) {
        const folder = newFolder();
        const { name, written } = writeExport(model, folder);
        const sources = written.filter((path) => path.endsWith('.c'));
        const flags = [
          '-trigraphs',
          '-Wall',
          '-Wextra',
          '-Wpedantic',
          '-Wconversion',
          '-Wshadow',
          '-Werror',
          '-Imodel',
        ];
        for (const standard of ['c99', 'c11']) {
          const { stderr, status } = spawnSync(
            'cc',
            [`-std=${standard}`, '-O0', ...flags, ...sources, '-o', 'program'],
            { cwd: folder, encoding: 'utf8' },
          );
          expect([stderr, status]).toEqual(['', 0]);
        }
        const header = spawnSync(
          'cc',
          ['-x', 'c++', '-fsyntax-only', ...flags.filter((flag) => flag !== '-trigraphs'), `model/${name}.h`],
          { cwd: folder, encoding: 'utf8' },
        );
        // Where the compiler for C++ is not installed, there is nothing to see.
        if (!/cc1plus|not installed/.test(header.stderr)) expect([header.stderr, header.status]).toEqual(['', 0]);
        const reference = new ReferenceModel(model);
        const inputs = randomInputs(3 * reference.inputs, 5);
        const reply = await runProgram(join(folder, 'program'), new Uint8Array(inputs.buffer), ['--binary']);
        expect([...new Int32Array(Uint8Array.from(reply).buffer)]).toEqual([...reference.infer(inputs, 3)]);
        const loaded = await new ExportedCBackend({ cache: newFolder() }).load(model);
        expect([...(await loaded.infer(inputs, 3))]).toEqual([...reference.infer(inputs, 3)]);
      }
    },
    120_000,
  );

  // Names that collide with files of the projects, one for each kind.
  const NAMES = ['main', 'board', 'samples', 'self_test', 'memory', 'start', 'model', 'Arduino'];
  it.each(FIRMWARE_KIND_NAMES.map((kind, i) => [kind, NAMES[i % NAMES.length]!] as const))(
    'as firmware %s, called %s',
    async (kind, name) => {
      const model: QuantizedModel = hostileModel(smallModel(), name);
      const folder = newFolder();
      const project = firmwareProject(model, kind, smallInputs);
      expectOnlyText(project.files);
      const { programs, style } = firmwareKind(kind);
      if (programs.some((program) => isMissing(program, style === 'bare-metal' || style === 'cmake'))) return;
      const written = writeFirmware(project, folder);
      expect(written.kind).toBe('built');
      if (project.simulation === undefined) return;
      const { output } = await runFirmware(
        project.simulation.target,
        readFileSync(join(folder, project.simulation.path)),
      );
      expect(output).toBe(project.expectedOutput);
      expect(readdirSync(folder)).not.toContain(MARKER);
    },
    60_000,
  );

  it('as a BitNetMCU header, and back', () => {
    const model = hostileModel(quantize(randomNetwork(presets['fc-12k'].build(10), 2)).model);
    const text = writeBitnetmcuHeader(model);
    expect(text).toMatch(/^[\x20-\x7e\n]*$/);
    expect(code(text)).not.toContain(MARKER);
    expect(parseBitnetmcuHeader(text)).toEqual(model);
  });

  it('as ONNX, .bnm and .bnt, and back', async () => {
    for (const form of ['integer', 'qdq'] as const) {
      const { bytes } = exportOnnx(small, { form });
      expect((await readOnnx(bytes)).nodes.length).toBeGreaterThan(0);
    }
    expect(decodeBnm(encodeBnm(small))).toEqual(small);
    const trained = {
      ...randomNetwork(presets['fc-1k'].build(10), 2),
      labels: HOSTILE.slice(0, 10),
      provenance: small.provenance,
    };
    expect(decodeTrainedNetwork(encodeTrainedNetwork(trained))).toMatchObject({
      labels: trained.labels,
      provenance: small.provenance,
    });
  });
});

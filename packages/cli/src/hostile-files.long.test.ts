// Model files whose text once ran a program: five kinds of them through the command, which does its work and runs nothing.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { quantize } from '@bitnetmcu/exporter';
import { FIRMWARE_KIND_NAMES } from '@bitnetmcu/exporter/internal/node';
import { readModelFile } from '@bitnetmcu/models/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectHarmless } from './__fixtures__/harmless.js';
import { type HostileFiles, writeHostileFiles } from './__fixtures__/hostile-files.js';
import { EXIT_CODES } from './exit-codes.js';

let files: HostileFiles;
beforeAll(async () => {
  files = await writeHostileFiles();
}, 60_000);
afterAll(() => rmSync(files.cwd, { recursive: true, force: true }));

describe('files whose text once ran a program', () => {
  it.each(['evil.bnt', 'evil.bnc', 'evil.h'])(
    '%s: verify, export, firmware',
    async (file) => {
      // Every kind is built from evil.bnm; the files differ in how they are read.
      await expectHarmless(files, file, quantize(files.trained).model, ['arduino']);
    },
    120_000,
  );

  it('evil.bnm: verify, export, every kind of firmware', async () => {
    await expectHarmless(files, 'evil.bnm', readModelFile(join(files.cwd, 'evil.bnm')), FIRMWARE_KIND_NAMES);
  }, 300_000);

  it('evil.onnx: import, verify, export, firmware', async () => {
    const imported = await files.run('import', 'evil.onnx', ...files.data, '-o', 'imported.bnm');
    expect(imported.exitCode, imported.stderr).toBe(EXIT_CODES.ok);
    const model = readModelFile(join(files.cwd, 'imported.bnm'));
    expect(model.provenance.tool).toContain(files.proof());
    const inputs = ['--data-labels', 'a,b,c,d,e,f,g,h,i,j'];
    await expectHarmless({ ...files, data: [...files.data, ...inputs] }, 'imported.bnm', model, ['platformio']);
  }, 120_000);

  it('evil.h: import', async () => {
    const imported = await files.run('import', 'evil.h', '-o', 'from-header.bnm');
    expect(imported.exitCode, imported.stderr).toBe(EXIT_CODES.ok);
    expect(readModelFile(join(files.cwd, 'from-header.bnm'))).toEqual(readModelFile(join(files.cwd, 'evil.bnm')));
  });
});

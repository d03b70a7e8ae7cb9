// `bitnetmcu import` on files that the real tools made, and on files that are none.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readModelFile } from '@bitnetmcu/models/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli } from './__fixtures__/run-cli.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { EXIT_CODES } from './exit-codes.js';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../exporter/src/onnx/__fixtures__/${name}.onnx`, import.meta.url));

let cwd = '';
let data: string[] = [];
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-import-'));
  data = writeSyntheticIdx(join(cwd, 'data'), 60, 20);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => runCli(args, { cwd });

describe('import', () => {
  it('keeps the weight codes of a network trained with 4 bits', async () => {
    const { exitCode, stdout, stderr } = await run(
      ...['import', fixture('bitlinear-dynamo'), '-o', 'bit.bnm', '--json', ...data],
    );
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const report = JSON.parse(stdout);
    // 256·64 + 64·64 + 64·10 weights of half a byte.
    expect(report).toMatchObject({ model: 'bit.bnm', name: 'bitlinear-dynamo', weightBytes: 10_560 });
    for (const layer of report.report.layers) expect(layer).toMatchObject({ format: '4bitsym', gridDetected: true });
    expect(readModelFile(join(cwd, 'bit.bnm')).name).toBe('bitlinear-dynamo');
  });

  it('quantizes a float network to the formats asked for', async () => {
    const { exitCode, stdout, stderr } = await run(
      ...['import', fixture('mlp-bias-torchscript'), '-o', 'mlp.bnm', '--json', ...data],
      ...['--quantizer', '4bitsym', '--mixed', 'layer5=8bit'],
    );
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const { report } = JSON.parse(stdout);
    expect(report.layers.map(({ format }: { format: string }) => format)).toEqual(['4bitsym', '4bitsym', '8bit']);
  });

  it('says what is wrong with the options and the file, and writes nothing', async () => {
    const format = await run('import', fixture('mlp-bias-torchscript'), '--quantizer', '4bitsim', ...data);
    expect(format).toMatchObject({ exitCode: EXIT_CODES.usage });
    expect(format.stderr).toContain('did you mean "4bitsym"');
    const bytes = readFileSync(fixture('mlp-bias-torchscript'));
    writeFileSync(join(cwd, 'cut.onnx'), bytes.subarray(0, 5000));
    const cut = await run('import', 'cut.onnx', '-o', 'cut.bnm', ...data);
    expect(cut).toMatchObject({ exitCode: EXIT_CODES.badInput });
    expect(cut.stderr).not.toContain('    at ');
    expect(() => readModelFile(join(cwd, 'cut.bnm'))).toThrow();
  });
});

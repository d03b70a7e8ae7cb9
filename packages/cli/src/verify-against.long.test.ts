// `bitnetmcu verify --against`: a model beside the graph that it came from, and the way back to ONNX.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readModelFile, writeModelFile } from '@bitnetmcu/models/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { EXIT_CODES } from './exit-codes.js';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../exporter/src/onnx/__fixtures__/${name}.onnx`, import.meta.url));

let cwd = '';
let data: string[] = [];
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-against-'));
  data = writeSyntheticIdx(join(cwd, 'data'), 60, 20);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const run = (...args: string[]) => runWarm(args, { cwd });

/** The graphs have ten outputs. */
const tenClasses = ['--data-labels', 'a,b,c,d,e,f,g,h,i,j'];

describe('verify --against', () => {
  it('compares with the graph: agreement, accuracies, a histogram, the worst images drawn', async () => {
    const graph = fixture('mlp-bias-torchscript');
    const imported = await run('import', graph, '-o', 'eight.bnm', ...data, ...tenClasses);
    expect(imported.exitCode, imported.stderr).toBe(EXIT_CODES.ok);
    const args = ['verify', 'eight.bnm', '--against', graph, ...data, ...tenClasses];
    const { exitCode, stdout, stderr } = await run(...args, '--worst', '2');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    expect(stdout).toMatch(/100\.00 % agreement.*20 of 20 images/);
    expect(stdout.match(/^image \d+, a [a-d]/gm)?.length).toBeGreaterThan(0);
    expect(stdout).toMatch(/[█▓]{4}/);
    const json = JSON.parse((await run(...args, '--json')).stdout);
    expect(json.accuracy.integer).toBe(json.accuracy.float);
    expect(json.differences.relative).toBeLessThan(0.05);
    expect(json.differences.histogram.counts.reduce((a: number, b: number) => a + b)).toBe(20 * 10);
    expect(json.worst).toHaveLength(10);
  });

  it('has its counterpart: export as ONNX, in either form', async () => {
    const { exitCode, stdout, stderr } = await run(
      ...[
        'export',
        'eight.bnm',
        '--format',
        'onnx',
        '--onnx-form',
        'qdq',
        '--onnx-input',
        'raw',
        '-o',
        'out',
        '--json',
      ],
    );
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const [file] = JSON.parse(stdout).files;
    const text = readFileSync(join(cwd, file), 'latin1');
    for (const operator of ['QuantizeLinear', 'DequantizeLinear', 'preprocessing']) expect(text).toContain(operator);
    const form = await run('export', 'eight.bnm', '--format', 'onnx', '--onnx-form', 'qqd');
    expect(form).toMatchObject({ exitCode: EXIT_CODES.usage });
    const alone = await run('export', 'eight.bnm', '--onnx-form', 'qdq');
    expect(alone.stderr).toContain('--onnx-form belongs to --format onnx');
    expect(alone.exitCode).toBe(EXIT_CODES.usage);
  });

  it('fails where more accuracy is lost than allowed', async () => {
    const eight = readModelFile(join(cwd, 'eight.bnm'));
    // A bias that always lets the tenth class win, which no image is of.
    const nodes = eight.nodes.map((node, i) =>
      node.op === 'linear' && i === eight.nodes.length - 1
        ? {
            ...node,
            weights: { ...node.weights, bias: Int32Array.from({ length: 10 }, (_, o) => (o === 9 ? 2 ** 24 : 0)) },
          }
        : node,
    );
    writeModelFile(join(cwd, 'tenth.bnm'), { ...eight, nodes });
    const args = [
      'verify',
      'tenth.bnm',
      '--against',
      fixture('mlp-bias-torchscript'),
      '--json',
      ...data,
      ...tenClasses,
    ];
    const { exitCode, stdout, stderr } = await run(...args, '--max-loss', '0.1');
    expect(JSON.parse(stdout)).toMatchObject({ accuracy: { integer: 0 }, passed: false });
    expect(JSON.parse(stdout).loss).toBeGreaterThan(0.001);
    expect(exitCode).toBe(EXIT_CODES.checkFailed);
    expect(stderr).toContain('at most 0.10 % wanted');
  });
});

// The journey of a small network through the built command: train, interrupt, resume, export, inspect, infer, verify, demo.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readModelFile } from '@bitnetmcu/models/node';
import { PNG } from 'pngjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, runWarm } from './__fixtures__/run-cli.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { EXIT_CODES } from './exit-codes.js';

const TEST_SAMPLES = 120;

let cwd = '';
let data: string[] = [];
beforeAll(async () => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-journey-'));
  data = writeSyntheticIdx(join(cwd, 'data'), 400, TEST_SAMPLES);
  const trained = await start('train', ...training('run', 8), '--json');
  expect(trained.exitCode, trained.stderr).toBe(EXIT_CODES.ok);
  report = JSON.parse(trained.stdout);
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

let report: Record<string, unknown> = {};
/** As a user does, in a process of its own; once for every command. */
const start = (...args: string[]) => runCli(args, { cwd });
const run = (...args: string[]) => runWarm(args, { cwd });
const training = (output: string, epochs: number): string[] => [
  ...['--preset', 'fc-1k', ...data, '--epochs', String(epochs), '--validation', '40', '--batch-size', '16'],
  ...['--augmentation', 'none', '--learning-rate', '0.003', '--engine', 'wasm', '--output', output],
];

describe('train', () => {
  it('learns, reports, and writes checkpoint, metrics and model', () => {
    expect(report).toMatchObject({
      status: 'finished',
      epochs: 8,
      seed: 1,
      weightBytes: 1128 - 24,
      model: join('run', 'model.bnm'),
    });
    expect(report.testAccuracy).toBeGreaterThan(0.9);
    for (const file of ['checkpoint.bnc', 'network.bnt', 'metrics.jsonl', 'model.bnm']) {
      expect(existsSync(join(cwd, 'run', file)), file).toBe(true);
    }
    expect(
      readFileSync(join(cwd, 'run', 'metrics.jsonl'), 'utf8')
        .trim()
        .split('\n').length,
    ).toBeGreaterThanOrEqual(8);
  });

  it('does not replace a run unless told to', async () => {
    const { exitCode, stderr } = await run('train', ...training('run', 1));
    expect(exitCode).toBe(EXIT_CODES.usage);
    expect(stderr).toContain('--resume');
  });

  it('Ctrl-C saves and says how to resume; resuming gives the uninterrupted model', async () => {
    let interrupted = false;
    const first = await runCli(['train', ...training('broken-off', 8)], {
      cwd,
      onStderr: (text, child) => {
        if (interrupted || !text.includes('epoch 2/8')) return;
        interrupted = true;
        child.kill('SIGINT');
      },
    });
    expect(first.exitCode).toBe(EXIT_CODES.interrupted);
    const checkpoint = join('broken-off', 'checkpoint.bnc');
    expect(first.stderr).toContain(`bitnetmcu train --resume ${checkpoint}`);
    const second = await start('train', '--resume', checkpoint);
    expect(second.exitCode, second.stderr).toBe(EXIT_CODES.ok);
    expect(readModelFile(join(cwd, 'broken-off', 'model.bnm')).nodes).toEqual(
      readModelFile(join(cwd, 'run', 'model.bnm')).nodes,
    );
  });
});

describe('export', () => {
  it('writes C, .bnm and a BitNetMCU header', async () => {
    const { exitCode, stdout, stderr } = await start(
      ...[
        'export',
        'run/checkpoint.bnc',
        '--format',
        'c,bnm,bitnetmcu',
        '--output',
        'exported',
        '--name',
        'bars',
        '--json',
      ],
    );
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const { files } = JSON.parse(stdout) as { files: string[] };
    for (const file of ['model/bars.c', 'model/bars.h', 'bars.bnm', 'bars_bitnetmcu.h'])
      expect(files).toContain(join('exported', file));
    for (const file of files) expect(existsSync(join(cwd, file)), file).toBe(true);
    // The header of the C and that of the original project are two files.
    expect(new Set(files).size).toBe(files.length);
    expect(readFileSync(join(cwd, 'exported', 'model', 'bars.h'), 'utf8')).toContain('bars_infer(');
    expect(readModelFile(join(cwd, 'exported', 'bars.bnm')).nodes).toEqual(
      readModelFile(join(cwd, 'run', 'model.bnm')).nodes,
    );
  });

  it('lays weights out for a target, with its kernels beside the model', async () => {
    const { exitCode, stdout, stderr } = await run(
      ...['export', 'run/model.bnm', '--target', 'ch32v003', '--output', 'for-v003', '--name', 'bars', '--json'],
    );
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const { files, target } = JSON.parse(stdout) as { files: string[]; target: string };
    expect(target).toBe('ch32v003');
    expect(files).toContain(join('for-v003', 'model', 'bnm_linear_rows.c'));
    expect(readFileSync(join(cwd, 'for-v003', 'model', 'bars.c'), 'utf8')).toContain('bnm_linear_2bitsym_nomul(');
    const unknown = await run('export', 'run/model.bnm', '--target', 'ch32v03');
    expect(unknown.exitCode).toBe(EXIT_CODES.usage);
    expect(unknown.stderr).toContain('"ch32v003"');
  });

  it('refuses choices of a format that is not written', async () => {
    const bnm = ['export', 'run/model.bnm', '--format', 'bnm,onnx', '--output', 'unused'];
    for (const [flags, called] of [
      [['--target', 'ch32v003'], '--target belongs to --format c'],
      [['--kernels', 'plain'], '--kernels belongs to --format c'],
      [['--target', 'ch32v003', '--kernels', 'fast'], '--target and --kernels belong to --format c'],
    ] as const) {
      const { exitCode, stderr } = await run(...bnm, ...flags);
      expect(exitCode).toBe(EXIT_CODES.usage);
      expect(stderr).toContain(called);
    }
    expect(existsSync(join(cwd, 'unused'))).toBe(false);
  });

  it('refuses a format that does not exist, with the nearest one', async () => {
    const { exitCode, stderr } = await run('export', 'run/model.bnm', '--format', 'bmn');
    expect(exitCode).toBe(EXIT_CODES.usage);
    expect(stderr).toContain('"bnm"');
  });
});

describe('a network with biases and a sum', () => {
  const weights = { format: '8bit' };
  const network = {
    name: 'residual',
    input: { shape: [1, 16, 16] },
    layers: [
      { type: 'conv2d', name: 'conv1', channels: 4, stride: 2, bias: true, weights },
      { type: 'activation', name: 'relu1', function: 'relu' },
      { type: 'conv2d', name: 'conv2', channels: 4, padding: 1, bias: true, weights },
      { type: 'add', name: 'sum', inputs: ['relu1', 'conv2'] },
      { type: 'activation', name: 'relu2', function: 'relu' },
      { type: 'maxPool2d', name: 'pool' },
      { type: 'flatten', name: 'flatten' },
      { type: 'linear', name: 'fc', outputs: 4, bias: true, norm: 'none', weights },
    ],
  };

  it('is calibrated on the data that it was trained on, after training and from its file', async () => {
    writeFileSync(join(cwd, 'residual.json'), JSON.stringify(network));
    const trained = await run(
      ...[
        'train',
        '--network',
        'residual.json',
        ...training('residual', 10).slice(2),
        '--learning-rate',
        '0.01',
        '--json',
      ],
    );
    expect(trained.exitCode, trained.stderr).toBe(EXIT_CODES.ok);
    expect(JSON.parse(trained.stdout)).toMatchObject({ model: join('residual', 'model.bnm') });
    expect(JSON.parse(trained.stdout).testAccuracy).toBeGreaterThan(0.9);
    const exported = await run(
      ...['export', 'residual/network.bnt', '--format', 'c,bnm', '--output', 'residual-c', '--name', 'residual'],
    );
    expect(exported.exitCode, exported.stderr).toBe(EXIT_CODES.ok);
    const direct = readModelFile(join(cwd, 'residual', 'model.bnm'));
    expect(direct.input.quantization.kind).toBe('static');
    expect(readModelFile(join(cwd, 'residual-c', 'residual.bnm')).nodes).toEqual(direct.nodes);
    const verified = await run('verify', 'residual/network.bnt', ...data, '--json');
    expect(verified.exitCode, verified.stderr).toBe(EXIT_CODES.ok);
  }, 60_000);
});

describe('inspect', () => {
  it('shows entropies within their bits, and bounds within int32', async () => {
    const { stdout } = await start('inspect', 'run/model.bnm', '--json');
    const { layers, total, labels } = JSON.parse(stdout);
    expect(labels).toEqual(['0', '1', '2', '3']);
    expect(total.bytes).toBe(report.weightBytes);
    for (const layer of layers) {
      if (layer.format === undefined) continue;
      expect(layer.entropy).toBeGreaterThan(0);
      expect(layer.entropy).toBeLessThanOrEqual(layer.bits);
      expect(layer.accumulator.max).toBeLessThan(2 ** 31);
    }
    expect((await run('inspect', 'run/model.bnm')).stdout).toMatch(/^fc1 +linear +16 +2bitsym/m);
  });
});

describe('infer', () => {
  it('classifies a test image and a picture of it alike', async () => {
    const byNumber = await start('infer', 'run/model.bnm', '5', ...data, '--json');
    expect(byNumber.exitCode, byNumber.stderr).toBe(EXIT_CODES.ok);
    const [fromData] = JSON.parse(byNumber.stdout).results;
    expect(fromData.expected).toBe('1');
    const pixels = readFileSync(join(cwd, 'data', 'test-images.idx')).subarray(16 + 5 * 256, 16 + 6 * 256);
    const picture = new PNG({ width: 16, height: 16 });
    pixels.forEach((grey, i) => {
      picture.data.set([grey, grey, grey, 255], 4 * i);
    });
    writeFileSync(join(cwd, 'five.png'), PNG.sync.write(picture));
    const [fromPicture] = JSON.parse(
      (await run('infer', '--model', 'run/model.bnm', 'five.png', '--json')).stdout,
    ).results;
    expect(fromPicture.logits).toEqual(fromData.logits);
    expect(fromPicture.class).toBe(fromData.class);
  });

  it('draws the picture and a bar for each class', async () => {
    // Without --data it takes what the model was trained on.
    const { stdout } = await run('infer', 'run/model.bnm', '5');
    expect(stdout).toMatch(/[░▒▓█]{2}/);
    for (const label of ['0', '1', '2', '3']) expect(stdout).toMatch(new RegExp(`\\b${label} +-?\\d+`));
    expect(stdout).toContain('it says:');
  });

  it('refuses numbers beyond the data, with exit code 2', async () => {
    const { exitCode, stderr } = await run('infer', 'run/model.bnm', '9999', ...data);
    expect(exitCode).toBe(EXIT_CODES.usage);
    expect(stderr).toContain('0 to 119');
  });
});

describe('verify', () => {
  it('prints images, mismatches and accuracy of each implementation', async () => {
    const { exitCode, stdout, stderr } = await start('verify', 'run/model.bnm', ...data, '--json');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const { images, mismatches, implementations, skipped } = JSON.parse(stdout);
    expect([images, mismatches]).toEqual([TEST_SAMPLES, 0]);
    const names = implementations.map(({ implementation }: { implementation: string }) => implementation);
    expect([...names, ...Object.keys(skipped)].sort()).toEqual([
      ...['c-host', 'exported-c', 'exported-c:ch32v002', 'exported-c:ch32v003', 'typescript', 'wasm'],
    ]);
    for (const entry of implementations) {
      expect(entry).toMatchObject({ images: TEST_SAMPLES, mismatches: 0, accuracy: implementations[0].accuracy });
    }
    expect(implementations[0].accuracy).toBeGreaterThan(0.9);
  });

  it('leaves C out, visibly, where there is no compiler, and refuses to be asked for it', async () => {
    const environment = { PATH: '', CC: '' };
    const all = await runCli(['verify', 'run/model.bnm', ...data], { cwd, environment });
    expect(all.exitCode).toBe(EXIT_CODES.ok);
    expect(all.stdout).toMatch(/exported-c was left out: .*compiler/);
    const asked = await runCli(['verify', 'run/model.bnm', ...data, '--implementations', 'typescript,c-host'], {
      cwd,
      environment,
    });
    expect(asked.exitCode).toBe(EXIT_CODES.missingPart);
  });
});

describe('demo', () => {
  it('trains, exports, verifies and writes its files', async () => {
    const { exitCode, stdout, stderr } = await start('demo', ...data, '--epochs', '2', '--engine', 'wasm', '--json');
    expect(exitCode, stderr).toBe(EXIT_CODES.ok);
    const summary = JSON.parse(stdout);
    expect(JSON.parse(readFileSync(join(cwd, 'demo-out', 'summary.json'), 'utf8'))).toEqual(summary);
    expect(summary).toMatchObject({
      images: TEST_SAMPLES,
      mismatches: 0,
      engine: { kind: 'wasm' },
      versions: { node: process.versions.node },
    });
    for (const key of ['testAccuracy', 'trainSeconds', 'totalSeconds', 'weightBytes'])
      expect(summary[key]).toBeGreaterThan(0);
    for (const file of [
      'model.bnm',
      'model/model.c',
      'model/model.h',
      'model/bnm.h',
      'main.c',
      'checkpoint.bnc',
      'metrics.jsonl',
      'training.svg',
    ]) {
      expect(existsSync(join(cwd, 'demo-out', file)), file).toBe(true);
    }
  });
});

// The built command as a user meets it: help, errors, exit codes, JSON.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCli, runWarm } from './__fixtures__/run-cli.js';
import { EXIT_CODES } from './exit-codes.js';

let cwd = '';
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-cli-'));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const start = (...args: string[]) => runCli(args, { cwd });
const run = (...args: string[]) => runWarm(args, { cwd });

const COMMANDS = [
  'demo',
  'train',
  'search',
  'import',
  'export',
  'verify',
  'compare',
  'infer',
  'sim',
  'firmware',
  'inspect',
  'zoo',
  'data',
  'doctor',
];

describe('help', () => {
  it('without arguments says what it is and what to type first', async () => {
    const { exitCode, stdout, stderr } = await start();
    expect(exitCode).toBe(EXIT_CODES.ok);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/First steps\n +bitnetmcu train iris\.csv[\s\S]*\n +bitnetmcu demo/);
    for (const command of COMMANDS) expect(stdout).toMatch(new RegExp(`^ +${command} `, 'm'));
    for (const code of Object.values(EXIT_CODES)) expect(stdout).toMatch(new RegExp(`^ +${code} `, 'm'));
  });

  it.each(COMMANDS)('%s has its own, with --json', async (command) => {
    const { exitCode, stdout } = await run(command, '--help');
    expect(exitCode).toBe(EXIT_CODES.ok);
    expect(stdout).toMatch(new RegExp(`^Usage: bitnetmcu ${command} `));
    expect(stdout).toContain('--json');
  });

  it('has every key of the training configuration as a flag', async () => {
    const { stdout } = await run('train', '--help');
    const flags = [
      'epochs',
      'batch-size',
      'learning-rate',
      'schedule',
      'optimizer',
      'augmentation',
      'validation',
      'seed',
      'engine',
      'output',
    ];
    for (const flag of flags) expect(stdout).toMatch(new RegExp(`^ +(?:-\\w, )?--${flag}[ ,]`, 'm'));
  });

  it('prints the version', async () => {
    const version = (await start('--version')).stdout;
    expect(version).toMatch(/^\d+\.\d+\.\d+\n$/);
    for (const way of ['-V', '-v', 'version']) expect((await run(way)).stdout, way).toBe(version);
  });
});

describe('mistakes', () => {
  const isMistake = ({ stderr }: { stderr: string }) => {
    expect(stderr).not.toMatch(/^ +at /m);
    expect(stderr).not.toContain('bug');
  };

  it('suggests the nearest command and option', async () => {
    const command = await start('trian');
    expect(command).toMatchObject({ exitCode: EXIT_CODES.usage, stdout: '' });
    expect(command.stderr).toContain('Did you mean train?');
    const option = await run('train', '--epoch', '3');
    expect(option.exitCode).toBe(EXIT_CODES.usage);
    expect(option.stderr).toContain('Did you mean --epochs?');
  });

  it('names the wrong key of a configuration, its path and the nearest right one', async () => {
    writeFileSync(join(cwd, 'wrong.yaml'), 'network: fc-1k\nepoch: 3\nschedule: {kind: step, evry: 2}\n');
    const result = await run('train', 'wrong.yaml');
    expect(result.exitCode).toBe(EXIT_CODES.usage);
    expect(result.stderr).toMatch(/epoch: unknown key; did you mean 'epochs'\?/);
    expect(result.stderr).toMatch(/schedule\.evry: unknown key; did you mean 'every'\?/);
    isMistake(result);
  });

  it('gives line and column of a YAML syntax error', async () => {
    writeFileSync(join(cwd, 'broken.yaml'), 'epochs: 3\nschedule: {kind: step\n');
    const result = await run('train', 'broken.yaml');
    expect(result.exitCode).toBe(EXIT_CODES.usage);
    expect(result.stderr).toMatch(/broken\.yaml is not usable YAML: .*line \d+, column \d+/);
    isMistake(result);
  });

  it('names the nearest preset', async () => {
    const result = await run('inspect', 'fc12k');
    expect(result.exitCode).toBe(EXIT_CODES.usage);
    expect(result.stderr).toContain('Did you mean "fc-12k"?');
    isMistake(result);
  });

  it('refuses flags beside --resume', async () => {
    const result = await run('train', '--resume', 'checkpoint.bnc', '--epochs', '3');
    expect(result.exitCode).toBe(EXIT_CODES.usage);
    expect(result.stderr).toContain('epochs');
    isMistake(result);
  });

  it.each([
    ['verify', 'absent.bnm'],
    ['export', 'absent.bnm'],
    ['inspect', './absent.bnm'],
    ['train', '--resume', 'absent.bnc'],
    ['train', 'absent.yaml'],
  ])('%s %s: a file that is not there', async (...args) => {
    const result = await run(...args);
    expect(result.exitCode).toBe(EXIT_CODES.badInput);
    expect(result.stderr).toContain('absent');
    isMistake(result);
  });

  it('refuses what is no model, and damaged ones, without a stack trace', async () => {
    mkdirSync(join(cwd, 'files'), { recursive: true });
    const cases: [string, Uint8Array | string, RegExp][] = [
      ['text.bnm', 'hello', /no model/],
      ['empty.bnm', '', /no model/],
      ['cut.bnm', Uint8Array.from([...Buffer.from('BNM1'), 1, 0, 0, 0, 200, 0, 0, 0]), /cut off/],
      ['cut.bnc', Uint8Array.from([...Buffer.from('BNC1'), 1, 0, 0, 0, 200, 0, 0, 0]), /cut off/],
    ];
    for (const [name, content, message] of cases) {
      const path = join(cwd, 'files', name);
      writeFileSync(path, content);
      const result = await run('inspect', path);
      expect(result.exitCode).toBe(EXIT_CODES.badInput);
      expect(result.stderr).toMatch(message);
      isMistake(result);
    }
  });

  it('says what is missing: a data set that is not there', async () => {
    const result = await run('data', '--data', 'mnist', '--data-path', join(cwd, 'nowhere'));
    expect(result.exitCode).toBe(EXIT_CODES.missingPart);
    expect(result.stderr).toContain('nowhere');
    isMistake(result);
  });

  it('shows the stack with --verbose', async () => {
    const { stderr } = await start('inspect', 'fc12k', '--verbose');
    expect(stderr).toMatch(/^ +at /m);
  });
});

describe('--json', () => {
  it('prints one document on standard output, for results and for errors', async () => {
    const preset = JSON.parse((await run('inspect', 'fc-12k', '--json')).stdout);
    // 256·64 + 64·64 + 64·64 + 64·10 weights of 4 bits.
    expect(preset.total).toMatchObject({ parameters: 25_216, bytes: 12_608, macs: 25_216 });
    const failed = await start('inspect', 'fc12k', '--json');
    expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: 'unknown-preset', exitCode: EXIT_CODES.usage } });
    const usage = await run('train', '--epoch', '3', '--json');
    expect(JSON.parse(usage.stdout)).toMatchObject({ error: { code: 'usage', exitCode: EXIT_CODES.usage } });
  });

  it('doctor lists every part, what it found, and the cost of what is missing', async () => {
    const { exitCode, stdout } = await start('doctor', '--json');
    expect(exitCode).toBe(EXIT_CODES.ok);
    const { checks } = JSON.parse(stdout) as {
      checks: { name: string; present: boolean; detail: string; cost?: string }[];
    };
    const names = checks.map(({ name }) => name);
    for (const name of ['Node', 'WebAssembly engine', 'C compiler', 'onnxruntime-node', 'TensorFlow.js', 'mnist']) {
      expect(names).toContain(name);
    }
    for (const { present, detail, cost } of checks) {
      expect(detail).not.toBe('');
      if (!present) expect(cost).toMatch(/\w{3}/);
    }
  });
});

describe('a reader that stops reading', () => {
  it('is no error', async () => {
    const bin = fileURLToPath(new URL('../bin/bitnetmcu.js', import.meta.url));
    const child = spawn(process.execPath, [bin, 'train', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
    });
    const exitCode = await new Promise((resolve) => child.on('close', resolve));
    expect({ exitCode, stderr }).toEqual({ exitCode: EXIT_CODES.ok, stderr: '' });
  });
});

// bitnetmcu worker: a study over a queue with the built command, its end by Ctrl-C, what failed, and logins. Needs redis-server.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { runCli } from './__fixtures__/run-cli.js';
import { writeSyntheticIdx } from './__fixtures__/synthetic-idx.js';
import { EXIT_CODES } from './exit-codes.js';

const BIN = fileURLToPath(new URL('../bin/bitnetmcu.js', import.meta.url));
const PASSWORD = 'nobody-reads-this';

const STUDY = `name: bars
base:
  network: { name: bars, input: { shape: [1, 16, 16] }, layers: [{ type: flatten, name: pixels }, { type: linear, name: fc, outputs: 4, weights: { format: 4bitsym } }] }
  data: { kind: idx, trainImages: data/train-images.idx, trainLabels: data/train-labels.idx, testImages: data/test-images.idx, testLabels: data/test-labels.idx }
  epochs: 2
  augmentation: none
seeds: 4
`;

const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

describe.skipIf(!hasRedis)('bitnetmcu worker', () => {
  let cwd = '';
  let url = '';
  const processes: ChildProcess[] = [];
  beforeEach(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'bitnetmcu-worker-'));
    writeSyntheticIdx(join(cwd, 'data'), 400, 100);
    writeFileSync(join(cwd, 'bars.yaml'), STUDY);
    const port = await freePort();
    url = `redis://127.0.0.1:${port}`;
    const redis = spawn('redis-server', ['-'], { cwd, stdio: ['pipe', 'pipe', 'ignore'] });
    redis.stdin.end(`bind 127.0.0.1\nport ${port}\nsave ""\nrequirepass ${PASSWORD}\n`);
    await said(redis, 'Ready to accept connections');
    processes.push(redis);
  });
  afterEach(async () => {
    for (const one of processes.splice(0)) await end(one, 'SIGKILL');
    rmSync(cwd, { recursive: true, force: true });
  });

  const environment = { REDIS_PASSWORD: PASSWORD };
  const cli = (...args: string[]) => runCli(args, { cwd, environment });

  async function worker(...args: string[]): Promise<ChildProcess> {
    const child = spawn(process.execPath, [BIN, 'worker', '--redis', url, '--jobs', '1', ...args], {
      cwd,
      env: { ...process.env, ...environment, BITNETMCU_CACHE: join(cwd, 'cache'), NO_COLOR: '1' },
    });
    processes.push(child);
    await said(child, 'takes runs from');
    return child;
  }

  it('makes the trainings of a search, which finds what it finds on one machine', async () => {
    const rows = Array.from(
      { length: 240 },
      (_, i) => `${i % 3},${(i * 7) % 11},${(i % 3) * 10 + (i % 5)},${'abc'[i % 3]}`,
    );
    writeFileSync(join(cwd, 'rows.csv'), ['u,v,w,kind', ...rows, ''].join('\n'));
    const child = await worker();
    let text = '';
    child.stderr!.on('data', (piece: Buffer) => {
      text += piece;
    });
    const search = ['search', 'rows.csv', '--target', 'ch32v003', '--runs', '10', '--epochs', '4', '--json'];
    const queued = await cli(...search, '--redis', url, '-o', 'queued');
    expect(queued.exitCode, queued.stderr).toBe(EXIT_CODES.ok);
    expect(queued.stderr).toContain(`by the workers of ${url}`);
    expect(text.match(/^[0-9a-f]{12} .* s$/gm)?.length).toBeGreaterThan(5);
    const local = await cli(...search, '--jobs', '2', '-o', 'local');
    expect(local.exitCode, local.stderr).toBe(EXIT_CODES.ok);
    const [front, same] = ['queued', 'local'].map((folder) => ({
      models: readdirSync(join(cwd, folder, 'front'))
        .filter((name) => name.endsWith('.bnm'))
        .map((name) => sha256(join(cwd, folder, 'front', name))),
      table: JSON.parse(readFileSync(join(cwd, folder, 'front', 'front.json'), 'utf8')).points.map(
        ({ validation, test, flashBytes, cycles }: Record<string, number>) => ({
          validation,
          test,
          flashBytes,
          cycles,
        }),
      ),
    }));
    expect(front!.models.length).toBeGreaterThan(0);
    expect(front).toEqual(same);
  }, 120_000);

  it('makes the runs of a study, and ends with its job given back', async () => {
    const child = await worker();
    let text = '';
    child.stderr!.on('data', (piece: Buffer) => {
      text += piece;
    });
    const made = await cli('study', 'run', 'bars.yaml', '--redis', url, '--json');
    expect(made.exitCode, made.stderr).toBe(EXIT_CODES.ok);
    expect(JSON.parse(made.stdout)).toMatchObject({ status: 'finished', planned: 4 });
    expect(made.stdout + made.stderr + text).not.toContain(PASSWORD);
    const status = await cli('study', 'status', '--redis', url);
    const name = `${hostname().replace(/[^\w.-]/g, '-')}-${child.pid}-x1`;
    expect(status.stdout).toContain(
      `${url}: 1 worker, 1 run at a time\n  ${name}\n0 runs wait, 0 are under way, 0 are tried again later, 0 failed`,
    );
    await end(child, 'SIGINT');
    expect(child.exitCode).toBe(EXIT_CODES.interrupted);
    const after = JSON.parse((await cli('study', 'status', 'studies/bars', '--redis', url, '--json')).stdout);
    expect(after).toMatchObject({ records: 4, queue: { workers: [], waiting: 0 } });
  });

  it('shows the runs that failed, and goes on with the others', async () => {
    writeFileSync(join(cwd, 'bars.yaml'), STUDY.replace('epochs: 2', 'epochs: 100000').replace('seeds: 4', 'seeds: 1'));
    await worker('--limit-seconds', '2');
    const { exitCode, stderr } = await cli('study', 'run', 'bars.yaml', '--redis', url);
    expect([exitCode, stderr]).toEqual([EXIT_CODES.checkFailed, expect.stringContaining('took more than 2 s')]);
    const { stdout } = await cli('study', 'status', '--redis', url);
    expect(stdout).toMatch(
      /1 failed\n✗ [0-9a-f]{12} \(seed 1, timeout, tried once, last on .*\): The run took more than/,
    );
  });

  it('takes no password from an argument, and says what a login or an address lacks', async () => {
    const inArgument = await cli('worker', '--redis', url.replace('//', `//:${PASSWORD}@`));
    expect(inArgument).toMatchObject({ exitCode: EXIT_CODES.usage, stderr: expect.stringContaining('Set REDIS_URL') });
    const wrong = await runCli(['study', 'run', 'bars.yaml', '--redis'], {
      cwd,
      environment: { REDIS_URL: url.replace('//', `//:${PASSWORD}!@`) },
    });
    expect(wrong).toMatchObject({
      exitCode: EXIT_CODES.missingPart,
      stderr: expect.stringContaining('refuses the login'),
    });
    const none = await cli('worker');
    expect(none).toMatchObject({ exitCode: EXIT_CODES.usage, stderr: expect.stringContaining('set REDIS_URL') });
    for (const { stdout, stderr } of [inArgument, wrong, none]) expect(stdout + stderr).not.toContain(PASSWORD);
    const mixed = await cli('study', 'run', 'bars.yaml', '--audit', '2%');
    expect(mixed).toMatchObject({ exitCode: EXIT_CODES.usage, stderr: expect.stringContaining('--redis') });
  });
});

function sha256(path: string): string {
  return createHash('sha256').update(readFileSync(path)).digest('hex');
}

/** Waits until a process has said something. */
async function said(child: ChildProcess, wanted: string): Promise<void> {
  let text = '';
  const hear = (piece: Buffer) => {
    text += piece;
  };
  child.stdout?.on('data', hear);
  child.stderr?.on('data', hear);
  while (!text.includes(wanted)) {
    if (child.exitCode !== null) throw new Error(text);
    await setTimeout(20);
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await ended;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

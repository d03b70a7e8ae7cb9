// Addresses and logins: what is said of them, and that no password gets into errors, records, notices, or the processes that train. Needs redis-server.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RunExecutor } from '../run/run-executor.js';
import { hasRedis, RedisServer } from '../testing/redis-server.js';
import { stripedConfig, writeStripedFiles } from '../testing/striped-files.js';
import { createQueueRunner } from './queue-runner.js';
import { readQueue } from './queue-status.js';
import { holdsPassword, redisAddress } from './redis-address.js';
import { startWorker } from './worker.js';

const PASSWORD = 'p@ss/word of 7 dwarfs';
const ENCODED = encodeURIComponent(PASSWORD);

describe('redisAddress', () => {
  it('reads an address, and shows it without the login', () => {
    const address = redisAddress(`rediss://me:${ENCODED}@queue.example:7000/2`);
    expect(address).toEqual({
      host: 'queue.example',
      port: 7000,
      database: 2,
      tls: true,
      username: 'me',
      password: PASSWORD,
      shown: 'rediss://queue.example:7000/2',
    });
    expect(redisAddress(undefined, { REDIS_URL: 'redis://[::1]', REDIS_PASSWORD: 'x' })).toMatchObject({
      host: '::1',
      port: 6379,
      tls: false,
      password: 'x',
      shown: 'redis://[::1]:6379',
    });
  });

  it.each([
    [undefined, /no address of Redis: redis:\/\/host:port/],
    ['queue.example:6379', /redis:\/\/host:port, or rediss:\/\/ with TLS, wanted/],
    [`http://:${PASSWORD}@queue.example`, /wanted/],
    [`redis://:${ENCODED}@queue.example/jobs`, /names no database/],
    [`redis://:${PASSWORD}@`, /wanted/],
  ])('refuses %s', (text, message) => {
    const refused = () => redisAddress(text, {});
    expect(refused).toThrow(message);
    expect(refused).toThrow(expect.objectContaining({ code: 'invalid-argument' }));
    expect(refused).not.toThrow(/dwarfs/);
  });

  it('tells whether an address would show a password in lists of processes', () => {
    expect(['redis://a', 'redis://me@a', 'redis://:x@a', 'nothing'].map(holdsPassword)).toEqual([
      false,
      false,
      true,
      false,
    ]);
  });
});

describe.skipIf(!hasRedis)('a login', () => {
  let folder = '';
  let server: RedisServer;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-login-'));
    server = await RedisServer.start(['--requirepass', PASSWORD]);
  });
  afterEach(async () => {
    await server.remove();
    rmSync(folder, { recursive: true });
  });
  const url = (password: string) => server.url.replace('//', `//:${encodeURIComponent(password)}@`);

  it('is asked for, and refused, without being repeated', async () => {
    const without = await readQueue(server.url).catch((error: unknown) => error);
    const wrong = await readQueue(url(`${PASSWORD}!`)).catch((error: unknown) => error);
    for (const error of [without, wrong]) {
      expect(error).toMatchObject({ code: 'queue-failed', message: expect.stringContaining('REDIS_PASSWORD') });
      expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/dwarfs/);
    }
  });

  it('is in no record, notice or process of training', async () => {
    const notices: string[] = [];
    const onNotice = (text: string) => notices.push(text);
    process.env.REDIS_URL = url(PASSWORD);
    const environments: string[] = [];
    const worker = await startWorker({
      jobs: 1,
      unfinished: folder,
      onNotice,
      onEpoch: () => environments.push(...childEnvironments()),
    });
    const runner = await createQueueRunner({ onNotice });
    try {
      const config = { ...stripedConfig(writeStripedFiles(folder)), engine: 'wasm' as const };
      const request = { config, targets: [], test: false };
      const done = runner.run({ key: await new RunExecutor().keyOf(request), request });
      const { record } = await done;
      expect(record.status).toBe('finished');
      await server.kill();
      await server.start();
      while (notices.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(environments.length > 0 || process.platform !== 'linux').toBe(true);
      for (const text of [JSON.stringify(record), notices.join('\n'), environments.join('\n'), worker.address]) {
        expect(text).not.toMatch(/dwarfs/);
      }
    } finally {
      delete process.env.REDIS_URL;
      await runner.close();
      await worker.stop();
    }
  });

  it('says what is wrong where there is no Redis', async () => {
    await server.kill();
    await expect(readQueue(server.url)).rejects.toMatchObject({
      code: 'queue-failed',
      message: expect.stringMatching(/cannot be reached \(.*ECONNREFUSED.*\)\. Start it/),
    });
  });
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

describe.skipIf(!hasRedis || !hasOpenssl)('TLS', () => {
  it('needs a certificate that is trusted', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-tls-'));
    const file = (name: string) => join(folder, name);
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'];
    const keys = ['-newkey', 'rsa:2048', '-nodes', '-keyout', file('key.pem'), '-out', file('cert.pem')];
    execFileSync('openssl', ['req', '-x509', ...keys, ...subject], { stdio: 'ignore' });
    const tls = ['--port', '0', '--tls-port', 'PORT', '--tls-auth-clients', 'no'];
    const files = ['--tls-cert-file', file('cert.pem'), '--tls-key-file', file('key.pem')];
    const server = await RedisServer.start([...tls, ...files, '--tls-ca-cert-file', file('cert.pem')]);
    try {
      const url = server.url.replace('redis://127.0.0.1', 'rediss://localhost');
      await expect(readQueue(url)).rejects.toThrow(/certificate of Redis is not trusted .*NODE_EXTRA_CA_CERTS/);
      const program = fileURLToPath(new URL('../testing/read-queue.mjs', import.meta.url));
      const { stdout } = spawnSync(process.execPath, [program, url], {
        encoding: 'utf8',
        env: { ...process.env, NODE_EXTRA_CA_CERTS: file('cert.pem') },
      });
      expect(JSON.parse(stdout)).toMatchObject({ address: url, waiting: 0 });
    } finally {
      await server.remove();
      rmSync(folder, { recursive: true });
    }
  });
});

/** Of all processes that this one started. */
function childEnvironments(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    try {
      const isChild = new RegExp(`^PPid:\\s+${process.pid}$`, 'm').test(readFileSync(`/proc/${name}/status`, 'utf8'));
      const command = isChild ? readFileSync(`/proc/${name}/cmdline`, 'utf8') : '';
      // Redis itself is told the password by this test.
      return command.includes('child.js') ? [command + readFileSync(`/proc/${name}/environ`, 'utf8')] : [];
    } catch {
      return [];
    }
  });
}

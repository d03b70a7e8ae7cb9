// A redis-server of a test's own, on a free port; tests are skipped where the program is missing.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** Debian's package `redis-server`. */
export const hasRedis = spawnSync('redis-server', ['--version']).status === 0;

const START_MILLISECONDS = 20_000;

export class RedisServer {
  readonly url: string;
  readonly #folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-redis-'));
  #process: ChildProcess | undefined;

  private constructor(
    readonly port: number,
    private readonly options: readonly string[],
  ) {
    this.url = `redis://127.0.0.1:${port}`;
  }

  /** @param options of redis-server, as on its command line */
  static async start(options: readonly string[] = []): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), options);
    await server.start();
    return server;
  }

  /** Starts it again with the files that it left. */
  async start(): Promise<void> {
    const own = ['--bind', '127.0.0.1', '--dir', this.#folder, '--save', '', '--appendonly', 'yes'];
    const port = this.options.includes('--tls-port') ? [] : ['--port', String(this.port)];
    const child = spawn('redis-server', [
      ...port,
      ...own,
      ...this.options.map((one) => one.replace('PORT', String(this.port))),
    ]);
    this.#process = child;
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text;
    });
    for (let waited = 0; !said.includes('Ready to accept connections'); waited += 20) {
      if (child.exitCode !== null || waited > START_MILLISECONDS)
        throw new Error(`redis-server does not start: ${said}`);
      await setTimeout(20);
    }
  }

  /** As the end of a machine, but for what its system had written. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async remove(): Promise<void> {
    await this.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

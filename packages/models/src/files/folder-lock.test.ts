import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockFolder } from './folder-lock.js';
import { thisProcess } from './process-identity.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const claims = () => readdirSync(folder).filter((name) => name.endsWith('.lock'));
const leave = (claim: object, secondsAgo = 0) => {
  const path = join(folder, '.bitnetmcu-run.00.lock');
  writeFileSync(path, JSON.stringify({ since: '2026-01-01T00:00:00.000Z', ...claim }));
  const then = Date.now() / 1000 - secondsAgo;
  utimesSync(path, then, then);
};

describe('lockFolder', () => {
  it('is had once, names its holder, and can be had again after it was released', () => {
    const lock = lockFolder(folder, 'run');
    expect(() => lockFolder(folder, 'run')).toThrow(
      expect.objectContaining({
        code: 'folder-in-use',
        message: expect.stringMatching(new RegExp(`Process ${process.pid} on .* delete .*\\.lock`)),
      }),
    );
    lockFolder(folder, 'write').release();
    lock.release();
    lock.release();
    expect(claims()).toEqual([]);
    lockFolder(folder, 'run').release();
  });

  it('holds who has it, and from when on', () => {
    const lock = lockFolder(folder, 'run');
    const claim = JSON.parse(readFileSync(join(folder, claims()[0]!), 'utf8'));
    expect(claim).toMatchObject(thisProcess());
    expect(Math.abs(Date.parse(claim.since) - Date.now())).toBeLessThan(60_000);
    lock.release();
  });

  it('takes the place of a process that ended, also where its number was given to another one', () => {
    leave({ ...thisProcess(), pid: 2 ** 22 + 1 });
    lockFolder(folder, 'run').release();
    leave({ ...thisProcess(), started: 'at another time' });
    // Windows does not say when a process began.
    if (process.platform === 'win32') return;
    lockFolder(folder, 'run').release();
    expect(claims()).toEqual([]);
  });

  it('believes another machine as long as it shows signs of life', () => {
    const elsewhere = { ...thisProcess(), host: 'elsewhere\u001b[2J 1' };
    leave(elsewhere, 60);
    expect(() => lockFolder(folder, 'run')).toThrow(/Process \d+ on elsewhere\?/);
    leave(elsewhere, 3600);
    lockFolder(folder, 'run').release();
  });

  it('goes to one of many processes that want it at the same moment, whoever held it before', async () => {
    const node = new URL('../../dist/internal/node.js', import.meta.url).href;
    // Each holds it for a moment and counts who is inside with it.
    const program = `
      const { lockFolder } = await import(${JSON.stringify(node)});
      const { appendFileSync, readFileSync } = await import('node:fs');
      const [folder, start] = process.argv.slice(1);
      while (Date.now() < Number(start));
      let lock;
      try { lock = lockFolder(folder, 'run'); } catch (error) { process.exit(error.code === 'folder-in-use' ? 3 : 1); }
      appendFileSync(folder + '/log', 'in\\n');
      const until = Date.now() + 1500;
      while (Date.now() < until);
      appendFileSync(folder + '/log', 'out\\n');
      lock.release();`;
    leave({ ...thisProcess(), pid: 2 ** 22 + 1 });
    const start = String(Date.now() + 1200);
    const codes = await Promise.all(
      Array.from(
        { length: 6 },
        () =>
          new Promise<number | null>((resolve) => {
            spawn(process.execPath, ['--input-type=module', '-e', program, folder, start], {
              stdio: 'inherit',
              cwd: fileURLToPath(new URL('.', import.meta.url)),
            }).on('exit', resolve);
          }),
      ),
    );
    const log = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');
    expect(log.length).toBeGreaterThanOrEqual(2);
    expect(log).toEqual(log.map((_, i) => (i % 2 === 0 ? 'in' : 'out')));
    expect(codes.filter((code) => code === 0)).toHaveLength(log.length / 2);
    expect(codes.every((code) => code === 0 || code === 3)).toBe(true);
    expect(claims()).toEqual([]);
  }, 30_000);
});

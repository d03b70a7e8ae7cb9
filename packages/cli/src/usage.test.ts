// What a command says of itself after a mistake, and that options which mean the same are called the same.
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runWarm } from './__fixtures__/run-cli.js';
import { EXIT_CODES } from './exit-codes.js';

const run = (...args: string[]) => runWarm(args, { cwd: tmpdir() });

/** Names of the commands below one, as its help lists them. */
async function below(...path: string[]): Promise<string[]> {
  const { stdout } = await run(...path, '--help');
  const list = stdout.split(/^Commands:\n/m)[1]?.split(/\n\n/)[0] ?? '';
  return [...list.matchAll(/^ {2}([a-z]+)/gm)].map(([, name]) => name!).filter((name) => name !== 'help');
}

describe('usage', () => {
  it('of a nested command names the whole command', async () => {
    const { exitCode, stderr } = await run('study', 'run', 'x.yaml', '--ouput', 'y');
    expect(exitCode).toBe(EXIT_CODES.usage);
    expect(stderr).toContain('Run `bitnetmcu study run --help`');
    expect((await run('study', 'run', '--help')).exitCode).toBe(EXIT_CODES.ok);
  });

  it('calls the place of results --output everywhere', async () => {
    const commands = await below();
    expect(commands).toEqual(expect.arrayContaining(['train', 'study', 'search', 'experiment', 'firmware']));
    const nested = await Promise.all(commands.map(async (name) => (await below(name)).map((child) => [name, child])));
    const paths = [...commands.map((name) => [name]), ...nested.flat()];
    const named: Record<string, string[]> = {};
    for (const path of paths) {
      const { stdout } = await run(...path, '--help');
      const options = [...stdout.matchAll(/^ {2}(?:(-\w), )?(--[a-z-]+) <(?:folder|file\.bnm)>/gm)];
      named[path.join(' ')] = options.flatMap(([, , long]) => long!);
      const output = options.find(([, , long]) => long === '--output');
      if (output) expect(output[1], path.join(' ')).toBe('-o');
    }
    const outputs = Object.entries(named).filter(([, longs]) => longs.includes('--output'));
    expect(outputs.map(([path]) => path)).toEqual(
      expect.arrayContaining(['train', 'study run', 'search', 'experiment run', 'export', 'firmware']),
    );
    expect(
      Object.values(named)
        .flat()
        .filter((long) => /^--(out|dest)/.test(long) && long !== '--output'),
    ).toEqual([]);
  });
});

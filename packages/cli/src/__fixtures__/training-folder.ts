// A folder in which a user trains on files and classifies others.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect } from 'vitest';
import { EXIT_CODES } from '../exit-codes.js';
import { runWarm } from './run-cli.js';

export function trainingFolder(name: string) {
  const cwd = mkdtempSync(join(tmpdir(), `bitnetmcu-${name}-`));
  afterAll(() => rmSync(cwd, { recursive: true, force: true }));

  const run = (...args: string[]) => runWarm(args, { cwd });
  return {
    cwd,
    run,
    save: (file: string, lines: readonly string[], encoding: BufferEncoding = 'utf8') =>
      writeFileSync(join(cwd, file), Buffer.from(`${lines.join('\n')}\n`, encoding)),
    /** What two epochs print. */
    async train(...args: string[]): Promise<string> {
      const { exitCode, stdout, stderr } = await run('train', ...args, '--epochs', '2');
      expect(exitCode, stderr).toBe(EXIT_CODES.ok);
      return `${stdout}${stderr}`;
    },
    async infer(...args: string[]) {
      const { exitCode, stdout, stderr } = await run('infer', ...args, '--json', '--no-nearest');
      expect(exitCode, stderr).toBe(EXIT_CODES.ok);
      const { results } = JSON.parse(stdout) as {
        results: { input: string; logits: number[]; label: string; expected?: unknown }[];
      };
      return { results, stderr, titles: results.map(({ input }) => input), logits: results.map((one) => one.logits) };
    },
    /** What is printed where `infer` refuses. */
    async refusal(...args: string[]): Promise<string> {
      const { exitCode, stderr } = await run('infer', ...args);
      expect(exitCode).not.toBe(EXIT_CODES.ok);
      return stderr;
    },
  };
}

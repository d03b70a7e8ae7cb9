// Runs the built command in a folder of its own, as a user would.
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bin = fileURLToPath(new URL('../../bin/bitnetmcu.js', import.meta.url));

export interface CliResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Called with the child after every piece of standard error. */
  readonly onStderr?: (text: string, child: ChildProcess) => void;
}

/** Runs `bitnetmcu` with these arguments to its end. */
export function runCli(args: readonly string[], { cwd, environment, onStderr }: RunOptions): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    // Nothing of what runs the tests: neither its colours nor that npx called it.
    const { FORCE_COLOR: _, npm_command: __, ...inherited } = process.env;
    const child = spawn(process.execPath, [bin, ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...inherited, NO_COLOR: '1', ...environment },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk;
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk;
      onStderr?.(stderr, child);
    });
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

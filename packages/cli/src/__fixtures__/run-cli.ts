// Runs the built command in a folder of its own, as a user would.
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/bitnetmcu.js', import.meta.url));

const warmProgram = fileURLToPath(new URL('command-process.mjs', import.meta.url));

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

/** Nothing of what runs the tests: neither its colours nor that npx called it. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _, npm_command: __, ...inherited } = process.env;
  return { ...inherited, NO_COLOR: '1' };
}

/** Runs `bitnetmcu` with these arguments to its end, in a process of its own. */
export function runCli(args: readonly string[], { cwd, environment, onStderr }: RunOptions): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [bin, ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...plainEnvironment(), ...environment },
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

let warm: ChildProcess | undefined;
let last: Promise<unknown> = Promise.resolve();
// Waited for, so that its time is counted as that of the tests.
afterAll(async () => {
  if (warm === undefined) return;
  const child = warm;
  warm = undefined;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.disconnect();
  await ended;
});

/**
 * As `runCli`, in one process for all calls of a test file, one after the other: to start Node and to load the command takes longer than
 * most calls do. For tests of what a command says, not of how it begins and ends.
 */
export function runWarm(
  args: readonly string[],
  { cwd, environment = {} }: Omit<RunOptions, 'onStderr'>,
): Promise<CliResult> {
  const result = last.then(() => callWarm({ args, cwd, environment }));
  last = result.catch(() => {});
  return result;
}

function callWarm(call: { readonly args: readonly string[]; readonly cwd: string; readonly environment: object }) {
  warm ??= fork(warmProgram, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'], env: plainEnvironment() });
  const child = warm;
  return new Promise<CliResult>((resolve, reject) => {
    const onExit = (code: number | null) => {
      warm = undefined;
      reject(new Error(`bitnetmcu ${call.args.join(' ')} ended its process with ${code}`));
    };
    child.once('exit', onExit);
    child.once('message', (answer) => {
      child.off('exit', onExit);
      resolve(answer as CliResult);
    });
    child.send(call);
  });
}

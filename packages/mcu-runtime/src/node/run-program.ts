// Runs a compiled program with bytes on its standard input and gives those of its standard output.
import { spawn } from 'node:child_process';
import { RuntimeError } from '../errors.js';

/**
 * @returns what the program wrote
 * @throws RuntimeError `harness-failed` with its error output, where it cannot start or does not end with exit code 0
 */
export function runProgram(
  path: string,
  input: Uint8Array,
  programArguments: readonly string[] = [],
): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, [...programArguments], { stdio: ['pipe', 'pipe', 'pipe'] });
    const output: Buffer[] = [];
    let messages = '';
    child.stdout.on('data', (bytes: Buffer) => output.push(bytes));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      messages += text;
    });
    const fail = (what: string, cause?: unknown) =>
      reject(new RuntimeError('harness-failed', `${path} ${what}\n${messages.trim()}`, { cause }));
    child.on('error', (cause) => fail('could not be started.', cause));
    child.on('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(output));
      else fail(`ended with ${signal ?? `exit code ${code}`}:`);
    });
    // A program that ends before it has read everything says why in its exit code, not in a broken pipe.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

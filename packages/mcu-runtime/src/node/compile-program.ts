// Compiles a C program with the host compiler, once for the same sources, flags and compiler. The cache has a bounded size.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { touchCacheEntry, trimCache } from '@bitnetmcu/models/internal/node';
import { RuntimeError } from '../errors.js';
import { type FoundCompiler, requireHostCompiler } from './host-compiler.js';

export interface HostProgram {
  /** Absolute paths of .c files. */
  readonly sources: readonly string[];
  /** Folders for `-I`. */
  readonly include: readonly string[];
  /** Further flags, for example of sanitizers. Default: none. */
  readonly flags?: readonly string[];
}

export interface CompileOptions {
  /** Default: what hostCompiler() finds. */
  readonly compiler?: FoundCompiler;
  /** Where programs are kept. Default: a folder of this user among the system's temporary files. */
  readonly cache?: string;
}

/** A program has some 100 kB, so these are hundreds; what was not used for longest goes first. */
const CACHE_LIMITS = {
  maxBytes: 256 * 2 ** 20,
  inUse: 3_600_000,
  isEntry: (name: string) => /^([0-9a-f]{32}(\.exe)?|build-\w+)$/.test(name),
};

const BASE_FLAGS = ['-std=c99', '-O2', '-ffunction-sections'];

/**
 * Compiles a program and returns the path of the executable. A program that is in the cache is not compiled again;
 * the key is a hash of every source, every header beside or included from it, the flags and the compiler.
 * @throws RuntimeError `compiler-missing`, `compiler-failed` with the compiler's messages
 */
export async function compileHostProgram(program: HostProgram, options: CompileOptions = {}): Promise<string> {
  const compiler = options.compiler ?? requireHostCompiler();
  const cache = ownFolder(options.cache ?? userCache());
  const flags = [...BASE_FLAGS, ...(program.flags ?? [])];
  const executable = join(cache, `${cacheKey(program, flags, compiler)}${process.platform === 'win32' ? '.exe' : ''}`);
  // First noted as used, so that no other process removes it between the look and the use.
  if (touchCacheEntry(executable) && existsSync(executable)) return executable;

  const folder = mkdtempSync(join(cache, 'build-'));
  try {
    const output = join(folder, 'program');
    const include = program.include.map((path) => `-I${path}`);
    await compile(compiler, [...flags, ...include, ...program.sources, '-o', output]);
    renameSync(existsSync(output) ? output : `${output}.exe`, executable);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  trimCache(cache, CACHE_LIMITS);
  return executable;
}

function userCache(): string {
  return join(tmpdir(), `bitnetmcu-${userInfo().username}`);
}

/**
 * The folder, made where it is missing. Programs in it are run, so on systems with users it must belong to this one:
 * anybody may make a folder of any name among the temporary files.
 */
function ownFolder(path: string): string {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const owner = process.getuid?.();
  if (owner !== undefined && lstatSync(path).uid !== owner) {
    throw new RuntimeError(
      'compiler-failed',
      `The folder ${path} belongs to another user; name one of your own as \`cache\`, or set TMPDIR.`,
    );
  }
  return path;
}

function cacheKey({ sources, include }: HostProgram, flags: readonly string[], compiler: FoundCompiler): string {
  const hash = createHash('sha256');
  hash.update(JSON.stringify([compiler.command, compiler.arguments, compiler.version, flags]));
  const headers = include.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.h') || name.endsWith('.c'))
      .sort()
      .map((name) => join(folder, name)),
  );
  for (const path of [...sources, ...headers]) hash.update(`${path}\0`).update(readFileSync(path)).update('\0');
  return hash.digest('hex').slice(0, 32);
}

function compile(compiler: FoundCompiler, compilerArguments: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(compiler.command, [...compiler.arguments, ...compilerArguments], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let messages = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        messages += text;
      });
    }
    const fail = (what: string, cause?: unknown) =>
      reject(new RuntimeError('compiler-failed', `${compiler.command} ${what}\n${messages.trim()}`, { cause }));
    child.on('error', (cause) => fail('could not be started.', cause));
    child.on('close', (code) => (code === 0 ? resolve() : fail(`ended with exit code ${code}:`)));
  });
}

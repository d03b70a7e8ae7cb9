import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { missingHostCompiler, skipWhere } from '../../test/host-compiler.js';
import { compileHostProgram } from './compile-program.js';
import { runProgram } from './run-program.js';

describe.skipIf(skipWhere(missingHostCompiler))('compileHostProgram', () => {
  let folder = '';
  let cache = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-program-'));
    cache = join(folder, 'cache');
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function program(source: string, header = '') {
    const path = join(folder, 'program.c');
    writeFileSync(join(folder, 'program.h'), header);
    writeFileSync(path, source);
    return { sources: [path], include: [folder] };
  }

  it('compiles once for the same sources and anew for a changed header', async () => {
    const source = '#include "program.h"\n#include <stdio.h>\nint main(void) { printf("%d", ANSWER); return 0; }\n';
    const first = await compileHostProgram(program(source, '#define ANSWER 41\n'), { cache });
    const { ino } = statSync(first);
    expect(await compileHostProgram(program(source, '#define ANSWER 41\n'), { cache })).toBe(first);
    expect(statSync(first).ino).toBe(ino);
    const second = await compileHostProgram(program(source, '#define ANSWER 42\n'), { cache });
    expect(second).not.toBe(first);
    expect(new TextDecoder().decode(await runProgram(second, new Uint8Array()))).toBe('42');
    expect(readdirSync(cache).length).toBe(2);
  });

  it('gives the messages of a compiler that failed, and leaves nothing behind', async () => {
    const failing = compileHostProgram(program('int main(void) { return missing_name; }\n'), { cache });
    await expect(failing).rejects.toThrow(expect.objectContaining({ code: 'compiler-failed' }));
    await expect(failing).rejects.toThrow(/missing_name/);
    expect(readdirSync(cache).filter((name) => name.startsWith('build-'))).toEqual([]);
  });

  it('gives the exit code and error output of a program that failed', async () => {
    const source = '#include <stdio.h>\nint main(void) { fputs("no luck", stderr); return 3; }\n';
    const path = await compileHostProgram(program(source), { cache });
    // More than a pipe holds: the program ends without reading it.
    const failing = runProgram(path, new Uint8Array(1 << 20));
    await expect(failing).rejects.toThrow(/exit code 3:\nno luck/);
    await expect(failing).rejects.toThrow(expect.objectContaining({ code: 'harness-failed' }));
  });
});

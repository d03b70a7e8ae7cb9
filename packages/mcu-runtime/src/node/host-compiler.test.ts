import { describe, expect, it } from 'vitest';
import { missingHostCompiler, skipWhere } from '../../test/host-compiler.js';
import { hostCompiler, requireHostCompiler } from './host-compiler.js';

describe('hostCompiler', () => {
  it('says what was tried where there is none', () => {
    const compiler = hostCompiler({ PATH: '/nonexistent', CC: 'tinycc -m32' });
    expect(compiler).toMatchObject({ kind: 'missing', tried: ['tinycc -m32', 'cc', 'gcc', 'clang'] });
    expect(() => requireHostCompiler(compiler)).toThrow(expect.objectContaining({ code: 'compiler-missing' }));
  });

  it.skipIf(skipWhere(missingHostCompiler))('takes the compiler that CC names, with its arguments', () => {
    const found = requireHostCompiler();
    const chosen = hostCompiler({ ...process.env, CC: ` ${found.command}  -pipe ` });
    expect(chosen).toMatchObject({ kind: 'found', command: found.command, arguments: ['-pipe'] });
    expect(found.version).not.toBe('');
  });
});

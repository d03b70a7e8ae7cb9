// The table of what each C source defines, needs and includes, against the compiler of this machine; and what a linker says of the result.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { linkTable as tableOf } from '../kernels/link-table.js';
import { linkedSources } from '../src/internal/node.js';
import { linkTable } from '../src/node/linked-sources.js';
import { hostCompiler, runtimeSources } from '../src/node.js';
import { missingHostCompiler, skipWhere } from './host-compiler.js';

const found = hostCompiler();
const command: readonly [string, ...string[]] = found.kind === 'found' ? [found.command, ...found.arguments] : ['cc'];
const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-linked-'));
const { root } = runtimeSources();

afterAll(() => rmSync(folder, { recursive: true }));

it('has every source', () => {
  const sources = ['src', 'fast', 'avr'].flatMap((name) =>
    readdirSync(join(root, name)).flatMap((file) => (/\.[cS]$/.test(file) ? [`${name}/${file}`] : [])),
  );
  expect(sources.filter((path) => !(path in linkTable()))).toEqual([]);
  const gone = Object.keys(linkTable()).filter((path) => /\.[cS]$/.test(path) && !sources.includes(path));
  expect(gone).toEqual([]);
});

// `nm` comes with every C compiler but that of npm.
const nm = spawnSync('nm', ['--version']).status === 0 ? undefined : 'nm is not installed';

it.skipIf(skipWhere(missingHostCompiler ?? nm))('knows all that this compiler finds in a source', () => {
  const here = tableOf([{ command, nm: 'nm' }]);
  for (const [file, { defines, needs, includes }] of Object.entries(here)) {
    const known = linkTable()[file]!;
    expect(known.defines, `${file}: run \`npm run build:link-table\``).toEqual(expect.arrayContaining([...defines]));
    expect(known.needs, `${file}: run \`npm run build:link-table\``).toEqual(expect.arrayContaining([...needs]));
    expect(known.includes, `${file}: run \`npm run build:link-table\``).toEqual(expect.arrayContaining([...includes]));
  }
});

// Kernels for AVR have parts in assembly, which no linker of this machine takes.
describe.each(['plain', 'fast'] as const)('linkedSources, %s', (variant) => {
  const functions = runtimeSources(variant)
    .files.filter((path) => path.endsWith('.c') && basename(path) !== 'bnm_run.c')
    .flatMap((path) => linkTable()[relative(root, path).replaceAll('\\', '/')]?.defines.slice(0, 1) ?? []);

  it.skipIf(skipWhere(missingHostCompiler))(
    'give the linker all that each function needs, and nothing of another',
    () => {
      const calls = functions.filter((_, i) => i % 5 === 0);
      for (const name of calls) {
        const paths = linkedSources({ functions: [name], headers: ['bnm.h'], variant });
        const sources = paths.filter((path) => path.endsWith('.c'));
        expect(sources.length).toBeLessThan(functions.length / 2);
        const main = join(folder, 'main.c');
        writeFileSync(main, `extern void ${name}(void);\nint main(void) { return ${name} == 0; }\n`);
        // Folders that hold a needed header, and no others: what is missing does not compile.
        const folders = new Set(paths.filter((path) => path.endsWith('.h')).map((path) => dirname(path)));
        const define = variant === 'fast' ? ['-DBNM_FAST_KERNELS'] : [];
        const include = [...folders].map((path) => `-I${path}`);
        const [program, ...leading] = command;
        const args = [...leading, ...define, ...include, main, ...sources, '-o', join(folder, 'program')];
        const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
        expect(status, `${name}: ${stderr}`).toBe(0);
      }
    },
  );
});

it('put assembly beside its C where it is asked for', () => {
  const names = (assembly: readonly string[]) =>
    linkedSources({ functions: ['bnm_shift_norm_relu'], headers: [], variant: 'fast', assembly }).map((path) =>
      basename(path),
    );
  expect(names([])).not.toContain('bnm_shift_norm_relu_rv32e.S');
  expect(names(['rv32e'])).toContain('bnm_shift_norm_relu_rv32e.S');
  expect(names(['thumb'])).not.toContain('bnm_shift_norm_relu_rv32e.S');
  const ofAvr = linkedSources({
    ...{ functions: ['bnm_linear_4bitsym_avr'], headers: [], variant: 'avr', assembly: ['avr'] },
  }).map((path) => basename(path));
  expect(ofAvr).toEqual(expect.arrayContaining(['bnm_linear_parts.c', 'bnm_nibble_sums_avr.S', 'bnm_avr_registers.h']));
  expect(ofAvr).not.toContain('bnm_bit_sums_avr.S');
});

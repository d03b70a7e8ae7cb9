// Writes the type declarations of all packages: one TypeScript program over the entries that their exports maps name, emitted file by file
// from there, so that `dist/` gets what users can reach and nothing else. Each file twice: `.d.ts` for import, `.d.cts` for require.
// Emits without checking (`npm run typecheck` checks), and keeps no state of its own: turbo skips the whole when no source has changed.
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import ts from 'typescript';
import { publicPackages, root } from './workspace.mjs';

/** The entries of all packages with types: package name plus path, and the source file. */
function typedEntries(packages) {
  return packages.flatMap(({ folder, manifest }) =>
    Object.entries(manifest.exports).flatMap(([path, conditions]) => {
      const types = conditions?.import?.types;
      if (types === undefined) return [];
      const source = join(folder, types.replace(/^\.\/dist\//, 'src/').replace(/\.d\.ts$/, '.ts'));
      if (!existsSync(source)) {
        throw new Error(`${manifest.name}: "exports" has ${types}, and there is no ${relative(root, source)}`);
      }
      return [{ name: manifest.name + path.slice(1), source }];
    }),
  );
}

/** The compiler's options: the workspace's own, with every package of it read from source instead of from `dist/`. */
function compilerOptions(entries) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  return {
    ...options,
    types: ['node'],
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    paths: Object.fromEntries(entries.map(({ name, source }) => [name, [source]])),
  };
}

/** The declarations of `source`, or throws with the compiler's reasons why it has none. */
function emitDeclarations(program, source) {
  let text;
  const file = program.getSourceFile(source);
  const { diagnostics } = program.emit(file, (_, written) => (text = written), undefined, true);
  if (diagnostics.length > 0 || text === undefined) {
    const host = { getCurrentDirectory: () => root, getCanonicalFileName: (name) => name, getNewLine: () => '\n' };
    throw new Error(`no declarations for ${relative(root, source)}\n${ts.formatDiagnostics(diagnostics, host)}`);
  }
  return text;
}

/** The text with its relative imports naming `.cjs`: TypeScript finds `.d.cts` behind them. */
function forCommonJs(text, imports) {
  return imports
    .filter(({ fileName }) => fileName.startsWith('.'))
    .sort((a, b) => b.pos - a.pos)
    .reduce((result, { pos, fileName }) => {
      const at = result.indexOf(fileName, pos);
      return result.slice(0, at) + fileName.replace(/\.js$/, '.cjs') + result.slice(at + fileName.length);
    }, text);
}

/** All declarations that users can reach, as paths in `dist/` and texts. */
function declarations(packages) {
  const entries = typedEntries(packages);
  const names = new Set(entries.map(({ name }) => name));
  const ambient = packages.flatMap(({ folder }) => filesIn(join(folder, 'src'), '.d.ts'));
  const options = compilerOptions(entries);
  const program = ts.createProgram([...entries.map(({ source }) => source), ...ambient], options);
  const written = new Map();
  const pending = entries.map(({ source }) => source);
  for (let source = pending.pop(); source !== undefined; source = pending.pop()) {
    const { folder } = packages.find((item) => source.startsWith(join(item.folder, 'src') + sep));
    const output = join(folder, 'dist', relative(join(folder, 'src'), source).replace(/\.ts$/, '.d.ts'));
    if (written.has(output)) continue;
    const text = emitDeclarations(program, source);
    const imports = ts.preProcessFile(text).importedFiles;
    written.set(output, text);
    written.set(output.replace(/\.ts$/, '.cts'), forCommonJs(text, imports));
    for (const { fileName } of imports) {
      if (fileName.startsWith('.')) {
        const next = join(dirname(source), fileName.replace(/\.js$/, '.ts'));
        if (!next.startsWith(join(folder, 'src') + sep) || !next.endsWith('.ts')) {
          throw new Error(
            `${relative(root, source)}: its declarations import ${fileName}, which is not published; name the type that is`,
          );
        }
        pending.push(next);
      } else if (fileName.startsWith('@bitnetmcu/') && !names.has(fileName)) {
        throw new Error(`${relative(root, source)}: its declarations import ${fileName}, which no exports map offers`);
      }
    }
  }
  return written;
}

function filesIn(folder, suffix) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true })
    .filter((name) => name.endsWith(suffix))
    .map((name) => join(folder, name));
}

function main() {
  const packages = publicPackages();
  const written = declarations(packages);
  for (const { folder } of packages) {
    const dist = join(folder, 'dist');
    for (const old of [...filesIn(dist, '.d.ts'), ...filesIn(dist, '.d.cts')]) if (!written.has(old)) rmSync(old);
  }
  for (const [path, text] of written) {
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  console.log(`types: ${written.size / 2} declaration files of ${packages.length} packages`);
}

try {
  main();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

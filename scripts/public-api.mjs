// The public interface of all packages, read from their sources: entries, the names that each exports, their docstrings and examples.
import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { publicPackages, root } from './workspace.mjs';

/** Entries that users import from: all paths of the exports maps with types but those under `internal`. */
export function publicEntries() {
  return publicPackages().flatMap(({ folder, manifest }) =>
    Object.entries(manifest.exports).flatMap(([path, conditions]) => {
      const types = conditions?.import?.types;
      if (types === undefined) return [];
      const source = join(folder, types.replace(/^\.\/dist\//, 'src/').replace(/\.d\.ts$/, '.ts'));
      if (!existsSync(source))
        throw new Error(`${manifest.name}: "exports" has ${types}, and there is no ${relative(root, source)}`);
      return [{ name: manifest.name + path.slice(1), source, isInternal: /^\.\/internal(\/|$)/.test(path) }];
    }),
  );
}

/** One program over the sources of all packages; `files` are further ones, by path, that exist in memory only. */
export function sourceProgram(entries, files = new Map()) {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.readFile = (path) => files.get(path) ?? readFile(path);
  host.getSourceFile = (path, language) =>
    files.has(path)
      ? ts.createSourceFile(path, files.get(path), language, true)
      : getSourceFile.call(host, path, language);
  return ts.createProgram(
    [...entries.map(({ source }) => source), ...files.keys()],
    {
      ...options,
      noUnusedLocals: false,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
      types: ['node'],
      paths: Object.fromEntries(entries.map(({ name, source }) => [name, [source]])),
    },
    host,
  );
}

/** All that an entry exports, types too. */
export function exportedNames(program, { source }) {
  const checker = program.getTypeChecker();
  return checker.getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(source))).map(({ name }) => name);
}

/** What an entry exports that exists at run time: name, docstring, examples. */
export function runtimeNames(program, { source }) {
  const checker = program.getTypeChecker();
  const module = checker.getSymbolAtLocation(program.getSourceFile(source));
  return checker.getExportsOfModule(module).flatMap((symbol) => {
    const [specifier] = symbol.declarations ?? [];
    const isTypeOnly =
      specifier && ts.isExportSpecifier(specifier) && (specifier.isTypeOnly || specifier.parent.parent.isTypeOnly);
    const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
    if (isTypeOnly || !(target.flags & ts.SymbolFlags.Value)) return [];
    const examples = target
      .getJsDocTags(checker)
      .filter((tag) => tag.name === 'example')
      .map((tag) => ts.displayPartsToString(tag.text).match(/```ts\n([\s\S]*?)```/)?.[1] ?? '');
    return [{ name: symbol.name, text: ts.displayPartsToString(target.getDocumentationComment(checker)), examples }];
  });
}

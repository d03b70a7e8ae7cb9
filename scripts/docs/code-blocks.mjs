// TypeScript and JavaScript in the documentation: every block as a module of its own, and names that are no user's.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { root } from '../workspace.mjs';

/** What the blocks speak of without making it, besides what earlier blocks of their file do. */
export const README_SURROUNDINGS = {
  trained: "import('@bitnetmcu/models').TrainedNetwork",
  graph: "import('@bitnetmcu/exporter').OnnxGraph",
  testImages: 'Uint8Array',
  testLabels: 'Uint16Array',
  otherSamples: 'Uint8Array',
  count: 'number',
};

/** What is not there. A block of JavaScript is not held to types, which it could not write down, but to this. */
const MISSING = new Set([2304, 2305, 2307, 2339, 2353, 2551, 2552, 2561, 2724]);

/** Whose subject is the source: functions by their files, limits by their constants. */
const ABOUT_SOURCES = ['architecture.md', 'limits.md'];

/** What users read: READMEs, docs/ and the notes of the next release. */
export function userDocuments() {
  const folders = ['', 'packages', 'examples'].flatMap((base) => [
    base,
    ...readdirSync(join(root, base), { withFileTypes: true })
      .filter((entry) => base !== '' && entry.isDirectory())
      .map(({ name }) => join(base, name)),
  ]);
  const readmes = [...folders, 'packages/mcu-runtime/c/fast', 'packages/mcu-runtime/simulator']
    .map((folder) => join(root, folder))
    .filter((folder) => readdirSync(folder).includes('README.md'))
    .map((folder) => join(folder, 'README.md'));
  const docs = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md') && !ABOUT_SOURCES.includes(name));
  const changes = readdirSync(join(root, '.changeset')).filter((name) => name.endsWith('.md'));
  const notes = changes.map((name) => join(root, '.changeset', name));
  return [...readmes, ...docs.map((name) => join(root, 'docs', name)), ...notes].map((path) => ({
    path: relative(root, path),
    text: readFileSync(path, 'utf8'),
  }));
}

/**
 * Modules of the blocks of a document, by where they stand: a block has what it declares, imports, or an earlier block of the document did.
 * @param surroundings types by name, for what none of them does
 */
export function blockModules({ path, text }, surroundings) {
  const modules = [];
  const origin = new Map();
  for (const match of text.matchAll(/^```(js|ts)\n([\s\S]*?)^```$/gm)) {
    const [, language, code] = match;
    const line = text.slice(0, match.index).split('\n').length;
    const name = `block-${path.replace(/[^\w]+/g, '-')}-${line}`;
    const { imported, declared } = topLevelNames(code);
    const own = new Set([...imported.keys(), ...declared]);
    const isUsed = (variable) => !own.has(variable) && new RegExp(`\\b${variable}\\b`).test(code);
    const taken = [...origin].filter(([variable]) => isUsed(variable));
    const around = Object.entries(surroundings).filter(([variable]) => isUsed(variable) && !origin.has(variable));
    const content = [
      code,
      ...taken.map(([variable, from]) => `import { ${variable} } from '${from}';`),
      ...around.map(([variable, type]) => `declare const ${variable}: ${type};`),
      `export { ${declared.join(', ')} };`,
    ];
    modules.push({ name, where: `${path}:${line}`, language, content: `${content.join('\n')}\n` });
    for (const [variable, from] of imported) origin.set(variable, from);
    for (const variable of declared) origin.set(variable, `./${name}.js`);
  }
  return modules;
}

/** What a block imports, with where from, and what it declares. */
function topLevelNames(code) {
  const imported = new Map();
  const declared = [];
  const bind = (name) => {
    if (ts.isIdentifier(name)) declared.push(name.text);
    else for (const element of name.elements) if (ts.isBindingElement(element)) bind(element.name);
  };
  for (const statement of ts.createSourceFile('block.ts', code, ts.ScriptTarget.Latest).statements) {
    if (ts.isImportDeclaration(statement)) {
      const bindings = statement.importClause?.namedBindings;
      if (bindings === undefined || !ts.isNamedImports(bindings)) continue;
      for (const { name } of bindings.elements) imported.set(name.text, statement.moduleSpecifier.text);
    } else if (ts.isVariableStatement(statement)) {
      for (const { name } of statement.declarationList.declarations) bind(name);
    } else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement)) bind(statement.name);
  }
  return { imported, declared };
}

/** Whether a diagnostic of a block is a mistake in its language. */
export function isMistake(language, { code, category }) {
  if (category !== ts.DiagnosticCategory.Error) return false;
  return language === 'ts' || MISSING.has(code) || code < 2000;
}

/** Files in backticks that are nowhere: neither beside the document, nor in a package or the C library, nor from the root. */
export function missingFiles({ path, text }) {
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name));
  const folders = [dirname(path), '', ...packages, join('packages', 'mcu-runtime', 'c')];
  return text
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(/`((?:src|test|scripts|packages|firmware|kernels)\/[\w./-]+\.[a-zA-Z]+)`/g)]
        .filter(([, file]) => !folders.some((folder) => existsSync(join(root, folder, file))))
        .map(([, file]) => `${path}:${index + 1}: there is no ${file}`),
    );
}

/**
 * Names in backticks that packages export to each other only.
 * @param isInternal whether a name is an export, of internal entries alone
 */
export function internalNames({ path, text }, isInternal) {
  return text
    .split('\n')
    .flatMap((line, index) =>
      [...line.matchAll(/`(?:new )?([A-Za-z]\w*)(?:\([^`]*\))?`/g)]
        .filter(([, name]) => isInternal(name))
        .map(([, name]) => `${path}:${index + 1}: ${name} is not public`),
    );
}

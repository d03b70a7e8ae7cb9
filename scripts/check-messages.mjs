// Messages of typed errors begin with a capital letter, unless with a name: of an option, a function, a file, a value.
//   node scripts/check-messages.mjs
// What a message begins with is read from its text; from a constant of the same file and from what calls pass for a parameter, where it begins with one.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { handWrittenFiles } from './count-lines.mjs';
import { root } from './workspace.mjs';

/** Errors of a package: `new ModelError(code, message)`. */
const TYPED = /^(?!(Type|Range|Syntax|Reference|Aggregate)Error)[A-Z]\w+Error$/;
/** A word as sentences have it; `inputScale`, `onnxruntime-node` and `--name` are names. */
const WORD = /^[a-z]+(?=[ ,:]|$)/;
/** Constants of constants, parameters of parameters. */
const DEEPEST = 6;

const sources = handWrittenFiles()
  .filter(({ path }) => /^packages\/[^/]+\/src\/.*\.ts$/.test(path))
  .map(({ path }) => ts.createSourceFile(path, readFileSync(join(root, path), 'utf8'), ts.ScriptTarget.Latest, true));
/** By name: what calls pass, how many functions there are, and what constants of a file are. */
const calls = new Map();
const functions = new Map();
const constants = new Map(sources.map((source) => [source, new Map()]));

for (const source of sources) {
  each(source, (node) => {
    if (ts.isCallExpression(node)) append(calls, node.expression.name?.text ?? node.expression.getText(), node);
    else if (node.parameters !== undefined) append(functions, nameOfFunction(node), node);
    else if (ts.isVariableDeclaration(node) && node.initializer && ts.isIdentifier(node.name)) {
      append(constants.get(source), node.name.text, node.initializer);
    }
  });
}
const problems = new Set();
for (const source of sources) {
  each(source, (node) => {
    if (!ts.isNewExpression(node) || !TYPED.test(node.expression.getText())) return;
    const message = node.arguments?.[1];
    if (message !== undefined) for (const begun of beginningsOf(message)) report(begun);
  });
}
for (const problem of [...problems].sort()) console.log(problem);
console.log(`${sources.length} sources, ${problems.size} messages of errors in lower case`);
process.exitCode = problems.size === 0 ? 0 : 1;

function report({ text, node }) {
  const word = WORD.exec(text)?.[0];
  if (word === undefined) return;
  const source = node.getSourceFile();
  const { line } = source.getLineAndCharacterOfPosition(node.getStart());
  problems.add(
    `${source.fileName}:${line + 1}: a message begins with "${word}"; begin with a capital letter, or with a name`,
  );
}

/** The texts that an expression may begin with, as far as the sources say them, and where they stand. */
function beginningsOf(node, depth = 0) {
  const of = (inner) => (depth < DEEPEST ? beginningsOf(inner, depth + 1) : []);
  if (ts.isStringLiteralLike(node)) return [{ text: node.text, node }];
  if (ts.isParenthesizedExpression(node)) return of(node.expression);
  if (ts.isConditionalExpression(node)) return [...of(node.whenTrue), ...of(node.whenFalse)];
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) return of(node.left);
  if (ts.isIdentifier(node)) return valuesOf(node).flatMap(of);
  if (!ts.isTemplateExpression(node)) return [];
  if (node.head.text !== '') return [{ text: node.head.text, node }];
  const [{ expression, literal }] = node.templateSpans;
  // A word by itself is a name, a sentence begins with more.
  return of(expression)
    .filter(({ text }) => /\s/.test(text))
    .map((begun) => ({ ...begun, text: begun.text + literal.text }));
}

/** What an identifier stands for: arguments of the calls where it is a parameter, else the constants of its name in the file. */
function valuesOf(identifier) {
  for (let scope = identifier.parent; scope !== undefined; scope = scope.parent) {
    const index = scope.parameters?.findIndex?.(({ name }) => name.getText() === identifier.text) ?? -1;
    if (index === -1) continue;
    return callsOf(scope).flatMap((call) => call.arguments[index] ?? []);
  }
  return constants.get(identifier.getSourceFile()).get(identifier.text) ?? [];
}

/** Calls of a function, where others have its name those within its block. */
function callsOf(called) {
  const name = nameOfFunction(called);
  const found = calls.get(name) ?? [];
  if (functions.get(name)?.length === 1) return found;
  const block = ts.findAncestor(called.parent, (node) => ts.isBlock(node) || ts.isSourceFile(node));
  return found.filter((call) => ts.findAncestor(call, (node) => node === block));
}

function nameOfFunction({ name, parent }) {
  return name?.getText() ?? (ts.isVariableDeclaration(parent) ? parent.name.getText() : '');
}

function each(node, visit) {
  visit(node);
  ts.forEachChild(node, (child) => each(child, visit));
}

function append(map, key, value) {
  if (map.has(key)) map.get(key).push(value);
  else map.set(key, [value]);
}

// A closed switch ends in an error: no `satisfies never` stands outside a throw, where a value that the type rules out would pass for another.
//   node scripts/check-closed-switches.mjs
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { capture, root } from './workspace.mjs';

const paths = capture('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.ts', '*.tsx'], {
  cwd: root,
}).split('\0');
let throwing = 0;
let passing = 0;

for (const path of paths.filter(Boolean)) {
  const text = readFileSync(join(root, path), 'utf8');
  if (!/\bsatisfies\s+never\b/.test(text)) continue;
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  visit(source, source);
}
console.log(`${throwing + passing} values that must not be, ${passing} of them let through`);
process.exitCode = passing === 0 ? 0 : 1;

function visit(node, source) {
  if (ts.isSatisfiesExpression(node) && node.type.kind === ts.SyntaxKind.NeverKeyword) {
    // A function in between is one that may never be called.
    const end = ts.findAncestor(node, (outer) => ts.isThrowStatement(outer) || ts.isFunctionLike(outer));
    if (end !== undefined && ts.isThrowStatement(end)) throwing++;
    else {
      passing++;
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      console.log(
        `${source.fileName}:${line + 1}: ${node.getText()} lets an unknown value through; throw unknownValue(what, ${node.expression.getText()})`,
      );
    }
  }
  ts.forEachChild(node, (child) => visit(child, source));
}

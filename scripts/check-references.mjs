// Looks for references to what is not there, in comments and documentation: files, sections of documents, names "in" a file.
//   node scripts/check-references.mjs
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);

/** Files that are spoken of and are not in the repository: users have them, or a command writes them. */
const ELSEWHERE = new Set([
  // of exported models and firmware
  'main.c',
  'board.h',
  'BitNetMCU_model.h', // of the original project
  'samples.h',
  'self_test.c',
  'model.h',
  'model.c',
  'library.json',
  'stdint-gcc.h',
  // written by the build
  'runtime-wasm.ts',
  'simulator-wasm.ts',
  'engine-wasm.ts',
  'ops.h',
  'activations.h',
  'parts.ts',
  'kernel-images.ts',
  // of TensorFlow
  'crc32c.h',
]);
const SOURCES = /\.(ts|mjs|js|c|h|S|cpp|ino)$/;
/** Written by programs, or not ours. */
const SKIPPED = /(^|\/)(generated|prebuilt|prebuilds|__fixtures__|CHANGELOG\.md)(\/|$)|^docs\/api\//;

const git = (...args) =>
  spawnSync('git', args, { encoding: 'utf8', maxBuffer: 1 << 26 })
    .stdout.split('\n')
    .filter(Boolean);
const tracked = git('ls-files', '--cached', '--others', '--exclude-standard');
const existing = new Set(tracked);
const byName = Map.groupBy ? Map.groupBy(tracked, (path) => basename(path)) : groupByName(tracked);
const folders = new Set(tracked.flatMap((path) => ancestors(path)));
const text = new Map();
const problems = [];

for (const path of tracked) {
  if (SKIPPED.test(path) || path === 'scripts/check-references.mjs') continue;
  if (path.endsWith('.md')) checkDocument(path);
  else if (SOURCES.test(path)) checkComments(path);
}
for (const problem of problems) console.log(problem);
console.log(problems.length === 0 ? 'Every reference leads somewhere.' : `${problems.length} references lead nowhere.`);
process.exitCode = problems.length === 0 ? 0 : 1;

/** Links of a document, relative to it, with their sections. */
function checkDocument(path) {
  const content = read(path).replace(/^```[\s\S]*?^```/gm, (block) => block.replace(/[^\n]/g, ' '));
  for (const match of content.matchAll(/\]\(([^)\s]+)\)/g)) {
    const [target, section] = match[1].split('#');
    if (/^[a-z]+:/.test(match[1])) continue;
    const file = target === '' ? path : normalize(join(dirname(path), target)).replace(/\/$/, '');
    const where = `${path}:${lineAt(content, match.index)}`;
    // What a package's README names outside of it is not in the package.
    const home = /^packages\/[^/]+\//.exec(path)?.[0];
    if (home && basename(path) === 'README.md' && !file.startsWith(home)) {
      problems.push(`${where}: ${match[1]} is outside of the published package; give its whole address`);
    }
    if (!existing.has(file) && !folders.has(file)) problems.push(`${where}: there is no file ${match[1]}`);
    else if (section && file.endsWith('.md') && !sectionsOf(file).has(section)) {
      problems.push(`${where}: ${file} has no section #${section}`);
    }
  }
}

function checkComments(path) {
  for (const { line, comment } of commentsOf(path)) {
    const where = `${path}:${line}`;
    if (/\bDESIGN\b/.test(comment)) problems.push(`${where}: there is no document DESIGN`);
    for (const [document, section] of matches(comment, /\bdocs\/([a-z-]+\.md)(?:#([a-z0-9-]+))?/g)) {
      if (!existing.has(`docs/${document}`)) problems.push(`${where}: there is no docs/${document}`);
      else if (section && !sectionsOf(`docs/${document}`).has(section)) {
        problems.push(`${where}: docs/${document} has no section #${section}`);
      }
    }
    for (const [reference] of matches(
      comment,
      /(?<![\w/<>@.$}-])((?:[\w@.-]+\/)*[\w*{},-]+\.(?:ts|mjs|c|h|S|def))(?![\w-]|\.\w)/g,
    )) {
      if (ELSEWHERE.has(basename(reference)) || isThere(reference, path)) continue;
      problems.push(`${where}: there is no file ${reference}`);
    }
    // "NAME in file.ts", "name() of file.h": a constant or a function that must be in that file.
    for (const [names, reference] of matches(
      comment,
      /(?<![*\w])((?:[A-Z][A-Z0-9]*_[A-Z0-9_]+|[A-Z]{4,}|\w+\(\))(?:(?:,| and) (?:[A-Z][A-Z0-9]*_[A-Z0-9_]+|[A-Z]{4,}|\w+\(\)))*) (?:in|of) ((?:[\w@.-]+\/)*[\w-]+\.(?:ts|mjs|c|h|S))\b/g,
    )) {
      const candidates = byName.get(basename(reference)) ?? [];
      for (const name of names.split(/, | and /)) {
        const bare = name.replace('()', '');
        if (candidates.length > 0 && !candidates.some((file) => new RegExp(`\\b${bare}\\b`).test(read(file)))) {
          problems.push(`${where}: ${reference} has no ${bare}`);
        }
      }
    }
  }
}

/** Whether a file that is spoken of exists: beside the speaker, in its package, or anywhere under that name. `*` stands for anything. */
function isThere(reference, speaker) {
  const beside = normalize(join(dirname(speaker), reference));
  if (existing.has(beside)) return true;
  const pattern = new RegExp(
    `(^|/)${reference
      .replace(/^(\.\.?\/)+/, '')
      .replace(/[.+]/g, '\\$&')
      .replace(/\*/g, '[^/]*')
      .replace(/\{([^}]*)\}/g, (_, names) => `(${names.replaceAll(',', '|')})`)}$`,
  );
  return tracked.some((path) => pattern.test(path)) || hasSuffix(reference);
}

/** `_thumb.S`: the end of a name. */
function hasSuffix(reference) {
  return reference.startsWith('_') && tracked.some((path) => path.endsWith(reference));
}

/** Comments with their first line; strings that look like comments are taken along, which does no harm. */
function* commentsOf(path) {
  const content = read(path);
  for (const match of content.matchAll(
    /\/\*[\s\S]*?\*\/|(?<![:'"`\w])\/\/[^\n]*|^#(?!include|define|if|el|end|pragma|un|error|!)[^\n]*/gm,
  )) {
    yield {
      line: lineAt(content, match.index),
      comment: match[0].replace(/\n\s*\*? ?/g, ' ').replace(/\$\{[^}]*\}[\w.-]*/g, ''),
    };
  }
}

/** The anchors of a document's headings, as GitHub makes them. */
function sectionsOf(path) {
  const headings = read(path).matchAll(/^#{1,6} +(.+)$/gm);
  return new Set(
    Array.from(headings, ([, heading]) =>
      heading
        .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}

function matches(content, pattern) {
  return Array.from(content.matchAll(pattern), (match) => match.slice(1));
}

function read(path) {
  if (!text.has(path)) text.set(path, readFileSync(path, 'utf8'));
  return text.get(path);
}

function lineAt(content, index) {
  return content.slice(0, index).split('\n').length;
}

function ancestors(path) {
  const found = [];
  for (let at = dirname(path); at !== '.'; at = dirname(at)) found.push(at);
  return found;
}

function groupByName(paths) {
  const groups = new Map();
  for (const path of paths) groups.set(basename(path), [...(groups.get(basename(path)) ?? []), path]);
  return groups;
}

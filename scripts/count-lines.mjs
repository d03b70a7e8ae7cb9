// Lines of hand-written code by package: TypeScript without tests, fixtures and generated files, and C with assembly.
//   node scripts/count-lines.mjs [--commit <commit>] [--json]
// Without --commit it counts the working tree, and shows how each count changed since the first of the recorded commits (line-counts.json).
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { capture, root } from './workspace.mjs';

const LANGUAGES = { ts: 'typescript', c: 'c', h: 'c', S: 'c', s: 'c', inc: 'c' };
/** Tests and what only they use, and measurements. */
const TESTS = /\.(test|check|bench)\.ts$|(^|\/)(test|testing|tests|__fixtures__|fixtures|bench)\//;
/** Declarations, data, and images that a compiler wrote. */
const NOT_HAND_WRITTEN = /\.d\.ts$|(^|\/)(conformance-data|prebuilt|generated)\//;
/** How a file opens that a program wrote. */
const GENERATED = /^\s*(\/\/|\/\*+|;|#)\s*(generated|made|written) (by|from)\b|\bdo not edit\b/i;

/**
 * The hand-written source files of all packages, without tests.
 * @param {string} [commit] of this commit; without it of the working tree
 * @returns {{ path: string, name: string, language: 'typescript' | 'c', lines: number }[]} `name` is the package's
 */
export function handWrittenFiles(commit) {
  return filesOfPackages(commit, (path) => !TESTS.test(path));
}

/** The same, and the tests with what only they use. */
export function handWrittenFilesAndTests() {
  return filesOfPackages(undefined, () => true);
}

/** Scripts of all folders of the working tree, the examples' and benchmarks' too: `{ path, lines }`. */
export function scripts() {
  return listed(['ls-files', '-z', '*.mjs', '*.cjs', '*.js', '*.mts']).flatMap((path) => {
    const text = readWorkingTree(path);
    return text === undefined ? [] : [{ path, lines: linesOf(text) }];
  });
}

/** Paths of a listing of Git that ends each with a zero. */
function listed(listing) {
  return capture('git', listing, { cwd: root })
    .split('\0')
    .filter((path) => path !== '');
}

function linesOf(text) {
  return text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
}

function filesOfPackages(commit, isWanted) {
  const paths = listed(
    commit === undefined ? ['ls-files', '-z', 'packages'] : ['ls-tree', '-rz', '--name-only', commit, 'packages'],
  );
  const counted = paths.filter(
    (path) => languageOf(path) !== undefined && !NOT_HAND_WRITTEN.test(path) && isWanted(path),
  );
  const texts = commit === undefined ? counted.map(readWorkingTree) : readCommit(commit, counted);
  return counted.flatMap((path, i) => {
    const text = texts[i];
    if (text === undefined || GENERATED.test(text.split('\n', 2).join('\n'))) return [];
    return [{ path, name: path.split('/')[1], language: languageOf(path), lines: linesOf(text) }];
  });
}

function languageOf(path) {
  return LANGUAGES[/\.(\w+)$/.exec(path)?.[1]];
}

/** The text of a tracked file, or undefined if it was deleted. */
function readWorkingTree(path) {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function readCommit(commit, paths) {
  const input = paths.map((path) => `${commit}:${path}\n`).join('');
  const { stdout } = spawnSync('git', ['cat-file', '--batch'], { cwd: root, input, maxBuffer: 2 ** 28 });
  let at = 0;
  return paths.map(() => {
    const header = stdout.indexOf('\n', at);
    const size = Number(stdout.toString('utf8', at, header).split(' ')[2]);
    at = header + 1 + size + 1;
    return stdout.toString('utf8', header + 1, header + 1 + size);
  });
}

/** Lines by language and package: `{ typescript: { quant: 1200, … }, c: { … } }`. */
export function countLines(files) {
  const counts = { typescript: {}, c: {} };
  for (const { name, language, lines } of files) counts[language][name] = (counts[language][name] ?? 0) + lines;
  return counts;
}

const total = (counts = {}) => Object.values(counts).reduce((sum, lines) => sum + lines, 0);

function print(counts, base) {
  const names = [...new Set([...Object.keys(counts.typescript), ...Object.keys(counts.c)])].sort();
  const cell = (now, before) => {
    const change =
      base === undefined || now === undefined ? '' : ` (${now >= before ? '+' : '−'}${Math.abs(now - before)})`;
    return `${now ?? '–'}${change}`.padStart(18);
  };
  console.log(`${'package'.padEnd(14)}${'TypeScript'.padStart(18)}${'C and assembly'.padStart(18)}`);
  for (const name of names) {
    const [typescript, c] = ['typescript', 'c'].map((language) =>
      cell(counts[language][name], base?.[language][name] ?? 0),
    );
    console.log(`${name.padEnd(14)}${typescript}${c}`);
  }
  const [typescript, c] = ['typescript', 'c'].map((language) => cell(total(counts[language]), total(base?.[language])));
  console.log(`${'all'.padEnd(14)}${typescript}${c}`);
}

function main() {
  const { values } = parseArgs({ options: { commit: { type: 'string' }, json: { type: 'boolean' } } });
  const counts = countLines(handWrittenFiles(values.commit));
  if (values.json) {
    console.log(JSON.stringify(counts, null, 2));
    return;
  }
  if (values.commit !== undefined) {
    print(counts);
    return;
  }
  const [base, ...earlier] = JSON.parse(readFileSync(join(root, 'scripts', 'line-counts.json'), 'utf8'));
  console.log(`Hand-written lines (in brackets: change since ${base.commit})`);
  print(counts, base.lines);
  for (const { commit, lines } of earlier) {
    console.log(`At ${commit}: ${total(lines.typescript)} of TypeScript, ${total(lines.c)} of C and assembly`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) main();

// The C that users get under cppcheck and its MISRA addon: the runtime with its fast kernels, what is exported of three models, the firmware around it.
//   node scripts/check-misra.mjs            exits with 1 where something is found that docs/misra.md does not list, or nothing of what it lists
//   node scripts/check-misra.mjs --all      prints what is found, listed or not
// Needs cppcheck, Python and a build. The addon has no texts of rules, which are licensed: it names them by number.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { MODELS } from '../packages/exporter/conformance/raw-values/cases.mjs';
import { firmwareProject } from '../packages/exporter/dist/node.js';
import { loadZooModel } from '../packages/models/dist/zoo.js';
import { isPresent } from './system-packages.mjs';
import { root } from './workspace.mjs';

const DEVIATIONS = join(root, 'docs', 'misra.md');
/** Fully connected, chain CNN, raw values: each for a board of its own. */
const EXPORTS = [
  { folder: 'fc-12k', kind: 'ch32v003', model: await loadZooModel('fc-12k') },
  { folder: 'cnn-64', kind: 'pico', model: await loadZooModel('cnn-64') },
  { folder: 'signal', kind: 'atmega328p', model: MODELS.signal },
];
/** Assembly is not C. */
const COMMON = [
  '--quiet',
  '--std=c99',
  '-U__ASSEMBLER__',
  '--template={file}:{line}:{column}:{severity}:{id}:{message}',
];
const AVR = ['-D__AVR__', '--platform=avr8'];
const OTHERS = ['--platform=unix32'];

const addon = [
  ...(existsSync('/usr/lib') ? readdirSync('/usr/lib').map((name) => join('/usr/lib', name)) : []),
  '/usr/share',
  '/usr/local/share',
]
  .map((path) => join(path, 'cppcheck', 'addons', 'misra.py'))
  .find((path) => existsSync(path));
if (addon === undefined || !isPresent('cppcheck')) {
  console.log('skipped: cppcheck with its addon misra.py is not installed (Debian: cppcheck)');
  process.exit(0);
}

const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-misra-'));
try {
  const found = await findAll();
  const listed = readDeviations(readFileSync(DEVIATIONS, 'utf8'));
  report(found, listed);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What cppcheck and the addon find, each once: `{ path, line, id, message }`, paths as docs/misra.md has them. */
async function findAll() {
  const runtime = join(root, 'packages', 'mcu-runtime');
  for (const name of ['src', 'fast', 'avr', 'include'])
    cpSync(join(runtime, 'c', name), join(folder, name), { recursive: true });
  cpSync(join(runtime, 'firmware'), join(folder, 'firmware'), { recursive: true });
  for (const { folder: name, kind, model } of EXPORTS) writeExport(name, kind, model);
  const includes = ['include', 'src', 'fast'].flatMap((name) => ['-I', join(folder, name)]);
  const models = EXPORTS.map(({ folder: name }) => join(folder, 'exported', name));
  const firmware = [...includes, ...models.flatMap((path) => ['-I', path]), '-I', join(folder, 'firmware')];
  const sets = [
    { flags: [...OTHERS, ...includes], paths: [join(folder, 'src'), join(folder, 'fast')] },
    { flags: [...AVR, ...includes, '-I', join(folder, 'avr')], paths: [join(folder, 'avr')] },
    { flags: [...OTHERS, ...firmware], paths: [join(folder, 'exported'), join(folder, 'firmware')] },
  ];
  // In all configurations; the addon sees the one without definitions, of AVR files that of AVR.
  const warnings = sets.map(({ flags, paths }) =>
    run('cppcheck', [...COMMON, '--enable=warning,performance,portability', ...flags, ...paths]),
  );
  const violations = sets.map(async ({ flags, paths }) => {
    await run('cppcheck', [...COMMON, '--dump', '--max-configs=1', ...flags, ...paths]);
    const dumps = paths.flatMap((path) => readdirSync(path, { recursive: true }).map((name) => join(path, name)));
    return run('python3', [addon, '--cli', ...dumps.filter((path) => path.endsWith('.dump'))]);
  });
  const texts = [
    ...(await Promise.all(warnings)).map(readWarnings),
    ...(await Promise.all(violations)).map(readViolations),
  ].flat();
  return [...new Map(texts.map((item) => [`${item.path}:${item.line}:${item.column}:${item.id}`, item])).values()];
}

/** Of a project what is generated for the model; the rest of it is in the folders of the runtime. */
function writeExport(name, kind, model) {
  const [height, width, channels] = [1, 1, 1].map((one, i) => model.input.shape[i] ?? one);
  const boards = new Set(readdirSync(join(folder, 'firmware'), { recursive: true }).map((path) => basename(path)));
  const samples = new Int8Array(height * width * channels);
  for (const { path, content } of firmwareProject(model, kind, samples).files) {
    const file = basename(path);
    if (!/\.[ch]$/.test(file) || file.startsWith('bnm') || boards.has(file)) continue;
    const target = join(folder, 'exported', name, file);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
  }
}

/** Standard output and error of a program that gives its findings there. */
function run(program, args) {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { cwd: folder });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
    child.on('error', failed);
    child.on('close', () => done(text));
  });
}

function readWarnings(text) {
  return text.split('\n').flatMap((line) => {
    const match = /^(.+?):(\d+):(\d+):\w+:(\w+):(.*)$/.exec(line);
    return match === null ? [] : [finding(match[1], match[2], match[3], match[4], match[5])];
  });
}

function readViolations(text) {
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    if (!line.startsWith('{')) throw new Error(`The MISRA addon says: ${text.slice(0, 2000)}`);
    const { file, linenr, column, errorId } = JSON.parse(line);
    return [finding(file, linenr, column, errorId.replace('c2012-', ''), '')];
  });
}

function finding(file, line, column, id, message) {
  return {
    path: relative(folder, join(folder, relative(folder, file))),
    line: Number(line),
    column: Number(column),
    id,
    message,
  };
}

/** Rows of the table: rule, where (`all`, or patterns of paths), why. */
function readDeviations(text) {
  return text.split('\n').flatMap((line) => {
    const [, rule, where, why] = line.split('|').map((cell) => cell.trim());
    if (!/^(\d+\.\d+|`\w+`)$/.test(rule ?? '')) return [];
    if (!where || !why) throw new Error(`docs/misra.md: where and why of ${rule} are missing: ${line}`);
    const patterns = where === 'all' ? ['*'] : [...where.matchAll(/`([^`]+)`/g)].map(([, pattern]) => pattern);
    return patterns.map((pattern) => ({ id: rule.replaceAll('`', ''), pattern }));
  });
}

/** `*` stands for any characters. */
function matches(path, pattern) {
  const text = pattern.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${text.join('.*')}$`).test(path);
}

function report(found, listed) {
  const used = new Set();
  const isListed = ({ id, path }) => {
    const rows = listed.filter((row) => row.id === id && matches(path, row.pattern));
    for (const row of rows) used.add(row);
    return rows.length > 0;
  };
  const unlisted = found.filter((item) => !isListed(item));
  const shown = process.argv.includes('--all') ? found : unlisted;
  for (const { path, line, column, id, message } of shown) console.log(`${path}:${line}:${column} ${id} ${message}`);
  const stale = listed.filter((row) => !used.has(row));
  for (const { id, pattern } of stale)
    console.log(`docs/misra.md lists ${id} in ${pattern}: nothing of it is found; remove it`);
  const files = new Set(found.map(({ path }) => path)).size;
  console.log(
    `${found.length} findings in ${files} files, ${found.length - unlisted.length} of them listed in docs/misra.md`,
  );
  if (unlisted.length > 0 || stale.length > 0) process.exitCode = 1;
}

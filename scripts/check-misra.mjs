// The C that users get under cppcheck and its MISRA addon: the runtime with its fast kernels, what is exported of three models, the firmware around it.
//   node scripts/check-misra.mjs            exits with 1 where something is found that docs/misra.md does not list, or nothing of what it lists
//   node scripts/check-misra.mjs --all      prints what is found, listed or not
// Needs cppcheck, Python and a build: without the first two it exits with 1 where CI=true, and elsewhere says that it is skipped. The addon has no texts of rules, which are licensed: it names them by number.
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
const missing = [
  ...(isPresent('cppcheck') ? [] : ['cppcheck']),
  ...(addon === undefined ? ['its addon misra.py'] : []),
  ...(isPresent('python3') ? [] : ['python3']),
];
if (missing.length > 0) {
  const isWanted = process.env.CI === 'true';
  console.log(
    `${isWanted ? '✗' : 'skipped:'} ${missing.join(', ')} not found; Debian's packages cppcheck and python3 have them`,
  );
  process.exit(isWanted ? 1 : 0);
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
  const exported = (isWanted) =>
    EXPORTS.filter(({ kind }) => isWanted(kind)).map(({ folder: name }) => join(folder, 'exported', name));
  const firmware = (flags, isWanted, ...shared) => {
    const included = [...exported(isWanted), join(folder, 'firmware')].flatMap((path) => ['-I', path]);
    const boards = foldersIn(join(folder, 'firmware')).filter((path) => isWanted(basename(path)));
    const others = shared.map((name) => join(folder, 'firmware', name));
    const serial = [
      join(folder, 'firmware', 'serial'),
      ...foldersIn(join(folder, 'firmware', 'cycles')).filter((path) => isWanted(basename(path))),
    ];
    return [
      { flags: [...flags, ...included], paths: [...exported(isWanted), ...boards, ...others] },
      // Without this definition there is nothing in them.
      { flags: [...flags, ...included, '-I', serial[0], '-DBNM_SERIAL'], paths: serial },
    ];
  };
  const avr = [...AVR, ...includes, '-I', join(folder, 'avr')];
  const others = [...OTHERS, ...includes];
  const sets = [
    { flags: others, paths: [join(folder, 'src'), join(folder, 'fast')] },
    { flags: avr, paths: [join(folder, 'avr')] },
    ...firmware(others, (name) => !isAvr(name), 'main.c', 'self_test.c', 'fault.c', 'memory.c'),
    ...firmware(avr, isAvr, 'main.c', 'self_test.c'),
  ];
  // In all configurations of a set; the addon sees the one without further definitions.
  const warnings = sets.map(async ({ flags, paths }) =>
    readWarnings(await cppcheck(['--force', '--enable=warning,performance,portability', ...flags, ...paths])),
  );
  // All come to their end before the folder is removed.
  const outcomes = await Promise.allSettled([...warnings, violationsOf(sets)]);
  const failed = outcomes.find(({ status }) => status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  const all = outcomes.flatMap(({ value }) => value);
  return [...new Map(all.map((item) => [`${item.path}:${item.line}:${item.column}:${item.id}`, item])).values()];
}

/** One set after another: a dump lies beside its file, and some files are in two sets. */
async function violationsOf(sets) {
  const violations = [];
  for (const { flags, paths } of sets) {
    const options = ['--dump', '--max-configs=1', '--suppress=toomanyconfigs', ...flags];
    violations.push(...readWarnings(await cppcheck([...options, ...paths])));
    const dumps = paths
      .flatMap((path) => (path.endsWith('.c') ? [`${path}.dump`] : filesIn(path)))
      .filter((path) => path.endsWith('.dump'));
    const { text } = await run('python3', [addon, '--cli', ...dumps]);
    violations.push(...dumps.flatMap(readTokens), ...readViolations(text));
    for (const dump of dumps) rmSync(dump);
  }
  return violations;
}

/** Boards, their counters and kinds of projects. */
function isAvr(name) {
  return /^at(mega|tiny)/.test(name) || name === 'avr';
}

/** Its folders, without those of files that kinds of boards share. */
function foldersIn(path) {
  const folders = readdirSync(path, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => join(path, name)).filter((one) => !/^(serial|cycles)$/.test(basename(one)));
}

function filesIn(path) {
  return readdirSync(path, { recursive: true }).map((name) => join(path, name));
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

/** Its standard output and error. With findings it exits with 0. @throws where it did not come to its end */
async function cppcheck(args) {
  const { text, code } = await run('cppcheck', [...COMMON, ...args]);
  if (code !== 0) throw new Error(`cppcheck exits with ${code}: ${text.slice(0, 2000)}`);
  return text;
}

/** Standard output and error of a program that gives its findings there. @throws where a signal ends it */
function run(program, args) {
  return new Promise((done, failed) => {
    const child = spawn(program, args, { cwd: folder });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
    child.on('error', failed);
    child.on('close', (code, signal) => {
      if (signal === null) done({ text, code });
      else failed(new Error(`${program} is ended by ${signal}: ${text.slice(0, 2000)}`));
    });
  });
}

function readWarnings(text) {
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    const match = /^(.+?):(\d+):(\d+):\w+:(\w+):(.*)$/.exec(line);
    if (match === null) throw new Error(`cppcheck says what is no finding: ${line.slice(0, 2000)}`);
    return [finding(match[1], match[2], match[3], match[4], match[5])];
  });
}

/** A finding for a file of which cppcheck has no tokens, and the addon nothing to check. */
function readTokens(dump) {
  if (readFileSync(dump, 'utf8').includes('<token ')) return [];
  return [finding(dump.replace(/\.dump$/, ''), 1, 1, 'noTokens', 'its dump has no tokens: no rule is checked')];
}

/** The addon exits with 1 where it finds something and where Python fails, which says so in lines that are no JSON. */
function readViolations(text) {
  return text.split('\n').flatMap((line) => {
    if (line === '') return [];
    if (!line.startsWith('{')) throw new Error(`The MISRA addon says: ${text.slice(0, 2000)}`);
    const { file, linenr, column, errorId } = JSON.parse(line);
    return [finding(file, linenr, column, errorId.replace('c2012-', ''), '')];
  });
}

function finding(file, line, column, id, message) {
  return { path: relative(folder, file), line: Number(line), column: Number(column), id, message };
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

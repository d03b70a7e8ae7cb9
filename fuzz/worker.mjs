// One child process: runs the cases of one parser that it is sent, and says before and after each of them where it is. It may be killed at any time.
//   node worker.mjs <parser> <seed>                  cases as messages { index }
//   node worker.mjs <parser> <seed> <case> <folder>  saves the files of one case without running it
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Random } from '@bitnetmcu/trainer';
import { judge } from './outcome.mjs';
import { keyOf, loadParser } from './parsers.mjs';

const [name, seed, savedCase, savedFolder] = process.argv.slice(2);
const parser = await loadParser(name);
const state = await parser.prepare();
const make = (index) => parser.make(Random.of(...keyOf(name, Number(seed), index)), state);

function write(files, folder) {
  for (const [file, content] of Object.entries(files)) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === 'string') symlinkSync(content, path);
    else writeFileSync(path, content);
  }
}

let late;
const onLate = (error) => {
  late = error instanceof Error ? `${error.stack}` : String(error);
};

async function runCase(index) {
  let files;
  try {
    files = make(index);
  } catch (error) {
    process.send({ done: index, failure: 'crash', detail: `the mutator itself: ${error.stack}`, seconds: 0, rss: 0 });
    return;
  }
  const folder = parser.onDisk ? mkdtempSync(join(tmpdir(), 'bitnetmcu-fuzz-')) : undefined;
  late = undefined;
  let result;
  let seconds = 0;
  try {
    if (folder !== undefined) {
      write(files, folder);
      process.chdir(folder);
    }
    // Making the case does not count; what the process holds because of it is the same for every parser.
    const { user, system } = process.cpuUsage();
    process.send({ started: index, cpu: (user + system) / 1e6 });
    try {
      await parser.run(files, state, folder, index);
      result = { accepted: true };
    } catch (error) {
      result = judge(error);
    }
    const used = process.cpuUsage({ user, system });
    seconds = (used.user + used.system) / 1e6;
    await new Promise((resolve) => setImmediate(resolve));
    if (late !== undefined) result = { failure: 'late', detail: late.slice(0, 3000) };
  } finally {
    if (folder !== undefined) {
      process.chdir('/');
      rmSync(folder, { recursive: true, force: true });
    }
  }
  process.send({ done: index, seconds, rss: process.memoryUsage.rss(), ...result });
}

if (savedCase !== undefined) {
  write(make(Number(savedCase)), savedFolder);
} else {
  process.on('uncaughtException', onLate);
  process.on('unhandledRejection', onLate);
  process.on('message', ({ index }) => runCase(index));
  process.send({ ready: true });
}

// Runs cases in a child process that is watched from outside: a case that takes too much processor time or memory is ended with its process,
// and the next one gets a new process.
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('./worker.mjs', import.meta.url));
export const LIMITS = { cpuSeconds: 5, wallSeconds: 120, rssBytes: 1e9 };
/** A process that holds this much between two cases is replaced, so that one case does not pay for those before it. */
const RECYCLED_BYTES = 4e8;
const POLL_MS = 100;
/** Of the clock of /proc; 100 on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;

/** Processor seconds and resident bytes of a process; undefined where the system does not tell. */
function usage(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'latin1')
      .replace(/^.*\) /, '')
      .split(' ');
    return { cpu: (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND, rss: Number(fields[21]) * 4096 };
  } catch {
    return undefined;
  }
}

/** Runs the cases with these numbers, calling `onResult` for each. */
export async function runCases(parser, seed, indices, onResult) {
  const queue = [...indices];
  while (queue.length > 0) await runInOneProcess(parser, seed, queue, onResult);
}

function runInOneProcess(parser, seed, queue, onResult) {
  const child = spawn(process.execPath, ['--max-old-space-size=1500', WORKER, parser, `${seed}`], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, npm_config_registry: 'http://127.0.0.1:9/', NO_COLOR: '1' },
  });
  let errors = '';
  child.stderr.on('data', (chunk) => {
    errors = (errors + chunk).slice(-3000);
  });
  return new Promise((resolve, reject) => {
    let current;
    let peak = 0;
    let ended = false;
    const next = () => {
      if (queue.length === 0) {
        ended = true;
        child.kill('SIGKILL');
        return;
      }
      current = { index: queue[0], cpu: undefined, wall: Date.now() };
      child.send({ index: current.index });
    };
    const finish = (result) => {
      queue.shift();
      const { index } = current;
      current = undefined;
      onResult({ index, rss: peak, ...result });
      peak = 0;
    };
    const kill = (failure, detail) => {
      finish({ failure, detail, seconds: LIMITS.cpuSeconds });
      ended = true;
      child.kill('SIGKILL');
    };
    const poll = setInterval(() => {
      if (current === undefined) return;
      const found = usage(child.pid);
      peak = Math.max(peak, found?.rss ?? 0);
      const cpu = found === undefined || current.cpu === undefined ? 0 : found.cpu - current.cpu;
      const wall = (Date.now() - current.wall) / 1000;
      if (cpu > LIMITS.cpuSeconds) kill('slow', `over ${LIMITS.cpuSeconds} s of processor time`);
      else if (wall > LIMITS.wallSeconds) kill('slow', `over ${LIMITS.wallSeconds} s, ${cpu} s of them processor time`);
      else if (peak > LIMITS.rssBytes) kill('memory', `${Math.round(peak / 1e6)} MB`);
    }, POLL_MS);
    child.on('message', (message) => {
      if (ended) return;
      if (message.ready) next();
      else if (message.started !== undefined) current.cpu = message.cpu;
      else if (message.done !== undefined) {
        peak = Math.max(peak, message.rss);
        const { refused, accepted, failure, detail, seconds } = message;
        const tooSlow = !failure && seconds > LIMITS.cpuSeconds;
        const tooLarge = !failure && peak > LIMITS.rssBytes;
        const extra = tooSlow
          ? { failure: 'slow', detail: `${seconds} s` }
          : tooLarge
            ? { failure: 'memory', detail: `${Math.round(peak / 1e6)} MB` }
            : {};
        finish({ refused, accepted, failure, detail, seconds, ...extra });
        if (message.rss > RECYCLED_BYTES) {
          ended = true;
          child.kill('SIGKILL');
        } else next();
      }
    });
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearInterval(poll);
      if (!ended && current !== undefined)
        finish({ failure: 'crash', detail: `${signal ?? `exit code ${code}`}\n${errors}` });
      else if (!ended) return reject(new Error(`The worker of ${parser} ended before its first case:\n${errors}`));
      resolve();
    });
  });
}

/** Writes the files of one case into a folder. */
export function saveCase(parser, seed, index, folder) {
  mkdirSync(folder, { recursive: true });
  const child = spawn(process.execPath, [WORKER, parser, `${seed}`, `${index}`, folder], { stdio: 'ignore' });
  return new Promise((resolve) => child.on('close', resolve));
}

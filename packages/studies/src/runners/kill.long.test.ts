// kill -9 at random moments, of children and of the process that has them: no run that ended is lost, none is made twice, and unfinished ones repeat at
// most the epoch they were in. The end is the same as without.
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Random } from '@bitnetmcu/trainer';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readRecords } from '../records/read-records.js';
import { comparable } from '../run/comparable-record.js';
import { stripedConfig, writeStripedFiles } from '../testing/striped-files.js';

const program = join(import.meta.dirname, '..', 'testing', 'run-study.mjs');
const KILLS = 16;

let folder = '';
let study = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-kill-'));
  const base = { ...stripedConfig(writeStripedFiles(folder, 4000, 200), { epochs: 150 }), engine: 'wasm' };
  study = join(folder, 'study.json');
  writeFileSync(study, JSON.stringify({ name: 'killed', base, seeds: 8 }));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Said {
  readonly key?: string;
  readonly epoch?: number;
  readonly ended?: string;
  readonly known?: boolean;
  readonly status?: string;
}

function start(
  records: string,
  onSaid: (said: Said) => void = () => {},
): { child: ChildProcess; done: Promise<number | null> } {
  const child = spawn(process.execPath, [program, study, records, '2'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let rest = '';
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop()!;
    for (const line of lines) onSaid(JSON.parse(line) as Said);
  });
  return { child, done: new Promise((resolve) => child.on('close', resolve)) };
}

function childrenOf(pid: number): number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${pid}/children`, 'ascii').trim().split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

const isAlive = (pid: number) =>
  existsSync(`/proc/${pid}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'ascii'));

it.skipIf(!existsSync('/proc/self/task'))('kill -9 of children and of their parent', { timeout: 600_000 }, async () => {
  const calm = join(folder, 'calm');
  expect(await start(calm).done).toBe(0);
  const wanted = readRecords(calm).map(comparable);

  const records = join(folder, 'killed');
  const random = new Random(11);
  /** By run: the epochs that it was seen in. */
  const furthest = new Map<string, number>();
  const ended = new Set<string>();
  let repeated: string[] = [];
  let parents = 0;
  for (let kills = 0, code: number | null = null; code !== 0; ) {
    const { child, done } = start(records, ({ key, epoch, ended: how, known }) => {
      if (key === undefined) return;
      if (epoch !== undefined) {
        // The first that a start, or a child after another one, says of a run.
        if (epoch < (furthest.get(key) ?? 0)) repeated = [...repeated, `${key}: ${epoch} after ${furthest.get(key)}`];
        furthest.set(key, Math.max(epoch, furthest.get(key) ?? 0));
      }
      if (how === undefined) return;
      expect(how).toBe('finished');
      if (known) return;
      expect(ended.has(key), 'a run that had ended was made again').toBe(false);
      ended.add(key);
    });
    let isOver = false;
    void done.then(() => {
      isOver = true;
    });
    while (!isOver && kills < KILLS) {
      await setTimeout(100 + random.nextBelow(600));
      const victims = childrenOf(child.pid!);
      if (victims.length === 0) continue;
      kills++;
      if (kills % 3 !== 2) {
        process.kill(victims[random.nextBelow(victims.length)]!, 'SIGKILL');
        continue;
      }
      parents++;
      child.kill('SIGKILL');
      await done;
      // Orphans end by themselves.
      for (let waited = 0; victims.some(isAlive); waited += 50) {
        expect(waited, 'a child outlives its parent').toBeLessThan(20_000);
        await setTimeout(50);
      }
    }
    code = await done;
  }
  // A fast machine may be done before all of them.
  expect(parents).toBeGreaterThan(1);
  expect(repeated).toEqual([]);
  const found = readRecords(records);
  const byKey = (all: readonly object[]) =>
    [...all].sort((a, b) => ((a as { key: string }).key < (b as { key: string }).key ? -1 : 1));
  expect(byKey(found.map(comparable))).toEqual(byKey(wanted));
  const lines = readFileSync(join(records, 'records.jsonl'), 'utf8').trim().split('\n');
  expect(lines).toHaveLength(8);
});

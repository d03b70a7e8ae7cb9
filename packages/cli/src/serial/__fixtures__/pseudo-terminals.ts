// Programs behind pseudo terminals, by Python's standard library: Node has none of its own.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

const file = (name: string) => fileURLToPath(new URL(name, import.meta.url));

/** Why there are none here; undefined where there are. */
export function noTerminals(): string | undefined {
  if (process.platform === 'win32') return 'Windows has no pseudo terminals';
  return spawnSync('python3', ['--version']).status === 0 ? undefined : 'python3 is not installed';
}

/** Gives functions that start boards and give the path of their port; what they start ends with the file's tests. */
export function boards() {
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const { pid } of children) if (pid !== undefined) process.kill(-pid);
  });
  function start(args: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      // A group of its own, for the program behind it is to end with it.
      const child = spawn('python3', args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
      children.push(child);
      child.on('error', reject);
      child.stdout!.once('data', (path: Buffer) => resolve(path.toString().trim()));
    });
  }
  return {
    /** Says what it is told to. */
    fake: (identity: string, ...answers: readonly string[]) => start([file('fake_board.py'), identity, ...answers]),
    /** Firmware in the simulator. */
    simulated: (part: string, image: string) =>
      start([file('board.py'), process.execPath, file('simulated-board.mjs'), part, image]),
  };
}

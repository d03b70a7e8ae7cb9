// A redis-server of a bench's own: append-only file on, on loopback.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout } from 'node:timers/promises';

/** @param folder where it keeps its files, and finds them again */
export async function startRedis(port, folder) {
  const options = ['--port', port, '--bind', '127.0.0.1', '--dir', folder, '--save', '', '--appendonly', 'yes'];
  const child = spawn('redis-server', options.map(String));
  let said = '';
  child.stdout.on('data', (text) => {
    said += text;
  });
  while (!said.includes('Ready to accept connections')) {
    if (child.exitCode !== null) throw new Error(said);
    await setTimeout(10);
  }
  return child;
}

export function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

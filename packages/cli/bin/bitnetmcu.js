#!/usr/bin/env node
// The command `bitnetmcu`. Everything it does is in src/; this file only starts it.
import { EXIT_CODES, main } from '../dist/index.js';

// `bitnetmcu … | head` closes the pipe early: nobody reads any more, which is no error.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

const exitCode = await main(process.argv.slice(2));
const streams = [process.stdin, process.stdout, process.stderr];
if (exitCode === EXIT_CODES.hungUp && streams.some(({ isTTY }) => isTTY)) {
  // Everything is saved, and the terminal is gone. Node would abort, because it cannot give it its settings back; the signal itself ends
  // the process with the same exit code.
  process.kill(process.pid, 'SIGHUP');
}
process.exitCode = exitCode;

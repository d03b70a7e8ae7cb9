#!/usr/bin/env node
// The command `bitnetmcu`. Everything it does is in src/; this file only starts it.
import { main } from '../dist/index.js';

// `bitnetmcu … | head` closes the pipe early: nobody reads any more, which is no error.
process.stdout.on('error', (error) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

process.exitCode = await main(process.argv.slice(2));

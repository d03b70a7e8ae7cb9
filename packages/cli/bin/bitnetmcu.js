#!/usr/bin/env node
// The command `bitnetmcu`. Everything it does is in src/; this file only starts it.
import { main } from '../dist/index.js';

process.exitCode = await main(process.argv.slice(2));

// A study in a process of its own, for tests that kill it: `node run-study.mjs <study.json> <records> <processes>`. Says as JSON lines which child
// processes it has, how far runs are and which ended. Uses the built package, as users do.
import { readFileSync } from 'node:fs';
import { createLocalPool, openRecords, parseStudy, runStudy } from '../../dist/index.js';

const [file, folder, processes] = process.argv.slice(2);
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
const records = openRecords(folder);
// A machine with much to do lets a test kill a process several times before it gets anywhere.
const runner = createLocalPool({ processes: Number(processes), attempts: 50 });
const { status } = await runStudy(parseStudy(JSON.parse(readFileSync(file, 'utf8'))), {
  records,
  runner,
  onProgress: ({ key }, { epoch }) => say({ key, epoch }),
  onEnd: ({ key, record, known }) => say({ key, ended: record.status, known }),
});
await runner.close();
records.close();
say({ status });

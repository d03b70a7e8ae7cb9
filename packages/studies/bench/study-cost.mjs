// What a run costs the process of the study, whoever trains it: its key, its record, its model, on the disk. The runner gives a finished run at once.
//   node bench/study-cost.mjs [--runs 400] [--output bench/results/study-cost.json]
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createLocalPool, openRecords, parseStudy, runStudy } from '@bitnetmcu/studies';

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '400' }, output: { type: 'string' } },
});
const runs = Number(values.runs);
const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-study-cost-'));
const records = openRecords(folder);
const base = { network: 'fc-1k', epochs: 10 };
const pool = createLocalPool({ processes: 1 });
try {
  const [real] = (await runStudy(parseStudy({ name: 'one', base }), { records, runner: pool })).runs;
  const model = new Uint8Array(3000);
  const runner = {
    parallel: 64,
    async run({ key, request }) {
      const own = model.slice();
      own.set(Buffer.from(key.slice(0, 32)));
      const record = { ...real.record, key, request, model: createHash('sha256').update(own).digest('hex') };
      return { record, model: own };
    },
    async close() {},
  };
  const study = parseStudy({ name: 'many', base, seeds: Array.from({ length: runs }, (_, i) => 1000 + i) });
  const [cpu, started] = [process.cpuUsage(), performance.now()];
  await runStudy(study, { records, runner });
  const { user, system } = process.cpuUsage(cpu);
  const result = {
    command: `node bench/study-cost.mjs ${process.argv.slice(2).join(' ')}`.trim(),
    date: new Date().toISOString().slice(0, 10),
    machine: `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores, Node ${process.versions.node}`,
    load: loadavg()[0],
    runs,
    processorMillisecondsOfARun: Number(((user + system) / 1000 / runs).toFixed(2)),
    millisecondsOfARun: Number(((performance.now() - started) / runs).toFixed(2)),
  };
  console.log(JSON.stringify(result, null, 2));
  if (values.output) writeFileSync(values.output, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  await pool.close();
  records.close();
  rmSync(folder, { recursive: true });
}

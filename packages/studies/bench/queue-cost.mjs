// What a run costs on a queue: bytes in Redis and on the network, commands. Runs of fc-1k, on noise with the sizes of MNIST's test part.
//   node bench/queue-cost.mjs [--runs 20] [--epochs 10] [--output bench/results/queue-cost.json]
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createQueueRunner, parseStudy, startWorker } from '@bitnetmcu/studies';
import { RunExecutor } from '@bitnetmcu/studies/internal';
import { Redis } from 'ioredis';
import { freePort, startRedis } from './redis.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '20' },
    epochs: { type: 'string', default: '10' },
    output: { type: 'string' },
  },
});
const [SIDE, CLASSES, TRAIN, TEST] = [28, 10, 1000, 10_000];
const work = mkdtempSync(join(tmpdir(), 'bitnetmcu-queue-cost-'));
const port = await freePort();
const url = `redis://127.0.0.1:${port}`;
const server = await startRedis(port, work);
const client = new Redis(url);

const runs = await requests();
const runner = await createQueueRunner({ redis: url });
const done = Promise.all(runs.map((run) => runner.run(run)));
await setTimeout(1000);
const job = await mean(runs.map(({ key }) => `bitnetmcu:runs:run-${key}`));
const before = await counters();
const worker = await startWorker({ redis: url, jobs: 1, unfinished: join(work, 'unfinished') });
const outcomes = await done;
const after = await counters();
const outcome = await mean(runs.map(({ key }) => `bitnetmcu:outcome:run-${key}`));
const of = (name) => Math.round((after[name] - before[name]) / runs.length);
const result = {
  command: `node bench/queue-cost.mjs ${process.argv.slice(2).join(' ')}`.trim(),
  date: new Date().toISOString().slice(0, 10),
  machine: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} cores, Node ${process.versions.node}`,
  runs: runs.length,
  epochs: Number(values.epochs),
  secondsOfARun: Number((outcomes.reduce((sum, { record }) => sum + record.seconds, 0) / runs.length).toFixed(2)),
  bytesOfAWaitingJob: job,
  bytesOfAnOutcome: outcome,
  bytesOfAModel: outcomes[0].model.length,
  commandsOfARun: of('total_commands_processed'),
  bytesToRedisOfARun: of('total_net_input_bytes'),
  bytesFromRedisOfARun: of('total_net_output_bytes'),
  /** Of its processor; what the queue can do a second is limited by it. */
  redisMillisecondsOfARun: Number(((1000 * (after.cpu - before.cpu)) / runs.length).toFixed(2)),
};
console.log(JSON.stringify(result, null, 2));
if (values.output) writeFileSync(values.output, `${JSON.stringify(result, null, 2)}\n`);
await runner.close();
await worker.stop();
client.disconnect();
server.kill('SIGKILL');
rmSync(work, { recursive: true });

async function requests() {
  const write = (name, count) => {
    const images = join(work, `${name}-images.idx`);
    const labels = join(work, `${name}-labels.idx`);
    writeFileSync(
      images,
      idx([count, SIDE, SIDE], (i) => (i * 2_654_435_761) >>> 24),
    );
    writeFileSync(
      labels,
      idx([count], (i) => i % CLASSES),
    );
    return [images, labels];
  };
  const [trainImages, trainLabels] = write('train', TRAIN);
  const [testImages, testLabels] = write('test', TEST);
  const data = { kind: 'idx', trainImages, trainLabels, testImages, testLabels };
  const base = { network: 'fc-1k', data, epochs: Number(values.epochs), engine: 'wasm' };
  const study = parseStudy({ name: 'cost', base, seeds: Number(values.runs), targets: ['ch32v003'], test: true });
  const executor = new RunExecutor();
  return Promise.all(
    study.seeds.map(async (seed) => {
      const { targets, test, configurations } = study;
      const request = { config: { ...configurations[0].config, seed }, targets, test };
      return { key: await executor.keyOf(request), request };
    }),
  );
}

function idx(dimensions, byteAt) {
  const count = dimensions.reduce((product, size) => product * size, 1);
  const header = Buffer.alloc(4 + 4 * dimensions.length);
  header.set([0, 0, 8, dimensions.length]);
  for (const [i, size] of dimensions.entries()) header.writeUInt32BE(size, 4 + 4 * i);
  return Buffer.concat([header, Uint8Array.from({ length: count }, (_, i) => byteAt(i))]);
}

/** Bytes that keys take of Redis' memory. */
async function mean(keys) {
  const sizes = await Promise.all(keys.map((key) => client.memory('USAGE', key, 'SAMPLES', '0')));
  return Math.round(sizes.reduce((sum, size) => sum + (size ?? 0), 0) / keys.length);
}

async function counters() {
  const text = `${await client.info('stats')}\r\n${await client.info('cpu')}`;
  const all = Object.fromEntries(text.split('\r\n').map((line) => [line.split(':')[0], Number(line.split(':')[1])]));
  return { ...all, cpu: all.used_cpu_user + all.used_cpu_sys };
}

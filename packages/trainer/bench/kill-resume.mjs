// Kills a training process with SIGKILL at random moments, resumes it each time, and compares the final weights and optimizer
// state with those of a run that nobody disturbed. Usage: node bench/kill-resume.mjs [kills] [config as JSON]
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createTrainingRun, readCheckpoint, resumeTrainingRun } from '../dist/index.js';

const self = fileURLToPath(import.meta.url);
const [mode, ...rest] = process.argv.slice(2);

if (mode === 'child') await train(JSON.parse(rest[0]));
else await compare(Number(mode ?? 5), JSON.parse(rest[0] ?? '{"epochs":20}'));

/** What is killed: begins, or resumes where the checkpoint in the output folder ends. */
async function train(config) {
  const checkpoint = join(config.output, 'checkpoint.bnc');
  const run = existsSync(checkpoint) ? await resumeTrainingRun(checkpoint) : await createTrainingRun(config);
  process.stdout.write('training\n');
  await run.run();
  await run.close();
}

async function compare(kills, config) {
  const folder = mkdtempSync(join(tmpdir(), 'bitnetmcu-kill-'));
  try {
    const undisturbed = { ...config, output: join(folder, 'undisturbed') };
    const started = performance.now();
    await child(undisturbed);
    const duration = performance.now() - started;
    const killed = { ...config, output: join(folder, 'killed') };
    for (let kill = 1; kill <= kills; kill++) {
      // A share of what is left, so that every kill hits a run that is still at work.
      const done = epochsDone(killed) / epochsDone(undisturbed);
      const delay = (0.3 + 0.7 * Math.random()) * duration * ((1 - done) / (kills - kill + 1));
      await child(killed, delay);
      console.log(
        `kill ${kill} after ${Math.round(delay)} ms of training: ${epochsDone(killed)} epochs in the checkpoint`,
      );
    }
    await child(killed);
    const [expected, found] = [digest(undisturbed), digest(killed)];
    console.log(`undisturbed ${expected}\nkilled ${kills}×    ${found}`);
    console.log(expected === found ? 'identical to the bit' : 'DIFFERENT');
    process.exitCode = expected === found ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Runs a child to its end, or kills it `delay` ms after it began to train. */
function child(config, delay) {
  return new Promise((resolve, reject) => {
    const process = spawn(globalThis.process.execPath, [self, 'child', JSON.stringify(config)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let timer;
    process.stdout.once('data', () => {
      if (delay !== undefined) timer = setTimeout(() => process.kill('SIGKILL'), delay);
    });
    process.on('error', reject);
    process.on('exit', (code, signal) => {
      clearTimeout(timer);
      if (code === 0 || signal === 'SIGKILL') resolve();
      else reject(new Error(`the training process ended with ${signal ?? `code ${code}`}`));
    });
  });
}

function epochsDone({ output }) {
  const checkpoint = join(output, 'checkpoint.bnc');
  return existsSync(checkpoint) ? readCheckpoint(checkpoint).epoch : 0;
}

/** SHA-256 over all parameters and the whole optimizer state. */
function digest({ output }) {
  const { network, state, epoch } = readCheckpoint(join(output, 'checkpoint.bnc'));
  const hash = createHash('sha256').update(String(epoch));
  for (const views of [network.parameters, state]) {
    for (const key of Object.keys(views).sort()) hash.update(key).update(new Uint8Array(views[key].buffer));
  }
  return hash.digest('hex');
}

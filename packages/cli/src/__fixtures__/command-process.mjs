// Runs the built command for one call after the other: what `runWarm` of run-cli.ts starts.
import { main } from '../../dist/index.js';

const home = process.cwd();

process.on('message', async ({ args, cwd, environment }) => {
  process.chdir(cwd);
  const before = { ...process.env };
  Object.assign(process.env, environment);
  const written = { stdout: '', stderr: '' };
  const output = (name) => ({
    write: (text) => {
      written[name] += text;
    },
  });
  const exitCode = await main(args, { stdout: output('stdout'), stderr: output('stderr') });
  // A folder in which a process is cannot be removed everywhere.
  process.chdir(home);
  for (const name of Object.keys(environment)) {
    if (name in before) process.env[name] = before[name];
    else delete process.env[name];
  }
  process.send({ exitCode, ...written });
});
process.on('disconnect', () => process.exit());

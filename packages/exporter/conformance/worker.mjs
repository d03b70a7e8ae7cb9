// One process of random-networks.mjs: gets a range of networks and says what was compared and what differs.
import { compareAll, conformanceJob } from './compare.mjs';
import { cImplementations, exportedImplementations, portableImplementations, simulators } from './implementations.mjs';

const [cache] = process.argv.slice(2);
const everywhere = [...portableImplementations(), ...cImplementations(cache)];
const exported = exportedImplementations(cache);
const simulated = simulators();

/** How long each implementation took, for whoever wants to make it quicker. */
async function timed(implementation, jobs, report) {
  const before = performance.now();
  report.differences.push(...(await compareAll(implementation, jobs)));
  const seconds = (performance.now() - before) / 1000;
  report.implementations[implementation.name] = { networks: jobs.length, seconds };
}

process.on('message', async ({ seed, first, end, exportedEnd, exportTargets, simulatedEnd }) => {
  const report = { networks: end - first, implementations: {}, differences: [] };
  const jobs = Array.from({ length: end - first }, (_, i) => conformanceJob(seed, first + i));
  for (const implementation of everywhere) await timed(implementation, jobs, report);
  const exportedJobs = jobs.slice(0, Math.max(0, exportedEnd - first));
  const simulatedJobs = jobs.slice(0, Math.max(0, simulatedEnd - first));
  if (exportedJobs.length > 0) {
    // `one`: each range for another target, which is a third of the compiler's work.
    const targets =
      exportTargets === 'all' ? exported : [exported[Math.floor(first / (end - first)) % exported.length]];
    for (const implementation of targets) await timed(implementation, exportedJobs, report);
  }
  if (simulatedJobs.length > 0)
    for (const implementation of simulated) await timed(implementation, simulatedJobs, report);
  process.send(report);
});
process.send('ready');

// The workers that are there, by their names among the clients of Redis: where each is, and how many runs it makes at a time.
import type { Queue } from 'bullmq';

/** Such names are without spaces. */
export function clientName(name: string, jobs: number): string {
  return `${name.replace(/[^\w.-]/g, '-')}-x${jobs}`;
}

/** How many runs a worker of that name makes at a time; 1 of a name that does not say it. */
export function jobsOfWorker(name: string): number {
  return Number(/-x(\d{1,5})$/.exec(name)?.[1] ?? 1);
}

/** Names of the workers of a queue, sorted. */
export async function workersOf(queue: Queue): Promise<readonly string[]> {
  const clients = await queue.getWorkers();
  // BullMQ puts the queue before a worker's name.
  return clients.map(({ rawname = '' }) => rawname.replace(/^.*:w:/, '')).sort();
}

// What is on a queue, for people.
import { visibleText } from '@bitnetmcu/models/internal';
import { type DeadLetter, jobsOfWorker, type QueueStatus } from '@bitnetmcu/studies/internal';
import { count } from './quantities.js';
import type { Styles } from './styled-text.js';

const SHORT_KEY = 12;
const MOST_WORKERS = 20;

export function queueText(queue: QueueStatus, styles: Styles): string {
  const { address, workers, waiting, active, delayed, failed, deadLetters } = queue;
  const lines = [
    `${styles.bold(address)}: ${workersText(workers)}`,
    `${count(waiting)} runs wait, ${count(active)} are under way, ${count(delayed)} are tried again later, ${count(failed)} failed`,
    ...deadLetters.map((letter) => `${styles.red('✗')} ${letterText(letter)}`),
  ];
  if (failed > deadLetters.length) lines.push(`and ${count(failed - deadLetters.length)} before these`);
  return lines.join('\n');
}

function workersText(workers: readonly string[]): string {
  if (workers.length === 0) return 'no workers; `bitnetmcu worker --redis` starts one';
  const jobs = workers.reduce((sum, name) => sum + jobsOfWorker(name), 0);
  const names = workers.slice(0, MOST_WORKERS).map((name) => `\n  ${visibleText(name)}`);
  const more = workers.length > MOST_WORKERS ? `\n  and ${count(workers.length - MOST_WORKERS)} more` : '';
  const runs = jobs === 1 ? '1 run' : `${count(jobs)} runs`;
  return `${workers.length === 1 ? '1 worker' : `${count(workers.length)} workers`}, ${runs} at a time${names.join('')}${more}`;
}

function letterText({ id, key, seed, reason, attempts, worker, message }: DeadLetter): string {
  const name = key === undefined ? visibleText(id) : key.slice(0, SHORT_KEY);
  const parts = [
    ...(seed === undefined ? [] : [`seed ${seed}`]),
    ...(reason === undefined ? [] : [visibleText(reason)]),
    `tried ${attempts === 1 ? 'once' : `${attempts} times`}`,
    ...(worker === undefined ? [] : [`last on ${visibleText(worker)}`]),
  ];
  return `${name} (${parts.join(', ')}): ${visibleText(message.split('\n')[0]!)}`;
}

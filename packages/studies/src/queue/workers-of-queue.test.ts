import { expect, it } from 'vitest';
import { clientName, jobsOfWorker } from './workers-of-queue.js';

it('says where a worker is and how many runs it makes at a time', () => {
  expect(clientName('lab one 4711', 16)).toBe('lab-one-4711-x16');
  expect(jobsOfWorker('lab-one-4711-x16')).toBe(16);
});

it('counts a worker of another version as one run', () => {
  expect(jobsOfWorker('lab-one-4711')).toBe(1);
  expect(jobsOfWorker('')).toBe(1);
});

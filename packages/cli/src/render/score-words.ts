// A score of a training in the words of its task.
import type { Task } from '@bitnetmcu/models/internal';
import type { Score } from '@bitnetmcu/trainer';
import { describeScore } from '@bitnetmcu/trainer/internal';
import { percent } from './quantities.js';

/** "97.20 %", "R² 0.913". */
export function scoreText(task: Task, score: Score): string {
  return task === 'classification' ? percent(score.accuracy) : describeScore(task, score);
}

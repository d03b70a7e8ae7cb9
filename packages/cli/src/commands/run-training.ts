// Runs a training with progress on the terminal, and says where an interrupted one stands.
import { taskOf, visibleText } from '@bitnetmcu/models/internal';
import type { RunResult, TrainingRun } from '@bitnetmcu/trainer';
import { withInterrupt } from '../interrupt.js';
import { TrainingProgress } from '../render/progress.js';
import { shellPath } from '../render/shell-word.js';
import type { Terminal } from '../terminal.js';

/** Trains with progress on the terminal; the first Ctrl-C saves and ends the run, the second one quits. */
export async function runTraining(
  run: TrainingRun,
  terminal: Terminal,
): Promise<{ result: RunResult; seconds: number }> {
  const { epochs } = run.config;
  const { kind, simd, threads } = run.engine;
  terminal.note(
    terminal.colors.dim(
      `Training on ${visibleText(run.dataset.name)} with the ${kind} engine (${simd}, ${threads} ${threads === 1 ? 'thread' : 'threads'}), Ctrl-C saves and stops`,
    ),
  );
  const progress = new TrainingProgress(terminal, epochs, taskOf(run.trainedNetwork().spec));
  const started = performance.now();
  const result = await withInterrupt(terminal, 'Stopping and saving … (Ctrl-C again quits at once)', (signal) =>
    run.run({
      signal,
      onProgress: (value) => progress.progress(value),
      onEpoch: (metrics) => progress.epochEnded(metrics),
    }),
  );
  terminal.clearStatus();
  return { result, seconds: (performance.now() - started) / 1000 };
}

/** Says where an interrupted run stands and how to go on: `command` followed by the checkpoint. */
export function reportInterruption(
  terminal: Terminal,
  result: Extract<RunResult, { status: 'interrupted' }>,
  command = 'bitnetmcu train --resume',
): void {
  const { checkpoint, epoch, step } = result;
  const resume = checkpoint === undefined ? undefined : `${command} ${shellPath(checkpoint)}`;
  terminal.printJson({ status: 'interrupted', epochsCompleted: epoch, stepsIntoEpoch: step, checkpoint, resume });
  terminal.note(`Stopped in epoch ${epoch + 1}, step ${step}.`);
  terminal.note(
    resume === undefined ? 'Nothing was saved: the run has no output folder.' : `Saved. Go on with\n  ${resume}`,
  );
}

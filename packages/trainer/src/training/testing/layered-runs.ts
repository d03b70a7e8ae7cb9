// Short runs of a network with two layers on the compiled engine, for actions.
import type { CompiledEngine } from '../../engine/create-engine.js';
import { createEngine } from '../../engine/create-engine.js';
import type { EpochAction } from '../actions/epoch-action.js';
import type { TrainingConfigInput } from '../config.js';
import type { CreateRunOptions } from '../create-run.js';
import { create, resume, runUntil } from './striped-runs.js';

export type Actions = NonNullable<TrainingConfigInput['actions']>;
type Network = Exclude<NonNullable<TrainingConfigInput['network']>, string>;

export const layered = (format: '4bitsym' | '8bit' | 'Ternary' | '4bit', second = format): Network => ({
  name: 'layered',
  input: { shape: [36] },
  layers: [
    { type: 'linear', name: 'fc1', outputs: 12, bias: true, weights: { format } },
    { type: 'activation', name: 'act', function: 'relu' },
    { type: 'linear', name: 'fc2', outputs: 2, weights: { format: second } },
  ],
});

let engine: CompiledEngine | undefined;

/** A run of 6 epochs; `see` is told of the network at the end of every epoch, before validation. */
export async function layeredRun(
  actions: Actions,
  change: TrainingConfigInput = {},
  see?: EpochAction,
  options: CreateRunOptions = {},
) {
  engine ??= await createEngine({ kind: 'wasm' });
  return create(
    { network: layered('8bit'), epochs: 6, learningRate: 0.01, ...change, ...(actions.length > 0 && { actions }) },
    { engine, ...(see && { actions: [see] }), ...options },
  );
}

export async function finishedRun(...given: Parameters<typeof layeredRun>) {
  const run = await layeredRun(...given);
  await run.run();
  return run;
}

/** What a run that is interrupted at a report ends with. */
export async function interrupted(actions: Actions, change: TrainingConfigInput, reports: number) {
  const stopped = await runUntil(await layeredRun(actions, change), reports);
  if (stopped.status !== 'interrupted') throw new Error(`finished before report ${reports}`);
  const again = await resume(stopped.checkpoint!, { engine: engine! });
  await again.run();
  return { checkpoint: again.checkpoint(), epoch: stopped.epoch, history: again.history };
}

// What a pool and its child processes say to each other.
import type { Progress } from '@bitnetmcu/trainer';
import type { ExecutedRun } from '../run/run-executor.js';
import type { FailedRun } from '../run/run-record.js';
import type { KeyedRequest } from './runner.js';

export type ToChild =
  | { readonly type: 'run'; readonly run: KeyedRequest; readonly unfinished: string | undefined }
  /** Keep the run that is under way, and stop. */
  | { readonly type: 'stop' };

export type FromChild =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly progress: Progress }
  /** So many epochs are done and kept. */
  | { readonly type: 'epoch'; readonly epochs: number }
  /** Resident bytes, where the system does not tell the pool. */
  | { readonly type: 'memory'; readonly bytes: number }
  | ({ readonly type: 'finished' } & ExecutedRun)
  | ({ readonly type: 'failed' } & Pick<FailedRun, 'reason' | 'message' | 'code'>)
  | { readonly type: 'stopped' };

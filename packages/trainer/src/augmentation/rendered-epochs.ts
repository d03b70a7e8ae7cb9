// The augmented copies of a run's epochs, kept for the next run that wants the same ones: of one seed and data set, whatever the network.
import type { RenderPlan } from './render.js';

/** For one run at a time. */
export class RenderedEpochs {
  #plan: RenderPlan | undefined;
  readonly #epochs = new Map<number, Uint8Array>();
  #left: number;

  /** @param most bytes kept: the first epochs of a run, as many as fit; 0: none */
  constructor(private readonly most: number) {
    this.#left = most;
  }

  /** The copies of an epoch, where they were kept. Nobody writes into them. */
  find(plan: RenderPlan, epoch: number): Uint8Array | undefined {
    return this.#plan && areSame(this.#plan, plan) ? this.#epochs.get(epoch) : undefined;
  }

  /** Copies the bytes where there is room; what was kept of another plan is forgotten. */
  keep(plan: RenderPlan, epoch: number, bytes: Uint8Array): void {
    if (!this.#plan || !areSame(this.#plan, plan)) {
      this.#epochs.clear();
      this.#left = this.most;
    }
    this.#plan = plan;
    if (bytes.length > this.#left) return;
    this.#left -= bytes.length;
    this.#epochs.set(epoch, bytes.slice());
  }
}

/** Whether two plans give the same bytes: images and their numbers are the same arrays where runs share them. */
function areSame(a: RenderPlan, b: RenderPlan): boolean {
  return (
    a.source.bytes === b.source.bytes &&
    a.numbers === b.numbers &&
    a.seed === b.seed &&
    a.count === b.count &&
    a.height === b.height &&
    a.width === b.width &&
    JSON.stringify(a.spec) === JSON.stringify(b.spec)
  );
}

// Cuts synchronous engine work into pieces short enough that timers, signals and input are served in between.

/** Length aimed at: short enough for a smooth progress bar, long enough that the event loop costs nothing. */
const CHUNK_MILLISECONDS = 25;

/** Remembers how fast units of work are done and says how many fit into one chunk. */
export class ChunkSize {
  #units = 1;

  constructor(private readonly most: number) {}

  get units(): number {
    return this.#units;
  }

  /** Grows at most fourfold a time: the first chunks run cold. */
  measured(units: number, milliseconds: number): void {
    const fitting = Math.floor((units * CHUNK_MILLISECONDS) / Math.max(milliseconds, 0.01));
    this.#units = Math.min(this.most, Math.max(1, Math.min(fitting, this.#units * 4)));
  }
}

/**
 * Calls `work(from, to)` over [from, to) in chunks; between chunks everything else that waits gets its turn.
 * Stops early where `work` returns false.
 */
export async function inChunks(
  from: number,
  to: number,
  size: ChunkSize,
  work: (from: number, to: number) => boolean | undefined,
): Promise<void> {
  for (let at = from; at < to; ) {
    const end = Math.min(to, at + size.units);
    const started = performance.now();
    if (work(at, end) === false) return;
    size.measured(end - at, performance.now() - started);
    at = end;
    await new Promise(setImmediate);
  }
}

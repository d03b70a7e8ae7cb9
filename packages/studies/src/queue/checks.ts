// Looks at what is waited for, in case an event was lost: a few at a time and one after another, so that Redis has little to do with it however much waits.

/** Of one round. */
const MOST_OF_A_ROUND = 16;

export class Checks {
  /** Whose turn it is next. */
  #turns: string[] = [];
  /** How many may still be looked at. */
  #left = 0;
  #isUnderWay = false;

  /**
   * @param ids what is waited for now
   * @param look never rejected
   */
  constructor(
    private readonly ids: () => string[],
    private readonly look: (id: string) => Promise<void>,
  ) {}

  /** A few, in turn; none where a round is under way. */
  some(): void {
    if (this.#isUnderWay) return;
    this.#left = MOST_OF_A_ROUND;
    void this.#round();
  }

  /** All of them: events of any may have been lost. */
  all(): void {
    this.#turns = this.ids();
    this.#left = this.#turns.length;
    if (!this.#isUnderWay) void this.#round();
  }

  async #round(): Promise<void> {
    this.#isUnderWay = true;
    if (this.#turns.length === 0) this.#turns = this.ids();
    for (; this.#left > 0; this.#left--) {
      const id = this.#turns.shift();
      if (id === undefined) break;
      await this.look(id);
    }
    this.#isUnderWay = false;
  }
}

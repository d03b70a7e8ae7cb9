// What a search found out besides its trainings, kept in the folder of records: prices of networks, and scores on the test part.
import { createHash } from 'node:crypto';
import type { NetworkSpec } from '@bitnetmcu/models';
import { z } from 'zod';
import { KeptValues } from '../records/kept-values.js';
import { canonicalJson } from '../run/canonical-json.js';
import { packageVersions } from '../run/run-key.js';
import type { NetworkCosts, SearchBudget } from './budget.js';

const PRICES_FILE = 'prices.jsonl';
const SCORES_FILE = 'test-scores.jsonl';

const amount = z.number().min(0);
const costsSchema = z.strictObject({
  fits: z.boolean(),
  kernels: z.string(),
  weightBytes: amount,
  flashBytes: amount,
  ramBytes: amount,
  cycles: amount.optional(),
  milliseconds: amount.optional(),
});
/** Null: the network has no integers. */
const priceSchema = costsSchema.nullable();
const scoreSchema = z.strictObject({ accuracy: z.number() });

/** What is priced: a network that is not trained, or the SHA-256 of a model. */
type Priced = { readonly network: NetworkSpec } | { readonly model: string };

export class FoundBefore {
  readonly #prices: KeptValues<typeof priceSchema>;
  readonly #scores: KeptValues<typeof scoreSchema>;

  /** @throws StudyError `invalid-records` naming file and line; ModelError `file-error` */
  constructor(folder: string) {
    this.#prices = new KeptValues(folder, PRICES_FILE, priceSchema);
    try {
      this.#scores = new KeptValues(folder, SCORES_FILE, scoreSchema);
    } catch (error) {
      this.#prices.close();
      throw error;
    }
  }

  /**
   * Costs within a budget, by which kernels are chosen; simulated where they are not known.
   * @returns undefined where the network has no integers
   */
  async price(
    what: Priced,
    budget: SearchBudget,
    find: () => Promise<NetworkCosts | undefined>,
  ): Promise<NetworkCosts | undefined> {
    const key = hashOf({ ...what, budget, versions: packageVersions() });
    const known = this.#prices.find(key);
    if (known !== undefined) return known ?? undefined;
    const found = await find();
    this.#prices.keep(key, found ?? null);
    return found;
  }

  /** The score of a model (by its SHA-256) on a test part, which is looked at once. */
  async testScore(model: string, dataset: string, judge: () => Promise<number>): Promise<number> {
    const key = hashOf({ model, dataset });
    const known = this.#scores.find(key);
    if (known !== undefined) return known.accuracy;
    const accuracy = await judge();
    this.#scores.keep(key, { accuracy });
    return accuracy;
  }

  close(): void {
    this.#prices.close();
    this.#scores.close();
  }
}

function hashOf(value: object): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex');
}

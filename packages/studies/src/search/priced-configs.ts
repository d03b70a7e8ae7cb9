// Points of the space that keep the budget: each priced before it is trained, and made narrower where it is too dear.
import { setImmediate } from 'node:timers/promises';
import { ExporterError } from '@bitnetmcu/exporter';
import { ModelError, type NetworkSpec } from '@bitnetmcu/models';
import type { Dataset } from '@bitnetmcu/trainer';
import type { Genes } from '../samplers/space.js';
import { type NetworkCosts, type SearchBudget, violationOf } from './budget.js';
import { estimateCosts } from './cost-model.js';
import type { FoundBefore } from './found-before.js';
import type { SearchedConfigs } from './searched-configs.js';
import { withRawInput } from './smallest-part.js';

/** Factors of all widths that are priced, each after the other where that breaks the budget. */
const WIDTHS = [1, 0.7, 0.5, 0.35];

export class PricedConfigs {
  /** By network: a recipe costs nothing on the part. */
  readonly #costs = new Map<string, Promise<NetworkCosts | undefined>>();

  constructor(
    private readonly configs: SearchedConfigs,
    private readonly budget: SearchBudget,
    private readonly data: Pick<Dataset, 'raw' | 'frontEnd'>,
    private readonly foundBefore: Pick<FoundBefore, 'price'>,
  ) {}

  /**
   * The configuration of a point within the budget; undefined where narrower networks break it as well, or it cannot be priced: it has no integers.
   * @param goOn asked before every price, which takes a while; throws where the search is to end
   */
  async config(genes: Genes, goOn: () => void = () => undefined): Promise<ReturnType<SearchedConfigs['config']>> {
    for (const width of WIDTHS) {
      // Signals of the process and of its timers come in between.
      await setImmediate();
      goOn();
      const config = this.configs.config(genes, width);
      if (config === undefined) return undefined;
      const costs = await this.costsOf(config.network);
      if (costs === undefined) return undefined;
      if (violationOf(costs, this.budget) === 0) return config;
    }
    return undefined;
  }

  /** Estimated, once a network; undefined where it has no integers. */
  costsOf(network: NetworkSpec): Promise<NetworkCosts | undefined> {
    const key = JSON.stringify(network);
    const costs = this.#costs.get(key) ?? this.#price(withRawInput(network, this.data));
    this.#costs.set(key, costs);
    return costs;
  }

  #price(network: NetworkSpec): Promise<NetworkCosts | undefined> {
    return this.foundBefore.price({ network }, this.budget, () =>
      estimateCosts(network, this.budget).catch(withoutIntegers),
    );
  }
}

function withoutIntegers(error: unknown): undefined {
  if (!ExporterError.isInstance(error) && !ModelError.isInstance(error)) throw error;
}

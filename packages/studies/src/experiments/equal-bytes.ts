// Networks of one family that take as much flash as another network.
import { type NetworkSpecInput, parseNetworkSpec, summarizeSpec } from '@bitnetmcu/models';

/** Of packed weights. */
export function weightBytes(network: NetworkSpecInput): number {
  return summarizeSpec(parseNetworkSpec(network)).total.bytes;
}

const WIDEST = 1024;

/** The largest width whose network takes no more bytes of packed weights than `limit` does, or than that many; at least 1. */
export function widestAtBytes(
  limit: NetworkSpecInput | number,
  networkOf: (width: number) => NetworkSpecInput,
): number {
  const most = typeof limit === 'number' ? limit : weightBytes(limit);
  let [low, high] = [1, WIDEST];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (weightBytes(networkOf(middle)) <= most) low = middle;
    else high = middle - 1;
  }
  return low;
}

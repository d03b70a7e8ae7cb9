// The message for a name that nothing has.
import { nearestName } from '@bitnetmcu/quant';

/** @param what in the singular: `target` */
export function unknownName(what: string, name: string, known: readonly string[]): string {
  return `There is no ${what} ${JSON.stringify(name)}; did you mean ${JSON.stringify(nearestName(name, known))}? Known: ${known.join(', ')}.`;
}

// The gate of a learned clipping scalar in the state of a network: 1 while the optimizer moves it, 0 once it is frozen.

const ENDING = '.gate';

/** The key of the gate in `TrainableNetwork.state`, from the key of the clipping scalars in `parameters`. */
export function clipGateName(clipName: string): string {
  return `${clipName}${ENDING}`;
}

/** Whether this key of `TrainableNetwork.state` is a gate's; those of other things end otherwise. */
export function isClipGate(key: string): boolean {
  return key.endsWith(ENDING);
}

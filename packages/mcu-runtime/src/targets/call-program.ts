// Inferences of linked firmware: its function called with samples in its own static input.
import type { Program, ProgramSymbol } from '../sim/program.js';
import type { DeviceRun } from './device.js';
import { findSimulationTarget, type SimulationTargetName } from './simulation-targets.js';

const MORE_FLASH = 1024;
const MORE_RAM = 4096;

/**
 * Runs the function `name` of firmware as its self-test calls it: with the self-test's static `input`, which holds each of `samples` in turn, and `logits`.
 * Initialized data stand in RAM as start-up code leaves them.
 * @throws SimulatorError `unknown-symbol`, `run-failed`
 */
export async function callInferences(
  target: SimulationTargetName,
  program: Program,
  name: string,
  samples: readonly Int8Array[],
): Promise<readonly DeviceRun[]> {
  const { createDevice, flashBytes, ramBytes } = findSimulationTarget(target);
  const image = { program, references: [], dispatchers: new Set<string>(), dispatcherStack: 0 };
  // The program may be one with a few bytes more than the part has room for, and its stack may run into static data there.
  const device = await createDevice(image, { flashBytes: flashBytes + MORE_FLASH, ramBytes: ramBytes + MORE_RAM });
  const [input, logits] = [addressOf(program, 'input'), addressOf(program, 'logits')];
  return samples.map((sample) => {
    device.writeRam(input, new Uint8Array(sample.buffer, sample.byteOffset, sample.length));
    return device.call(name, [input, logits]);
  });
}

/** Static variables of functions have a number behind their name. */
function addressOf({ symbols }: Program, name: string): number {
  const isIt = (symbol: ProgramSymbol) => symbol.name === name || symbol.name.startsWith(`${name}.`);
  const found = symbols.find((symbol) => symbol.kind === 'object' && isIt(symbol));
  if (found === undefined) throw new Error(`the firmware has no static variable ${name}`);
  return found.address;
}

// What the command says of itself, and what to type first.

const STEPS: readonly (readonly [command: string, what: string])[] = [
  ['bitnetmcu train iris.csv', 'a network from your own table, pictures or signals'],
  ['bitnetmcu demo', 'everything once, on MNIST, in about two minutes'],
  ['bitnetmcu train --preset fc-1k --epochs 5', 'a first network on MNIST'],
  ['bitnetmcu infer runs/fc-1k/model.bnm 42', 'what it makes of test sample 42'],
  ['bitnetmcu zoo', 'trained models, usable as zoo:<name> wherever a model is wanted'],
  ['bitnetmcu doctor', 'what this machine has'],
];

/** @param columns of the terminal: on a narrow one explanations stand below their commands */
export function welcome(columns: number): string {
  const width = Math.max(...STEPS.map(([command]) => command.length)) + 2;
  const beside = Math.max(...STEPS.map(([, what]) => what.length)) + width + 2 <= columns;
  const lines = STEPS.map(([command, what]) =>
    beside ? `  ${command.padEnd(width)}${what}` : `  ${command}\n      ${what}`,
  );
  return `Low-bit neural networks for the smallest microcontrollers: train, export C, verify bit for bit.\n\nFirst steps\n${lines.join('\n')}`;
}

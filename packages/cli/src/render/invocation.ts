// How users call the command: after `npm install` in a project only `npx bitnetmcu` is found, and hints have to say what works.

/** `npx bitnetmcu` where npx called it, `pnpm exec bitnetmcu` where pnpm did, else `bitnetmcu`. */
export function invocationOf(environment: Readonly<Record<string, string | undefined>>): string {
  if (environment.npm_command !== 'exec') return 'bitnetmcu';
  return environment.npm_config_user_agent?.startsWith('pnpm/') ? 'pnpm exec bitnetmcu' : 'npx bitnetmcu';
}

/** Commands in a text as they are to be typed: those in backticks, and those that a line or a column begins with. */
export function withInvocation(text: string, invocation: string): string {
  return invocation === 'bitnetmcu' ? text : text.replace(/(^ +|`| {2,})bitnetmcu (?=[a-z-])/gm, `$1${invocation} `);
}

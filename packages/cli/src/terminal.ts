// Where a command writes: results to standard output, everything else to standard error; with --json only one JSON document on standard output.
// Whatever is written goes through here and reaches the terminal as visible text: of control characters only our own styles and line feeds.
import { visibleJson, visibleText } from '@bitnetmcu/models/internal';
import type { Interruption } from './interrupt.js';
import { invocationOf, withInvocation } from './render/invocation.js';
import { createStyles, type Styles, terminalText, unstyled } from './render/styled-text.js';

/** The part of a stream that the command needs. */
export interface Output {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface TerminalOptions {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly json: boolean;
  readonly verbose: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** How to leave room in a terminal whose width is not known. */
const DEFAULT_COLUMNS = 80;

export class Terminal {
  readonly json: boolean;
  readonly verbose: boolean;
  /** Whether progress may be redrawn in place. */
  readonly isInteractive: boolean;
  readonly columns: number;
  readonly colors: Styles;
  /** How the command was called: `npx bitnetmcu` by npx. Hints that are printed say so. */
  readonly invocation: string;
  readonly #stdout: Output;
  readonly #stderr: Output;
  /** The signal that ends the command. */
  interruptedBy: Interruption | undefined;
  #statusShown = false;

  constructor({ stdout, stderr, json, verbose, environment }: TerminalOptions) {
    this.#stdout = stdout;
    this.#stderr = stderr;
    this.json = json;
    this.verbose = verbose;
    this.invocation = invocationOf(environment);
    this.isInteractive = stderr.isTTY === true && environment.CI === undefined && environment.TERM !== 'dumb';
    const shown = json ? stderr : stdout;
    this.columns = Math.max(40, shown.columns ?? DEFAULT_COLUMNS);
    const colored =
      environment.FORCE_COLOR !== undefined ||
      (shown.isTTY === true && environment.NO_COLOR === undefined && environment.TERM !== 'dumb');
    this.colors = createStyles(colored);
  }

  /** Whether somebody is there to answer a question. */
  get canAsk(): boolean {
    return this.isInteractive && !this.json && process.stdin.isTTY === true;
  }

  /** A line of the result for people; silent under --json. */
  print(text = ''): void {
    if (this.json) return;
    this.clearStatus();
    this.#stdout.write(`${terminalText(withInvocation(text, this.invocation))}\n`);
  }

  /** The result for programs; silent without --json. */
  printJson(value: unknown): void {
    if (!this.json) return;
    this.clearStatus();
    this.#stdout.write(`${visibleJson(value, 2)}\n`);
  }

  /** A line about what is going on, on standard error. */
  note(text: string): void {
    this.clearStatus();
    this.#stderr.write(`${terminalText(withInvocation(text, this.invocation))}\n`);
  }

  /** As `note`, only with --verbose. */
  detail(text: string): void {
    if (this.verbose) this.note(this.colors.dim(text));
  }

  /** Redraws the status line (interactive terminals only), cut to the terminal's width. */
  status(text: string): void {
    if (!this.isInteractive) return;
    const width = (this.#stderr.columns ?? DEFAULT_COLUMNS) - 1;
    const shown = unstyled(text).length > width ? unstyled(text).slice(0, width) : text;
    this.#stderr.write(`\r\u001b[2K${terminalText(visibleText(shown))}`);
    this.#statusShown = true;
  }

  clearStatus(): void {
    if (!this.#statusShown) return;
    this.#stderr.write('\r\u001b[2K');
    this.#statusShown = false;
  }
}

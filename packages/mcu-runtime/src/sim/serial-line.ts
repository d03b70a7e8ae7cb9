// The other end of a serial port: what firmware receives, and who gets what it sends as it is sent.

/** What a serial port receives when its input is over (EOT): firmware that reads ends by it. */
const END_OF_INPUT = 4;

/** Whoever is at the other end. Bytes come when the program looks for them: none is ever lost. */
export interface SerialLine {
  /** The next byte, or undefined where there is none yet. */
  receive(): number | undefined;
  /** Called with each byte that the program sends. */
  send?(byte: number): void;
}

/** A line from which these bytes come, then END_OF_INPUT for ever. */
export function lineOf(input: Uint8Array): SerialLine {
  let next = 0;
  return { receive: () => input[next++] ?? END_OF_INPUT };
}

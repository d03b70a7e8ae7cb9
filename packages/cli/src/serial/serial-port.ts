// A serial port as a file: opened, set by `stty`, read line by line. No module of native code is needed for it; Windows has no stty.
import { execFile } from 'node:child_process';
import { closeSync, constants, fstatSync, openSync, readdirSync, writeSync } from 'node:fs';
import { resolve } from 'node:path';
import { ReadStream } from 'node:tty';
import { visibleText } from '@bitnetmcu/models/internal';
import { CliError } from '../errors.js';

/** What boards' adapters are called in /dev, on Linux and macOS. */
const ADAPTERS = /^(ttyUSB|ttyACM|cu\.usb|cu\.wchusb)/;
/** A line is never longer: what comes behind is dropped. */
const MOST_CHARACTERS = 1 << 16;
const RETRY_MILLISECONDS = 5;
/** So long a port may take nothing. */
const STUCK_MILLISECONDS = 1000;
/** Of what came, in messages. */
const SHOWN_CHARACTERS = 60;

const wait = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));

/** An open port. */
export class SerialPort {
  readonly path: string;
  readonly #descriptor: number;
  readonly #stream: ReadStream;
  #text = '';
  #last = '';
  readonly #lines: string[] = [];
  #bytes = 0;
  #gone = false;
  /** Ends the wait of `line`. */
  #wake: (() => void) | undefined;

  private constructor(path: string, descriptor: number) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#stream = new ReadStream(descriptor);
    this.#stream.on('data', (bytes: Buffer) => this.#take(bytes));
    const end = () => {
      this.#gone = true;
      this.#wake?.();
    };
    this.#stream.on('error', end);
    this.#stream.on('end', end);
  }

  /**
   * Opens a port with 8 data bits, no parity, 1 stop bit, and no flow control.
   * @param baud bits a second
   * @throws CliError `port`, which says what other ports there are
   */
  static async open(path: string, baud: number): Promise<SerialPort> {
    if (process.platform === 'win32') {
      throw new CliError(
        'port',
        'Windows found; wanted: Linux or macOS, whose stty sets serial ports. Take the Windows Subsystem for Linux, with the adapter attached to it (usbipd).',
      );
    }
    const device = resolve(path);
    const descriptor = openDevice(device);
    try {
      await setLine(device, baud);
      return new SerialPort(device, descriptor);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** Bytes that came so far. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The line that was read last, or what came of the first, as a message shows it. */
  get said(): string {
    return JSON.stringify(visibleText((this.#last || this.#text).slice(0, SHOWN_CHARACTERS)));
  }

  /**
   * Ends early where the signal is given: a part of the text may be sent then.
   * @throws CliError `port` where the port takes nothing for a second, or is gone
   */
  async write(text: string, signal: AbortSignal): Promise<void> {
    const bytes = Buffer.from(text, 'latin1');
    let deadline = performance.now() + STUCK_MILLISECONDS;
    for (let at = 0; at < bytes.length && !signal.aborted; ) {
      try {
        at += writeSync(this.#descriptor, bytes, at);
        deadline = performance.now() + STUCK_MILLISECONDS;
      } catch (error) {
        const code = (error as NodeJS.ErrnoException).code;
        if (code !== 'EAGAIN' || performance.now() > deadline || this.#gone) throw this.#goneError(code);
        await wait(RETRY_MILLISECONDS);
      }
    }
  }

  /**
   * The next line that is not empty, without its end; undefined where none comes in time, or where the signal is given.
   * @param deadline in milliseconds of `performance.now`
   * @throws CliError `port` where the port is gone
   */
  async line(deadline: number, signal: AbortSignal): Promise<string | undefined> {
    for (;;) {
      const next = this.#lines.shift();
      if (next !== undefined) {
        this.#last = next;
        return next;
      }
      if (this.#gone) throw this.#goneError('EIO');
      const left = deadline - performance.now();
      if (left <= 0 || signal.aborted) return undefined;
      await new Promise<void>((done) => {
        const timer = setTimeout(finish, left);
        signal.addEventListener('abort', finish);
        this.#wake = finish;
        function finish() {
          clearTimeout(timer);
          signal.removeEventListener('abort', finish);
          done();
        }
      });
      this.#wake = undefined;
    }
  }

  /** Forgets what has come. */
  clear(): void {
    this.#lines.length = 0;
    this.#text = '';
  }

  close(): void {
    this.#stream.destroy();
  }

  #take(bytes: Buffer): void {
    this.#bytes += bytes.length;
    const parts = (this.#text + bytes.toString('latin1')).split(/[\r\n]+/);
    this.#text = parts.pop()!.slice(0, MOST_CHARACTERS);
    this.#lines.push(...parts.filter((part) => part !== ''));
    this.#wake?.();
  }

  #goneError(code: string | undefined): CliError {
    return new CliError(
      'port',
      `${visibleText(this.path)} does not answer any more (${code ?? 'no code'}): the board was unplugged, or another program has the port. Plug it in and give the command once more.`,
    );
  }
}

/** @throws CliError `port` */
function openDevice(path: string): number {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'no code';
    const advice =
      code === 'EACCES'
        ? 'You may not open it: on Linux the group `dialout` may (`sudo usermod -aG dialout $USER`, then log in anew).'
        : adapters();
    throw new CliError('port', `Cannot open ${visibleText(path)} (${code}). ${advice}`, { cause: error });
  }
  if (fstatSync(descriptor).isCharacterDevice()) return descriptor;
  closeSync(descriptor);
  throw new CliError('port', `${visibleText(path)} is a file; wanted: a serial port. ${adapters()}`);
}

function adapters(): string {
  const found = readdirSync('/dev').filter((name) => ADAPTERS.test(name));
  return found.length === 0
    ? 'No adapter of a board was found in /dev: is it plugged in?'
    : `Adapters that are there: ${found.map((name) => visibleText(`/dev/${name}`)).join(', ')}.`;
}

/** @throws CliError `port` */
function setLine(path: string, baud: number): Promise<void> {
  const file = process.platform === 'linux' ? '-F' : '-f';
  const settings = [String(baud), 'raw', '-echo', 'cs8', '-parenb', '-cstopb', 'clocal', '-hupcl', '-crtscts'];
  return new Promise((done, fail) => {
    execFile('stty', [file, path, ...settings], { timeout: 5000 }, (error, _, messages) => {
      if (error === null) done();
      else {
        const said = visibleText((messages || error.message).trim().split('\n')[0]!);
        fail(
          new CliError(
            'port',
            `Cannot set ${visibleText(path)} to ${baud} baud by stty: ${said}. Wanted: a serial port.`,
          ),
        );
      }
    });
  });
}

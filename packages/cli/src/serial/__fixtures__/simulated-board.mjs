// Firmware in the simulator, its serial port at standard input and output, which do not block: node simulated-board.mjs <part> <image>
import { readFileSync, readSync, writeSync } from 'node:fs';
import { runFirmware } from '@bitnetmcu/mcu-runtime/targets';

const [part, image] = process.argv.slice(2);
const buffer = Buffer.alloc(4096);
/** Looks in a row that found nothing, more than while a character is sent: the program waits, and need not do so at full speed. */
const PATIENCE = 20_000;
const pause = new Int32Array(new SharedArrayBuffer(4));
let received = buffer.subarray(0, 0);
let idle = 0;

function receive() {
  if (received.length === 0) received = buffer.subarray(0, readNow());
  if (received.length === 0) {
    if (++idle > PATIENCE) Atomics.wait(pause, 0, 0, 1);
    return undefined;
  }
  const byte = received[0];
  received = received.subarray(1);
  return byte;
}

function readNow() {
  try {
    return readSync(0, buffer);
  } catch (error) {
    if (error.code === 'EAGAIN') return 0;
    throw error;
  }
}

let sent = [];
/** As many writes as answers have lines. */
function send(byte) {
  idle = 0;
  sent.push(byte);
  if (byte !== 10) return;
  writeSync(1, Uint8Array.from(sent));
  sent = [];
}

await runFirmware(part, readFileSync(image), { input: { receive, send }, maxInstructions: Number.POSITIVE_INFINITY });

// A CSV file as a stream of text: decoded from UTF-8 or UTF-16, all line ends made "\n", never the whole of it in memory.
import { createReadStream } from 'node:fs';
import { openRegularFile } from '@bitnetmcu/models/internal/node';
import { TrainerError } from '../../errors.js';
import { isGzip } from '../compressed-file.js';
import { MAX_DATA_BYTES } from '../limits.js';

/** Bytes that are read at once: large enough to be fast, small enough that parsing them takes a few milliseconds. */
const CHUNK_BYTES = 2 ** 16;

/** How letters are written as bytes; latin1 is Windows-1252, its superset. */
export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'latin1';

/**
 * The text of a file in pieces of any length; a byte order mark is left out.
 * @param encoding as asked for @param usual that of such files, taken where the first bytes do not speak against it
 * @throws TrainerError `data-not-found` for what is no regular file or larger than MAX_DATA_BYTES; when read, `invalid-data` for what is no text.
 */
export function openCsvText(path: string, encoding?: TextEncoding, usual?: TextEncoding): AsyncGenerator<string> {
  let file: ReturnType<typeof openRegularFile>;
  try {
    file = openRegularFile(path, MAX_DATA_BYTES);
  } catch (cause) {
    throw new TrainerError('data-not-found', (cause as Error).message, { cause });
  }
  const bytes = createReadStream(path, { fd: file.descriptor, highWaterMark: CHUNK_BYTES });
  return decodeText(bytes, path, encoding, usual);
}

/** Text from bytes in pieces of any length; `encoding` and `usual` as of `openCsvText`. @throws TrainerError `invalid-data` for what is neither UTF-8 nor UTF-16. */
export async function* decodeText(
  bytes: AsyncIterable<Uint8Array>,
  source: string,
  encoding?: TextEncoding,
  usual?: TextEncoding,
): AsyncGenerator<string> {
  let decoder: InstanceType<typeof TextDecoder> | undefined;
  let heldReturn = '';
  try {
    for await (const chunk of bytes) {
      decoder ??= new TextDecoder(encoding ?? likelyEncoding(chunk, source, usual), { fatal: true });
      const text = heldReturn + decoder.decode(chunk, { stream: true });
      // A return at the end may be the first half of a line end.
      heldReturn = text.endsWith('\r') ? '\r' : '';
      yield unixLines(heldReturn === '' ? text : text.slice(0, -1));
    }
    yield unixLines(heldReturn + (decoder?.decode() ?? ''));
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new TrainerError(
      'invalid-data',
      `${source} is not ${decoder?.encoding === 'utf-8' ? 'UTF-8' : 'sound UTF-16'} text. Save it as UTF-8 (in Excel: "CSV UTF-8"), or say --data-encoding latin1 (key \`encoding\`) if it is of an old Windows program.`,
      { cause },
    );
  }
}

function unixLines(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

/** The usual one, unless a byte order mark, or zeros that it would not have or lacks, say another. */
function likelyEncoding(head: Uint8Array, source: string, usual: TextEncoding | undefined): TextEncoding {
  const [first, second, third] = head;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const isMarkedUtf8 = first === 0xef && second === 0xbb && third === 0xbf;
  if (usual === undefined || isMarked || isMarkedUtf8 || isGzip(head)) return encodingOf(head, source);
  // Letters that are sound UTF-8 are hardly ever meant as another encoding's.
  if (usual === 'latin1' && isForeignUtf8(head)) return 'utf-8';
  return head.subarray(0, 4096).includes(0) === usual.startsWith('utf-16') ? usual : encodingOf(head, source);
}

/** Whether bytes are UTF-8 with a letter that ASCII does not have. */
function isForeignUtf8(head: Uint8Array): boolean {
  if (head.every((byte) => byte < 0x80)) return false;
  try {
    // The last letter may go on.
    new TextDecoder('utf-8', { fatal: true }).decode(head, { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** By the byte order mark; without one, numbers and commas in UTF-16 have a zero in every second byte. */
export function encodingOf(head: Uint8Array, source: string): Exclude<TextEncoding, 'latin1'> {
  const [first, second] = head;
  const hint = isGzip(head)
    ? 'a gzip archive: decompress it'
    : first === 0x50 && second === 0x4b
      ? 'a zip archive or an Excel workbook: save the sheet as CSV'
      : undefined;
  if (hint !== undefined) throw new TrainerError('invalid-data', `${source} is no CSV file but ${hint}.`);
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  if (head.length >= 4 && first !== 0 && second === 0) return 'utf-16le';
  if (head.length >= 4 && first === 0 && second !== 0) return 'utf-16be';
  if (head.subarray(0, 4096).includes(0)) {
    throw new TrainerError(
      'invalid-data',
      `${source} is no text: it has bytes of 0. A CSV file in UTF-8 or UTF-16 is wanted.`,
    );
  }
  return 'utf-8';
}

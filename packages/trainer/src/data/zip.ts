// Reads members of a zip archive in memory (stored or deflated; PKWARE APPNOTE 6.3.3), as NumPy's .npz files are.
import { TrainerError } from '../errors.js';
import { inflateExactly } from './inflate.js';
import type { LoadBudget } from './load-budget.js';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
/** Sizes that are in the zip64 fields instead. */
const IN_ZIP64 = 0xffffffff;

interface Member {
  readonly method: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly localHeader: number;
}

/**
 * The members of an archive by name; each is decompressed when asked for, to exactly the size in the directory,
 * within the budget of the load.
 * @throws TrainerError `invalid-data` for anything that is not such an archive.
 */
export function openZip(
  archive: Uint8Array,
  source: string,
  budget: LoadBudget,
): ReadonlyMap<string, () => Promise<Uint8Array>> {
  const refuse = (reason: string) => new TrainerError('invalid-data', `${source} ${reason}`);
  const view = new DataView(archive.buffer, archive.byteOffset, archive.byteLength);
  const end = findEndOfDirectory(view);
  if (end < 0) throw refuse('is not a zip archive, or is cut short.');
  const members = new Map<string, () => Promise<Uint8Array>>();
  let at = view.getUint32(end + 16, true);
  for (let i = view.getUint16(end + 10, true); i > 0; i--) {
    if (at + 46 > end || view.getUint32(at, true) !== DIRECTORY_ENTRY) throw refuse('has a damaged directory.');
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > end) throw refuse('has a damaged directory.');
    const name = new TextDecoder().decode(archive.subarray(at + 46, at + 46 + nameLength));
    const member: Member = {
      method: view.getUint16(at + 10, true),
      compressedSize: view.getUint32(at + 20, true),
      size: view.getUint32(at + 24, true),
      localHeader: view.getUint32(at + 42, true),
    };
    members.set(name, () => extract(archive, view, member, `${name} in ${source}`, budget));
    at = next;
  }
  return members;
}

/** The record stands at the end, before a comment of up to 65 535 bytes. */
function findEndOfDirectory(view: DataView): number {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 22 - 65_535); at--) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  return -1;
}

async function extract(
  archive: Uint8Array,
  view: DataView,
  member: Member,
  source: string,
  budget: LoadBudget,
): Promise<Uint8Array> {
  const refuse = (reason: string) => new TrainerError('invalid-data', `${source} ${reason}`);
  const { method, compressedSize, size, localHeader } = member;
  if (size === IN_ZIP64 || compressedSize === IN_ZIP64) throw refuse('is larger than 4 GiB.');
  if (localHeader + 30 > archive.length || view.getUint32(localHeader, true) !== LOCAL_HEADER) {
    throw refuse('is not where the directory says.');
  }
  const begin = localHeader + 30 + view.getUint16(localHeader + 26, true) + view.getUint16(localHeader + 28, true);
  const compressed = archive.subarray(begin, begin + compressedSize);
  if (compressed.length !== compressedSize) throw refuse('is cut short.');
  if (method === DEFLATED) return inflateExactly('deflate', compressed, size, source, budget);
  if (method !== STORED) throw refuse(`uses compression method ${method}; stored (0) and deflated (8) are read.`);
  if (compressed.length !== size) throw refuse(`has ${compressed.length} bytes; the directory says ${size}.`);
  return compressed;
}

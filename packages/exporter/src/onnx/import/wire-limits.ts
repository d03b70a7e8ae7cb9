// Guards in front of the protobuf decoder: a small hostile file must not unfold into gigabytes of objects.
import type { DescMessage } from '@bufbuild/protobuf';
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';
import { ExporterError } from '../../errors.js';
import { MAX_ONNX_DEPTH, MAX_ONNX_MESSAGES, MAX_ONNX_NUMBERS } from '../../limits.js';

/**
 * Walks the file's structure without building it.
 * @throws ExporterError `onnx` for broken protobuf, `onnx-limit` for more than a decoder should build.
 */
export function requireModestStructure(bytes: Uint8Array, message: DescMessage): void {
  const counts = { messages: 0, numbers: 0 };
  try {
    walk(bytes, message, counts, 0);
  } catch (error) {
    if (ExporterError.isInstance(error)) throw error;
    throw notOnnx(error);
  }
}

/** The refusal of bytes that are not a protobuf of this kind. */
export function notOnnx(cause: unknown): ExporterError {
  return new ExporterError(
    'onnx',
    `The file is not a readable ONNX model (${cause instanceof Error ? cause.message : String(cause)}); export it again or check the download`,
    { cause },
  );
}

function walk(bytes: Uint8Array, message: DescMessage, counts: { messages: number; numbers: number }, depth: number) {
  if (depth > MAX_ONNX_DEPTH) throw tooMuch(`nests deeper than ${MAX_ONNX_DEPTH} messages`);
  if (++counts.messages > MAX_ONNX_MESSAGES) throw tooMuch(`has more than ${MAX_ONNX_MESSAGES} messages`);
  const fields = new Map(message.fields.map((field) => [field.number, field]));
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const field = fields.get(number);
    const nested = field?.message;
    if (nested && wireType === WireType.LengthDelimited) {
      walk(reader.bytes(), nested, counts, depth + 1);
      continue;
    }
    // Groups are in no ONNX schema: what has them is not ONNX, and skipping them would recurse.
    if (wireType === WireType.StartGroup || wireType === WireType.EndGroup) throw new Error(`group in ${message.name}`);
    const skipped = reader.skip(wireType, number);
    if (field?.fieldKind === 'list' && field.listKind === 'scalar') counts.numbers += skipped.length;
    else if (field === undefined || wireType !== WireType.LengthDelimited) counts.numbers++;
    if (counts.numbers > MAX_ONNX_NUMBERS * 8)
      throw tooMuch(`has more than ${MAX_ONNX_NUMBERS} numbers outside raw data`);
  }
}

function tooMuch(what: string): ExporterError {
  return new ExporterError('onnx-limit', `The ONNX file ${what}; no network for a microcontroller needs that`);
}

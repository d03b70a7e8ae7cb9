// The parts that the schemas of layers, nodes and whole documents have in common: names, sizes, windows.
import { z } from 'zod';

/** Names of networks, layers and nodes. */
export const nameSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_.-]{0,62}$/,
    'a name starts with a letter and has up to 63 letters, digits, "_", "." or "-"',
  );

/** Largest kernel, window and stride; the C runtime holds them in a byte. */
export const MAX_WINDOW = 255;
/** Largest padding of each side: less than any window. */
export const MAX_PADDING = MAX_WINDOW - 1;

/** Features, channels, height or width. */
export const dimension = z.int().min(1).max(65_535);
/** [features] or [channels, height, width]. */
export const shapeSchema = z.union([z.tuple([dimension]), z.tuple([dimension, dimension, dimension])], {
  error: 'wanted is [features] or [channels, height, width], each from 1 to 65535',
});

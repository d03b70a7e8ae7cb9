// How much data is read at most; docs/limits.md lists these with their reasons, and a test compares it with them.

/** Bytes of one data file on disk; training data lives in memory, several times over. */
export const MAX_DATA_BYTES = 2 ** 30;

/**
 * Bytes that one load may unpack from npz, gz, PNG and JPEG files, all of them together: a file of a megabyte can hold a gigabyte.
 * Splitting the samples copies them once more, and a process stays below 1 GB so. Ten times MNIST; what is larger can be given unpacked.
 */
export const MAX_UNPACKED_BYTES = 400 * 2 ** 20;

/** The same for EMNIST, whose largest split has 638 MB and comes with its test part. */
export const MAX_EMNIST_BYTES = 640 * 2 ** 20;

/** Pixels of an image: photos of most telephones have 12 or 24 million. Decoding the largest takes some 900 MB, a progressive JPEG the most. */
export const MAX_PIXELS = 25_000_000;

/**
 * Images are resized one by one, and only the small ones stay. So of what they unpack to, only that counts which is more than this many times
 * the file: photographs have 5 to 20 times, blank pages 1000 times.
 */
export const HONEST_IMAGE_RATIO = 100;

/** Samples of one WAV file: over an hour at 16 kHz. Reading them takes 4 bytes each, keeping them 2. */
export const MAX_WAV_SAMPLES = 2 ** 26;

// What the operating system's error codes mean, in words for whoever sees them.

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder; check the path',
  EACCES: 'permission denied; check the rights of the file and its folder',
  EPERM: 'the operation is not permitted; check the rights of the file and its folder',
  EROFS: 'the file system is read-only; choose another place',
  ENOSPC: 'the disk is full; free some space or choose another place',
  EDQUOT: 'the quota of this user is used up; free some space or choose another place',
  EFBIG: 'the file would be larger than the file system or the limit of this process allows',
  EISDIR: 'it is a folder; a file is wanted',
  ENOTDIR: 'a part of its path is a file; a folder is wanted',
  ENAMETOOLONG: 'the name is too long for the file system; choose a shorter one',
  ELOOP: 'its symbolic links lead in a circle',
  EMFILE: 'too many files are open',
  EIO: 'the disk reports an error',
  EBUSY: 'it is in use by another program',
};

/** The reason of a failed system call in words, with its code; names nothing but the reason, so no temporary file either. */
export function systemReason(cause: unknown): string {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code === undefined) return message;
  return `${REASONS[code] ?? 'the system refuses'} (${code})`;
}

/** What RAM holds before a program writes to it: anything but the zeros on which a missing initialization would not show. */
export const UNDEFINED_MEMORY = 0xa5;

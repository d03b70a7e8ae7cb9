// Numbers with their units as people read them.

/** Grouped by plain spaces, which can be searched for and copied: 12 608. */
export function count(value: number): string {
  return Math.round(value)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ' ');
}

/** A share of 1 as a percentage with two decimals: 99.02 %. */
export function percent(share: number): string {
  return `${(share * 100).toFixed(2)} %`;
}

/** Bytes below 10 kB, then kB of 1024 bytes: 1 128 B, 12.3 kB. */
export function bytes(value: number): string {
  return value < 10_000 ? `${count(value)} B` : `${(value / 1024).toFixed(1)} kB`;
}

/** 0.42 s, 12.3 s, 2 min 05 s, 1 h 02 min. */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(2)} s`;
  if (seconds < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  const pad = (value: number): string => String(value).padStart(2, '0');
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${pad(whole % 60)} s`;
  return `${Math.floor(whole / 3600)} h ${pad(Math.floor((whole % 3600) / 60))} min`;
}

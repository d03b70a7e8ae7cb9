// Names of parts that one command prints are names that the next one takes.
import { FIRMWARE_KIND_NAMES } from '@bitnetmcu/exporter/internal/node';
import { BOARD_PART_NAMES } from '@bitnetmcu/mcu-runtime/internal/targets';
import { describe, expect, it } from 'vitest';
import { firmwareTarget } from './project-command.js';

describe('targets of firmware', () => {
  it.each(BOARD_PART_NAMES)('%s, as sim and train call it, is one', (part) => {
    expect(FIRMWARE_KIND_NAMES).toContain(firmwareTarget(part));
  });

  it.each(FIRMWARE_KIND_NAMES)('%s is itself', (name) => expect(firmwareTarget(name)).toBe(name));

  it('the RP2040 is on a Pico; what is no part stays, to be refused', () => {
    expect(firmwareTarget('rp2040')).toBe('pico');
    expect(firmwareTarget('z80')).toBe('z80');
  });
});

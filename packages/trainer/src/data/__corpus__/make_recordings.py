"""Folders of WAV files as people have them, written byte by byte (RIFF, WAVE_FORMAT_EXTENSIBLE) from known samples of 16 bits."""

import struct

import numpy as np

from case_folder import Cases, error, samples

rng = np.random.default_rng(23)
LENGTH, WINDOW, RATE = 64, 32, 8000
# Multiples of 256 are exact in 8 bits too.
SIGNALS = {f"{name}/{i}": rng.integers(-100, 100, LENGTH) * 256 for name in ("no", "yes") for i in (1, 2, 3)}
GUID = b"\x00\x00\x00\x00\x10\x00\x80\x00\x00\xaa\x00\x38\x9b\x71"


def chunk(name, data):
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def wav(data, code=1, channels=1, bits=16, rate=RATE, extensible=False, before=b"", announced=None):
    format = struct.pack("<HHIIHH", 0xFFFE if extensible else code, channels, rate, rate * channels * bits // 8, channels * bits // 8, bits)
    if extensible:
        format += struct.pack("<HHIH", 22, bits, 0, code) + GUID
    sound = b"data" + struct.pack("<I", len(data) if announced is None else announced) + data
    return chunk(b"RIFF", b"WAVE" + chunk(b"fmt ", format) + before + sound)


def pcm(x, bits):
    if bits == 8:
        return (x // 256 + 128).astype(np.uint8).tobytes()
    if bits == 24:
        return b"".join(struct.pack("<i", int(v) * 256)[:3] for v in x)
    return (x.astype(np.int64) * (1 if bits == 16 else 65_536)).astype({16: "<i2", 32: "<i4"}[bits]).tobytes()


def wanted(signals=SIGNALS):
    rows, classes = [], []
    for name, x in signals.items():
        for begin in range(0, LENGTH - WINDOW + 1, WINDOW):
            rows.append(x[begin : begin + WINDOW])
            classes.append(int(name.startswith("yes")))
    return samples(["no", "yes"], [1, 1, WINDOW], classes, rows, ["sound"])


def make():
    cases = Cases("recordings")
    cut = {"window": WINDOW, "hop": WINDOW}

    def add(name, write, expected=None, more={}, **overrides):
        files = {f"{path}.wav": write(x) for path, x in SIGNALS.items()}
        cases.add(name, {**files, **more}, ".", expected or wanted(), **{**cut, **overrides})

    for bits in (8, 16, 24, 32):
        add(f"pcm-{bits}", lambda x: wav(pcm(x, bits), bits=bits))
    add("float-32", lambda x: wav((x / 32_768).astype("<f4").tobytes(), 3, bits=32))
    add("float-64", lambda x: wav((x / 32_768).astype("<f8").tobytes(), 3, bits=64))
    add("extensible", lambda x: wav(pcm(x, 24), bits=24, extensible=True))
    add("extensible-float", lambda x: wav((x / 32_768).astype("<f4").tobytes(), 3, bits=32, extensible=True))
    # Left is 512 more, right 512 less: their mean is the signal.
    add("stereo", lambda x: wav(np.stack([x + 512, x - 512], 1).astype("<i2").tobytes(), channels=2))
    add("four-channels", lambda x: wav(np.stack([x + 300, x - 300, x + 40, x - 40], 1).astype("<i2").tobytes(), channels=4))
    add("chunks-before", lambda x: wav(pcm(x, 16), before=chunk(b"LIST", b"INFO" + b"x" * 9)))
    add("streamed", lambda x: wav(pcm(x, 16), announced=0xFFFFFFFF))
    sound = pcm(SIGNALS["no/1"], 16)
    add("truncated", lambda x: wav(pcm(x, 16)), error(r"yes.9\.wav", "cut short", "--skip-damaged"), {"yes/9.wav": wav(sound)[:100]})
    add("truncated-skipped", lambda x: wav(pcm(x, 16)), None, {"yes/9.wav": wav(sound)[:100]}, skipDamaged=True)
    add("no-sound", lambda x: wav(pcm(x, 16)), error(r"yes.9\.wav", "no sound", "--skip-damaged"), {"yes/9.wav": wav(b"")})
    add("u-law", lambda x: wav(pcm(x, 8), 7, bits=8), error(r"no.1\.wav", "µ-law", "ffmpeg"))
    add("adpcm", lambda x: wav(pcm(x, 8), 17, bits=4), error(r"no.1\.wav", "ADPCM", "ffmpeg"))
    add("mp3-named-wav", lambda x: b"ID3" + bytes(50), error(r"no.1\.wav", "MP3", "ffmpeg"))
    add("mp3-passed-over", lambda x: wav(pcm(x, 16)), None, {"yes/9.mp3": b"ID3"})
    cases.add("mp3-only", {"no/1.mp3": b"ID3", "yes/1.mp3": b"ID3"}, ".", error(r"2 \.mp3", "ffmpeg"), **cut)
    cases.add("one-class", {"no/1.wav": wav(sound), "no/2.wav": wav(sound)}, ".", error("one class", "folder each"), **cut)
    alone = {"no/1.wav": wav(sound), "no/2.wav": wav(sound), "yes/1.wav": wav(sound)}
    cases.add("one-recording-of-a-class", alone, ".", error("yes", "one recording", "--data-test"), **cut)
    return cases.count

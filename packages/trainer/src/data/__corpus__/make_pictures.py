"""Folders of pictures as people have them. PNG files hold known pixels; JPEG files are blocks of 8×8 that survive it, or what libjpeg decodes."""

import io
import struct

import numpy as np
from PIL import Image

from case_folder import Cases, bytes_of, error

rng = np.random.default_rng(22)


def save(image, kind, **options):
    f = io.BytesIO()
    image.save(f, kind, **options)
    return f.getvalue()


def png(array, **options):
    return save(Image.fromarray(array), "PNG", **options)


def planes(array):
    """height, width[, 3] to channel after channel."""
    return array.astype(np.uint8).tobytes() if array.ndim == 2 else array.astype(np.uint8).transpose(2, 0, 1).tobytes()


# What is seen of stored rows, by the table of Exif 2.3 (tag 0x0112): where row 0 and column 0 of the stored picture lie.
SEEN = {
    1: lambda a: a,  # top, left
    2: lambda a: a[:, ::-1],  # top, right
    3: lambda a: a[::-1, ::-1],  # bottom, right
    4: lambda a: a[::-1],  # bottom, left
    5: lambda a: a.T,  # left, top
    6: lambda a: a.T[:, ::-1],  # right, top
    7: lambda a: a.T[::-1, ::-1],  # right, bottom
    8: lambda a: a.T[::-1],  # left, bottom
}


def make():
    cases = Cases("pictures")

    def add(name, first, seen, tolerance=0, extension="png", more={}, **overrides):
        """first: the file under test, in class a; class b has a plain PNG of the same size. seen: pixels of the first."""
        plain = rng.integers(0, 256, seen.shape).astype(np.uint8)
        shape = [1, *seen.shape] if seen.ndim == 2 else [3, *seen.shape[:2]]
        files = {f"a/1.{extension}": first, "b/1.png": png(plain), **more}
        cases.add(name, files, ".", bytes_of(["a", "b"], shape, [0, 1], [planes(seen), planes(plain)], tolerance), **overrides)

    stored = np.kron(np.array([[10, 60, 110], [160, 210, 250]]), np.ones((8, 8))).astype(np.uint8)
    for orientation, turn in SEEN.items():
        exif = Image.Exif()
        exif[0x0112] = orientation
        file = save(Image.fromarray(stored), "JPEG", quality=95, exif=exif)
        add(f"exif-{orientation}", file, turn(stored), 2, "jpg")

    grey = rng.integers(0, 256, (9, 7)).astype(np.uint8)
    colour = rng.integers(0, 256, (9, 7, 3)).astype(np.uint8)
    add("grey", png(grey), grey)
    add("colour", png(colour), colour)
    add("grey-wanted", png(np.repeat(grey[..., None], 3, 2)), grey, channels=1)
    add("capital-extension", png(grey), grey, extension="PNG")
    palette = Image.fromarray((grey % 16).astype(np.uint8), "P")
    table = rng.integers(0, 256, (16, 3)).astype(np.uint8)
    palette.putpalette(table.tobytes())
    add("palette", save(palette, "PNG"), table[grey % 16])
    add("palette-4-bit", save(palette, "PNG", bits=4), table[grey % 16])
    bits = grey > 127
    add("1-bit", save(Image.fromarray(bits), "PNG"), bits * 255)
    deep = rng.integers(0, 65_536, (9, 7)).astype(np.uint16)
    add("16-bit", png(deep), np.floor(deep / 257 + 0.5))
    alpha = rng.integers(0, 256, (9, 7)).astype(np.uint8)
    on = lambda c, a, ground: np.floor(c * (a / 255) + ground * (1 - a / 255) + 0.5)
    rgba = np.dstack([colour, alpha])
    add("alpha-on-white", png(rgba), on(colour, alpha[..., None], 255), 1)
    add("alpha-on-black", png(rgba), on(colour, alpha[..., None], 0), 1, background=0)
    add("alpha-ignored", png(rgba), colour, background="ignore")
    add("grey-and-alpha", png(np.dstack([grey, alpha])), on(grey, alpha, 255), 1)
    ink = np.zeros((9, 7, 4), np.uint8)
    ink[2:6, 3, 3] = 255
    add("black-on-transparent", png(ink), np.where(ink[..., 3] > 0, 0, 255))
    add("interlaced", interlaced(grey), grey)

    yy, xx = np.mgrid[0:24, 0:16]
    smooth = np.stack([120 + 90 * np.sin(xx / 5), 120 - 90 * np.cos(yy / 6), 40 + 6 * yy], -1).clip(0, 255).astype(np.uint8)

    def jpeg(image, **options):
        file = save(image, "JPEG", quality=95, **options)
        return file, np.asarray(Image.open(io.BytesIO(file)).convert("RGB"))

    for name, image, options in [
        ("jpeg", Image.fromarray(smooth), {"subsampling": 0}),
        ("jpeg-progressive", Image.fromarray(smooth), {"subsampling": 0, "progressive": True}),
        ("jpeg-cmyk", Image.fromarray(smooth).convert("CMYK"), {}),
    ]:
        file, seen = jpeg(image, **options)
        add(name, file, seen, 3, "jpg")
    file, seen = jpeg(Image.fromarray(smooth[..., 0]))
    add("jpeg-grey", file, seen[..., 0], 3, "jpg")

    sizes = {(12, 10): 40, (20, 30): 90, (30, 20): 200}
    flat = {f"{name}/{h}x{w}.png": png(np.full((h, w), v, np.uint8)) for name in "ab" for (h, w), v in sizes.items()}
    wanted = [bytes([v] * 400) for _ in "ab" for v in (40, 90, 200)]
    cases.add("sizes", flat, ".", bytes_of(["a", "b"], [1, 20, 20], [0, 0, 0, 1, 1, 1], wanted))
    cases.add("asked-size", flat, ".", bytes_of(["a", "b"], [1, 4, 5], [0, 0, 0, 1, 1, 1], [w[:20] for w in wanted]), size=[4, 5])

    good = png(rng.integers(0, 256, (16, 16)).astype(np.uint8))
    cut = good[: len(good) * 2 // 3]
    cases.add("png-truncated", {"a/1.png": good, "b/2.png": cut}, ".", error(r"b.2\.png", "--skip-damaged"))
    for progressive in (False, True):
        photo, _ = jpeg(Image.fromarray(np.kron(smooth, np.ones((3, 3, 1), np.uint8))), progressive=progressive)
        name = f"jpeg{'-progressive' if progressive else ''}-truncated"
        cases.add(name, {"a/1.png": good, "b/2.jpg": photo[: len(photo) * 2 // 3]}, ".", error(r"b.2\.jpg", "--skip-damaged"))
    skipped = png(grey)
    seen = bytes_of(["a", "b"], [1, 9, 7], [0, 1], [planes(grey), planes(grey)])
    cases.add("skip-damaged", {"a/1.png": skipped, "b/1.png": skipped, "b/2.png": cut, "b/3.jpg": b""}, ".", seen, skipDamaged=True)
    cases.add("empty-file", {"a/1.png": good, "b/1.png": b""}, ".", error(r"b.1\.png", "empty", "--skip-damaged"))
    webp = save(Image.fromarray(colour), "WEBP")
    gif = save(Image.fromarray(grey), "GIF")
    cases.add("gif-only", {"a/1.gif": gif, "b/1.gif": gif}, ".", error("2 .gif", "PNG"))
    cases.add("webp-passed-over", {"a/1.png": skipped, "b/1.png": skipped, "b/2.webp": webp}, ".", seen)
    cases.add("webp-named-jpg", {"a/1.png": good, "b/1.jpg": webp}, ".", error(r"b.1\.jpg", "WebP", "PNG"))
    bmp = save(Image.fromarray(grey), "BMP")
    cases.add("bmp-named-png", {"a/1.png": good, "b/1.png": bmp}, ".", error(r"b.1\.png", "BMP", "PNG"))
    cases.add("one-class", {"a/1.png": good}, ".", error("one class", "folder each"))
    hidden = {"a/1.png": skipped, "b/1.png": skipped, "a/._1.png": b"x", "b/.DS_Store": b"x", "b/Thumbs.db": b"x"}
    cases.add("hidden-files", hidden, ".", seen)
    parts = {"train/a/1.png": skipped, "train/b/1.png": skipped, "test/a/2.png": skipped, "test/b/2.png": skipped}
    cases.add("train-and-test", parts, ".", bytes_of(["a", "b"], [1, 9, 7], [0, 1, 0, 1], [planes(grey)] * 4))
    return cases.count


def interlaced(grey):
    """A PNG of the seven passes (Adam7), written by hand."""
    import zlib

    chunk = lambda kind, data: struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    passes = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]
    rows = b"".join(b"\0" + row.tobytes() for y, x, dy, dx in passes if grey[y::dy, x::dx].size for row in grey[y::dy, x::dx])
    header = struct.pack(">IIBBBBB", grey.shape[1], grey.shape[0], 8, 0, 0, 0, 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")

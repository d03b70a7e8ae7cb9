"""Makes pictures.json: PNG and JPEG files of every kind with the pixels that they hold, for image-file.test.ts.

    pip install pillow numpy && python make-pictures.py

PNG files are written here byte by byte from known pixels (W3C PNG, third edition), so what they hold does not depend on any decoder.
JPEG files are written by Pillow, some with markers changed afterwards; what they hold is what Pillow (libjpeg-turbo) decodes.
"""

import base64
import io
import json
import pathlib
import struct
import zlib

import numpy as np
from PIL import Image, ImageOps

rng = np.random.default_rng(11)
pictures = []


def add(name, file, rgb, background=None, tolerance=0):
    """rgb: height, width, 3. background: grey that transparent pixels lie on; None: transparency is ignored."""
    height, width, _ = rgb.shape
    planes = np.asarray(rgb, np.uint8).transpose(2, 0, 1).tobytes()
    entry = {"name": name, "height": height, "width": width, "tolerance": tolerance}
    entry |= {"file": base64.b64encode(file).decode(), "rgb": base64.b64encode(planes).decode()}
    pictures.append(entry if background is None else entry | {"background": background})


# --- PNG ---------------------------------------------------------------------------------------------------------------------------
GREY, RGB, PALETTE, GREY_ALPHA, RGB_ALPHA = 0, 2, 3, 4, 6
# First row, first column, step of rows, step of columns of the seven passes.
ADAM7 = [(0, 0, 8, 8), (0, 4, 8, 8), (4, 0, 8, 4), (0, 2, 4, 4), (2, 0, 4, 2), (0, 1, 2, 2), (1, 0, 2, 1)]


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def scanlines(values, depth):
    out = bytearray()
    for row in values.reshape(values.shape[0], -1):
        out.append(0)
        if depth == 16:
            out += row.astype(">u2").tobytes()
        else:
            bits = np.unpackbits(row.astype(np.uint8)[:, None], axis=1)[:, 8 - depth :]
            out += np.packbits(bits.reshape(-1)).tobytes()
    return bytes(out)


def png(values, color, depth, interlaced=False, **extra):
    height, width = values.shape[:2]
    passes = ADAM7 if interlaced else [(0, 0, 1, 1)]
    parts = [values[y::dy, x::dx] for y, x, dy, dx in passes]
    pixels = b"".join(scanlines(part, depth) for part in parts if part.size > 0)
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, int(interlaced))
    chunks = [chunk(b"IHDR", header), *(chunk(kind.encode(), data) for kind, data in extra.items())]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks) + chunk(b"IDAT", zlib.compress(pixels, 9)) + chunk(b"IEND")


def to8(values, depth):
    return np.floor(values * 255 / (2**depth - 1) + 0.5)


def grey3(values):
    return np.repeat(values.reshape(*values.shape[:2], 1), 3, axis=2)


for interlaced in (False, True):
    for height, width in ((5, 9), (1, 2), (1, 1)):
        tag = f"{height}x{width}{' interlaced' if interlaced else ''}"
        for depth in (1, 2, 4, 8, 16):
            v = rng.integers(0, 2**depth, (height, width, 1))
            add(f"grey {depth} bit {tag}", png(v, GREY, depth, interlaced), grey3(to8(v, depth)))
        for depth in (1, 2, 4, 8):
            colors = rng.integers(0, 256, (2**depth, 3))
            v = rng.integers(0, 2**depth, (height, width, 1))
            file = png(v, PALETTE, depth, interlaced, PLTE=colors.astype(np.uint8).tobytes())
            add(f"palette {depth} bit {tag}", file, colors[v[..., 0]])
        for depth in (8, 16):
            v = rng.integers(0, 2**depth, (height, width, 3))
            add(f"rgb {depth} bit {tag}", png(v, RGB, depth, interlaced), to8(v, depth))
            v = rng.integers(0, 2**depth, (height, width, 4))
            add(f"rgba {depth} bit {tag}", png(v, RGB_ALPHA, depth, interlaced), to8(v[..., :3], depth))
            v = rng.integers(0, 2**depth, (height, width, 2))
            add(f"grey and alpha {depth} bit {tag}", png(v, GREY_ALPHA, depth, interlaced), grey3(to8(v[..., :1], depth)))

def over(rgb, alpha, ground):
    """rgb on grey, alpha in 0 … 1."""
    return np.floor(rgb * alpha + ground * (1 - alpha) + 0.5)


v = rng.integers(0, 256, (3, 4, 4))
v[0, 0, 3], v[0, 1, 3] = 0, 255
for ground in (0, 128, 255):
    file = png(v, RGB_ALPHA, 8)
    add(f"rgba on grey {ground}", file, over(v[..., :3], v[..., 3:] / 255, ground), ground, tolerance=1)
colors = rng.integers(0, 256, (4, 3))
v = np.array([[[0], [1]], [[2], [3]]])
file = png(v, PALETTE, 2, PLTE=colors.astype(np.uint8).tobytes(), tRNS=bytes([0, 128]))
add("palette with alpha, ignored", file, colors[v[..., 0]])
alpha = np.array([0, 128, 255, 255])[v] / 255
add("palette with alpha on white", file, over(colors[v[..., 0]], alpha, 255), 255, tolerance=1)
v = np.array([[[7], [200], [7]]])
file = png(v, GREY, 8, tRNS=struct.pack(">H", 7))
add("grey with a transparent value, ignored", file, grey3(v))
add("grey with a transparent value on white", file, grey3(np.where(v == 7, 255, v)), 255)
v = np.array([[[10, 20, 30], [10, 20, 31]]])
file = png(v, RGB, 8, tRNS=struct.pack(">HHH", 10, 20, 30))
add("rgb with a transparent color, ignored", file, v)
add("rgb with a transparent color on black", file, np.array([[[0, 0, 0], [10, 20, 31]]]), 0)

# --- Orientation -------------------------------------------------------------------------------------------------------------------
# Two rows of three greys; each orientation is undone by hand: what a viewer shows of the stored rows ABC / DEF.
UPRIGHT = {1: "ABC DEF", 2: "CBA FED", 3: "FED CBA", 4: "DEF ABC", 5: "AD BE CF", 6: "DA EB FC", 7: "FC EB DA", 8: "CF BE AD"}
LEVELS = dict(zip("ABCDEF", (10, 60, 110, 160, 210, 250)))


def shown(orientation):
    return grey3(np.array([[LEVELS[letter] for letter in row] for row in UPRIGHT[orientation].split()]))


def tiff(orientation, order):
    """A directory with a tag before and one behind the orientation."""
    entries = [(0x0100, 4, 1, 3), (0x0112, 3, 1, orientation), (0x011A, 4, 1, 72)]
    packed = b"".join(
        struct.pack(order + "HHI", tag, kind, count) + (struct.pack(order + "HH", value, 0) if kind == 3 else struct.pack(order + "I", value))
        for tag, kind, count, value in entries
    )
    mark = b"II" if order == "<" else b"MM"
    return mark + struct.pack(order + "HIH", 42, 8, len(entries)) + packed + bytes(4)


stored = np.array([[LEVELS[letter] for letter in row] for row in ("ABC", "DEF")])[..., None]
for orientation in UPRIGHT:
    for order in "<>":
        file = png(stored, GREY, 8, eXIf=tiff(orientation, order))
        add(f"PNG, orientation {orientation}, {'little' if order == '<' else 'big'} endian", file, shown(orientation))
# One grey a block of 8×8 pixels survives JPEG exactly enough.
blocks = np.kron(stored[..., 0], np.ones((8, 8))).astype(np.uint8)
for orientation in UPRIGHT:
    exif = Image.Exif()
    exif[0x0112] = orientation
    f = io.BytesIO()
    Image.fromarray(blocks).convert("RGB").save(f, "JPEG", quality=95, exif=exif)
    wanted = np.asarray(ImageOps.exif_transpose(Image.open(f)))
    assert np.abs(wanted[::8, ::8].astype(int) - shown(orientation)).max() <= 2
    add(f"JPEG, orientation {orientation}", f.getvalue(), wanted, tolerance=2)

# --- JPEG --------------------------------------------------------------------------------------------------------------------------
yy, xx = np.mgrid[0:20, 0:27]
base = 120 + 70 * np.sin(xx / 7) + 50 * np.cos(yy / 5)
smooth = np.stack([base, 255 - base, 0.5 * base + 4 * yy], -1).clip(0, 255).astype(np.uint8)


def jpeg(image, **options):
    f = io.BytesIO()
    image.save(f, "JPEG", quality=95, **options)
    return f.getvalue()


def add_jpeg(name, file):
    """Inverse cosine transforms and the spreading of chroma may differ by a level or two."""
    add(name, file, np.asarray(Image.open(io.BytesIO(file)).convert("RGB")), tolerance=3)


def without_segment(file, marker):
    at = file.index(marker)
    return file[:at] + file[at + 2 + struct.unpack(">H", file[at + 2 : at + 4])[0] :]


color = Image.fromarray(smooth)
add_jpeg("grey JPEG", jpeg(color.convert("L")))
add_jpeg("grey JPEG, progressive", jpeg(color.convert("L"), progressive=True))
add_jpeg("JPEG", jpeg(color, subsampling=0))
add_jpeg("JPEG, progressive", jpeg(color, subsampling=0, progressive=True))
add_jpeg("JPEG, restart markers", jpeg(color, subsampling=0, restart_marker_blocks=1))
rgb = jpeg(color, keep_rgb=True)
add_jpeg("RGB JPEG, Adobe transform 0", rgb)
add_jpeg("RGB JPEG by the names of its components", without_segment(rgb, b"\xff\xee"))
cmyk = jpeg(color.convert("CMYK"))
add_jpeg("CMYK JPEG", cmyk)
transform = cmyk.index(b"Adobe") + 11
add_jpeg("YCCK JPEG", cmyk[:transform] + b"\x02" + cmyk[transform + 1 :])

lines = ",\n".join(json.dumps(picture) for picture in pictures)
pathlib.Path(__file__).with_name("pictures.json").write_text(f"[\n{lines}\n]\n")
print(len(pictures), "pictures")

"""Where a case of the corpus goes: a folder with its files and expected.json. No file is over 20 kB."""

import base64
import json
import pathlib
import shutil

HERE = pathlib.Path(__file__).parent


class Cases:
    """The cases of one group, made anew."""

    def __init__(self, group):
        self.root = HERE / group
        shutil.rmtree(self.root, ignore_errors=True)
        self.count = 0

    def add(self, name, files, read, expected, **overrides):
        """files: name to bytes. read: which of them (or '.', the folder). expected: see samples() and error()."""
        folder = self.root / name
        for path, content in files.items():
            (folder / "data" / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / "data" / path).write_bytes(content)
        entry = {"read": read, **({"overrides": overrides} if overrides else {}), **expected}
        text = "{\n" + ",\n".join(f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in entry.items()) + "\n}\n"
        (folder / "expected.json").write_text(text, encoding="utf-8")
        self.count += 1


def samples(labels, shape, classes, values, features=None, decimals=6):
    """Numbers that are scaled by the tool: sample by sample in its shape. classes: index into labels, one a sample."""
    def number(v):
        v = round(float(v), decimals)
        return int(v) if v == int(v) else v

    flat = [[None if v is None else number(v) for v in row] for row in values]
    return {"labels": labels, "shape": shape, "classes": [int(c) for c in classes], "values": flat, **({"features": features} if features else {})}


def bytes_of(labels, shape, classes, planes, tolerance=0):
    """Bytes as they are: pixels, channel after channel."""
    coded = [base64.b64encode(bytes(p)).decode() for p in planes]
    return {"labels": labels, "shape": shape, "classes": classes, "bytes": coded, "tolerance": tolerance}


def error(*parts):
    """Regular expressions that the one message must match: the place, and the remedy."""
    return {"error": list(parts)}

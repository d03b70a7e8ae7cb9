"""Tables as people have them: what stands in them is known here, and does not depend on any reader.

    python make_corpus.py
"""

import random

from case_folder import Cases, error, samples

random.seed(20)
NAMES = ["temp", "co2", "volt"]
SPECIES = ["cat", "dog", "owl"]
KINDS = [i % 3 for i in range(24)]
random.shuffle(KINDS)
# Cells as text, so that a decimal comma is a matter of writing.
ROWS = [[f"{random.uniform(15, 30):.1f}", str(random.randint(1100, 1900)), f"{random.uniform(-0.5, 0.5):.3f}"] for _ in KINDS]
VALUES = [[float(cell) for cell in row] for row in ROWS]
TEXT = [SPECIES[k] for k in KINDS]
GOOD = samples(SPECIES, [3], KINDS, VALUES, NAMES)
NAMELESS = samples(SPECIES, [3], KINDS, VALUES)


def lines(table, separator=",", end="\n"):
    return end.join(separator.join(row) for row in table) + end


def with_class(cells=ROWS, classes=TEXT, at=None, header=NAMES, name="species"):
    """The table with its class column in place `at`, by default the last."""
    table = ([list(header)] if header else []) + [list(row) for row in cells]
    column = ([name] if header else []) + list(classes)
    for row, cell in zip(table, column):
        row.insert(len(row) if at is None else at, cell)
    return table


def comma(cells):
    return [[cell.replace(".", ",") for cell in row] for row in cells]


def changed(row, column, cell):
    """One cell of the table is another; row counts samples from 0."""
    cells = [list(r) for r in ROWS]
    cells[row][column] = cell
    return cells


def without(row):
    return samples(SPECIES, [3], [k for i, k in enumerate(KINDS) if i != row], [v for i, v in enumerate(VALUES) if i != row], NAMES)


def filled(row, column):
    """The value is not known here: something takes its place."""
    return samples(SPECIES, [3], KINDS, [[None if (i, j) == (row, column) else v for j, v in enumerate(line)] for i, line in enumerate(VALUES)], NAMES)


def make():
    cases = Cases("tables")

    def add(name, text, expected, file="data.csv", encoding="utf-8", **overrides):
        content = text if isinstance(text, bytes) else text.encode(encoding)
        cases.add(name, {file: content}, file, expected, **overrides)

    plain = lines(with_class())
    add("comma", plain, GOOD)
    add("semicolon", lines(with_class(), ";"), GOOD)
    add("tab", lines(with_class(), "\t"), GOOD, "data.tsv")
    add("bar", lines(with_class(), "|"), GOOD)
    add("spaces", lines(with_class(), " "), GOOD, "data.txt")
    add("aligned-spaces", "".join("".join(f"{cell:<10}" for cell in row).rstrip() + "\n" for row in with_class()), GOOD, "data.txt")
    add("decimal-comma", lines(with_class(comma(ROWS)), ";"), GOOD)
    add("decimal-comma-tab", lines(with_class(comma(ROWS)), "\t"), GOOD)
    quoted = lines([[f'"{cell}"' for cell in row] for row in with_class()])
    add("quoted", quoted, GOOD)
    add("quoted-decimal-comma", lines([[f'"{cell}"' for cell in row] for row in with_class(comma(ROWS))], ","), GOOD)
    add("byte-order-mark", plain, GOOD, encoding="utf-8-sig")
    add("utf-16le", b"\xff\xfe" + plain.encode("utf-16-le"), GOOD)
    add("utf-16be", b"\xfe\xff" + plain.encode("utf-16-be"), GOOD)
    add("utf-16le-without-mark", plain.encode("utf-16-le"), GOOD)
    german = plain.replace("temp", "größe").encode("latin-1")
    add("latin-1", german, error("data.csv", "UTF-8", "--data-encoding latin1"))
    cases.add("latin-1-told", {"data.csv": german}, "data.csv", {**GOOD, "features": ["größe", "co2", "volt"]}, encoding="latin1")
    add("crlf", plain.replace("\n", "\r\n"), GOOD)
    add("cr", plain.replace("\n", "\r"), GOOD)
    add("no-last-line-end", plain.rstrip("\n"), GOOD)
    add("empty-lines", plain.replace("\n", "\n\n", 3) + "\n\n", GOOD)
    add("comments", "# logger 7\n# started 2024-01-01\n" + plain, GOOD)
    add("separator-line-of-excel", "sep=;\n" + lines(with_class(), ";"), GOOD)
    add("spaces-after-commas", lines(with_class(), ", "), GOOD)
    add("no-header-class-last", lines(with_class(header=None)), NAMELESS)
    add("no-header-class-first", lines(with_class(header=None, at=0)), NAMELESS)
    add("class-first", lines(with_class(at=0)), GOOD)
    add("class-in-the-middle", lines(with_class(at=1)), GOOD)
    numbered = [str(k) for k in KINDS]
    add("class-numbers", lines(with_class(classes=numbered, name="label")), {**GOOD, "labels": ["0", "1", "2"]})
    add("class-numbers-first", lines(with_class(classes=numbered, name="class", at=0)), {**GOOD, "labels": ["0", "1", "2"]})
    add("class-numbers-as-fractions", lines(with_class(classes=[f"{k}.0" for k in KINDS], name="label")), {**GOOD, "labels": ["0", "1", "2"]})
    add("class-numbers-last-no-header", lines(with_class(classes=numbered, header=None)), {**NAMELESS, "labels": ["0", "1", "2"]})
    add("class-from-10", lines(with_class(classes=[str(10 * k + 10) for k in KINDS], name="label")), {**GOOD, "labels": ["10", "20", "30"]})
    add("class-by-name", lines(with_class(classes=numbered, name="room", at=1)), {**GOOD, "labels": ["0", "1", "2"]}, labelColumn="room")
    add("class-with-comma", lines(with_class(classes=[f'"{t}, tame"' for t in TEXT])), {**GOOD, "labels": [f"{s}, tame" for s in SPECIES]})
    add("class-with-quotes", lines(with_class(classes=[f'"a ""{t}"""' for t in TEXT])), {**GOOD, "labels": [f'a "{s}"' for s in SPECIES]})
    add("class-with-spaces-around", lines(with_class(classes=[f" {t} " if i % 2 else t for i, t in enumerate(TEXT)])), GOOD)
    add("class-yes-no", lines(with_class(classes=["yes" if k else "no" for k in KINDS])), samples(["no", "yes"], [3], [int(k > 0) for k in KINDS], VALUES, NAMES))
    add("two-parts-of-class-names", lines(with_class(name="label", header=["class", "co2", "volt"])), error("class", "label", "--data-label-column|--label"))
    for name, cell in [("empty", ""), ("na", "NA"), ("nan", "NaN"), ("question-mark", "?"), ("dash", "-"), ("null", "null")]:
        text = lines(with_class(changed(5, 1, cell)))
        add(f"missing-{name}", text, {**filled(5, 1), "assumed": "1 .*missing|missing.* 1 "})
        add(f"missing-{name}-error", text, error("line 7", "co2", "--data-missing|--missing"), missing="error")
        add(f"missing-{name}-drop", text, without(5), missing="drop")
    add("missing-class-drop", lines(with_class(classes=TEXT[:5] + [""] + TEXT[6:])), without(5), missing="drop")
    grouped = [[t, f'"{int(c):,}"', v] for t, c, v in ROWS]
    add("thousands", lines(with_class(grouped)), GOOD, decimal="point")
    big = [[str(float(t)), f'"{int(c) * 1000:,}"', v] for t, c, v in ROWS]
    add("thousands-twice", lines(with_class(big)), samples(SPECIES, [3], KINDS, [[t, c * 1000, v] for t, c, v in VALUES], NAMES))
    european = [[t.replace(".", ","), f"{int(c):,}".replace(",", ".") + ",5", v.replace(".", ",")] for t, c, v in ROWS]
    add("thousands-european", lines(with_class(european), ";"), samples(SPECIES, [3], KINDS, [[t, c + 0.5, v] for t, c, v in VALUES], NAMES))
    add("trailing-separators", lines([row + [""] for row in with_class()]), GOOD)
    scientific = [[f"{float(t):.2e}", f"+{c}", v] for t, c, v in ROWS]
    add("scientific", lines(with_class(scientific)), samples(SPECIES, [3], KINDS, [[float(t), float(c), float(v)] for t, c, v in scientific], NAMES))
    stamps = [f"2024-03-01 10:{i:02d}:00" for i in range(24)]
    timed = [[stamp, *row] for stamp, row in zip(stamps, ROWS)]
    add("timestamps", lines(with_class(timed, header=["timestamp", *NAMES])), GOOD)
    add("row-numbers", lines(with_class([[str(i), *row] for i, row in enumerate(ROWS)], header=["", *NAMES])), GOOD)
    add("ids", lines(with_class([[str(i + 1), *row] for i, row in enumerate(ROWS)], header=["id", *NAMES])), GOOD)
    add("constant-column", lines(with_class([[*row, "7"] for row in ROWS], header=[*NAMES, "version"])), GOOD)
    add("ignored-column", lines(with_class([[*row, str(i * i)] for i, row in enumerate(ROWS)], header=[*NAMES, "serial"])), GOOD, ignore=["serial"])
    add("chosen-columns", lines(with_class([[*row, str(i * i % 7)] for i, row in enumerate(ROWS)], header=[*NAMES, "serial"])), GOOD, columns=NAMES)
    units = ["temp (°C)", "co2 [ppm]", "volt"]
    add("units", lines(with_class(header=units)), {**GOOD, "features": units})
    damaged = plain.split("\n")
    damaged[9] = damaged[9][:7]
    add("damaged-line", "\n".join(damaged), error("line 10", "cells|values|columns"))
    add("word-among-numbers", lines(with_class(changed(5, 2, "broken"))), error("line 7", "volt", "broken"))
    add("empty-file", "", error("empty"))
    add("header-only", "temp,co2,volt,species\n", error("data.csv", "row|sample"))
    add("one-class", lines(with_class(classes=["cat"] * 24)), error("cat|class", "anomaly|two|--label"))
    add("names-of-samples", lines(with_class(classes=[f"s{i}" for i in range(24)])), error("class", "--label"))
    add("measured-target", lines(with_class(classes=[f"{20 + i * 0.37:.2f}" for i in range(24)], name="target")), error("regression"))
    add("one-column", "1\n2\n3\n4\n", error("one column", "separat|divides"))
    add("workbook", b"PK\x03\x04" + bytes(60), error("Excel", "save|CSV"))
    add("gzip", b"\x1f\x8b\x08" + bytes(40), error("gzip", "decompress|unpack"))
    make_long(add)
    return cases.count


def make_long(add):
    """Rows that are moments: a class stays for 64 rows, in four stretches of each; windows of 16 rows, none over a change."""
    rows, values, classes = [], [], []
    for stretch in range(8):
        for i in range(64):
            x = [random.randint(-900, 900) * (1 + stretch % 2), random.randint(-50, 50), random.randint(900, 1100)]
            values.append(x)
            rows.append([f"{(64 * stretch + i) * 20}", *map(str, x), ["rest", "walk"][stretch % 2]])
            classes.append(stretch % 2)
    text = lines([["timestamp", "ax", "ay", "az", "activity"], *rows])
    windows, labels = [], []
    for begin in range(0, 512, 64):
        # Classes of fewer than seven stretches are cut where that leaves whole windows: here a stretch of 64 rows is one piece.
        for at in range(begin, begin + 64, 16):
            windows.append([values[t][c] for c in range(3) for t in range(at, at + 16)])
            labels.append(classes[at])
    add("long-table", text, samples(["rest", "walk"], [3, 1, 16], labels, windows, ["ax", "ay", "az"]), window=16, hop=16)

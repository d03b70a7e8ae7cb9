"""Makes the corpus: small files as people have them, each with the samples that were put in or what the one error must say.

    pip install pillow numpy && python make_corpus.py

A case is a folder: data/ as a user has it, and expected.json. corpus.test.ts reads them all.
"""

import make_arrays
import make_pictures
import make_recordings
import make_tables

if __name__ == "__main__":
    print(sum(part.make() for part in (make_tables, make_arrays, make_pictures, make_recordings)), "cases")

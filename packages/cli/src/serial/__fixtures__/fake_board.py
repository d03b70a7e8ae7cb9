"""What a board may say: fake_board.py <identity> <answer>... speaks for itself at a pseudo terminal, whose path it prints.

Asked who it is, it gives the identity; each sample gets the next answer, and the last one for ever. Backslashes are those of C. Texts have parts in
braces between what is printed: {wait 0.5} pauses; {deaf 0.5} pauses and loses what comes meanwhile, as a part does that buffers nothing;
{every 0.1} behind an identity repeats it for ever; {slow} in front of it reads 4096 characters in 0.4 s; {then} parts identities, of which each
question gets the next, and the last one for ever.
"""
import os
import re
import select
import sys
import time
import tty

identities, *answers = sys.argv[1:]
identities = identities.split("{then}")
board, device = os.openpty()
tty.setraw(device)
print(os.ttyname(device), flush=True)
is_slow = "{slow}" in identities[0]


def say(text):
    for part in re.split(r"(\{[^}]*\})", text):
        if not part.startswith("{"):
            os.write(board, part.encode().decode("unicode_escape").encode("latin1"))
            continue
        word, *seconds = part[1:-1].split()
        if word in ("wait", "deaf"):
            time.sleep(float(seconds[0]))
        while word == "deaf" and select.select([board], [], [], 0)[0]:
            os.read(board, 4096)
        while word == "every":
            time.sleep(float(seconds[0]))
            say(text[: text.index(part)])


line = b""
while True:
    for byte in os.read(board, 4096):
        if byte != 10:
            line += bytes([byte])
            continue
        if line == b"?":
            say(identities[0])
            identities = identities[1:] or identities
        elif line != b"":
            say(answers[0])
            answers = answers[1:] or answers
        line = b""
    if is_slow:
        time.sleep(0.4)

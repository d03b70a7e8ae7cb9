"""What a board may say: fake_board.py <identity> <answer>... speaks for itself at a pseudo terminal, whose path it prints.

Asked who it is, it gives the identity; each sample gets the next answer, and the last one for ever. Backslashes are those of C.
"""
import os
import sys
import tty

identity, *answers = (text.encode().decode("unicode_escape").encode("latin1") for text in sys.argv[1:])
board, device = os.openpty()
tty.setraw(device)
print(os.ttyname(device), flush=True)
line = b""
while True:
    for byte in os.read(board, 4096):
        if byte != 10:
            line += bytes([byte])
            continue
        if line == b"?":
            os.write(board, identity)
        elif line != b"":
            os.write(board, answers[0])
            answers = answers[1:] or answers
        line = b""

"""A serial port without a board: opens a pseudo terminal, prints the path of its device, and gives its other end to a program as input and output."""
import os
import subprocess
import sys
import tty

board, device = os.openpty()
tty.setraw(device)
print(os.ttyname(device), flush=True)
# Both directions: whoever simulates asks whether something has come.
os.set_blocking(board, False)
# `device` stays open: the other end would be gone with its last user.
sys.exit(subprocess.call(sys.argv[1:], stdin=board, stdout=board))

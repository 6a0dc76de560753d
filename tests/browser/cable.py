"""A network between a browser and the product that can go away as real ones do: without a word.

While it is cut nothing passes and nothing is closed. What was connected before stays dead for ever, as after a change
from one network to another; what tries to connect meanwhile waits until the cable is whole again.
"""

import contextlib
import socket
import threading


class Cable:
    def __init__(self, port: int) -> None:
        self.beyond, self.whole, self.over = port, threading.Event(), False
        self.whole.set()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        self.wires: list[Wire] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        self.whole.clear()
        for wire in self.wires:
            wire.dead = True

    def mend(self) -> None:
        self.whole.set()

    def close(self) -> None:
        self.over = True
        self.whole.set()
        self.listener.close()
        for wire in self.wires:
            wire.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self.listener.accept()
                threading.Thread(target=self._lay, args=(near,), daemon=True).start()

    def _lay(self, near: socket.socket) -> None:
        self.whole.wait()
        if self.over:
            near.close()
            return
        wire = Wire(near, socket.create_connection(("127.0.0.1", self.beyond)))
        self.wires.append(wire)
        for start, end in ((wire.near, wire.far), (wire.far, wire.near)):
            threading.Thread(target=wire.carry, args=(start, end), daemon=True).start()


class Wire:
    """One connection through the cable."""

    def __init__(self, near: socket.socket, far: socket.socket) -> None:
        self.near, self.far, self.dead = near, far, False

    def carry(self, start: socket.socket, end: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := start.recv(65536):
                if self.dead:  # lost on its way: nobody is told, and nobody hangs up
                    return
                end.sendall(data)
        if not self.dead:
            self.close()

    def close(self) -> None:
        for each in (self.near, self.far):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

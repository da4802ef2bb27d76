"""The `select` module of the virtual camera: waits for its wire without keeping the processor busy."""

import _board

POLLIN = 1
POLLOUT = 4
POLLERR = 8
POLLHUP = 16

# A wait without end is made of waits this long.
_LONG_MS = 60000


def _wait_for_nothing(timeout):
    _board.sleep_ms(timeout)
    return False


class _Poll:
    def __init__(self):
        self._masks = []

    def register(self, obj, eventmask=POLLIN | POLLOUT):
        """`obj`: a `machine.UART`, a socket, or the `sys.stdin` of a board with a USB port."""
        if not hasattr(obj, "_readable"):
            raise OSError(22)
        if not self._replace(obj, eventmask):
            self._masks.append((obj, eventmask))

    def modify(self, obj, eventmask):
        if not self._replace(obj, eventmask):
            raise OSError(2)

    def unregister(self, obj):
        self._masks = [entry for entry in self._masks if entry[0] is not obj]

    def poll(self, timeout=-1):
        """What is ready, as (object, events); an empty list after `timeout` ms. Below 0: waits for ever."""
        ready = self._ready()
        if ready or timeout == 0:
            return ready
        wait = _board.wire_wait if any(mask & POLLIN for _, mask in self._masks) else _wait_for_nothing
        while not wait(_LONG_MS if timeout < 0 else timeout):
            if timeout >= 0:
                break
        return self._ready()

    def ipoll(self, timeout=-1, flags=0):
        return iter(self.poll(timeout))

    def _ready(self):
        ready = []
        for obj, mask in self._masks:
            state = mask & (POLLOUT | (POLLIN if obj._readable() else 0))
            if state:
                ready.append((obj, state))
        return ready

    def _replace(self, obj, eventmask):
        for index, entry in enumerate(self._masks):
            if entry[0] is obj:
                self._masks[index] = (obj, eventmask)
                return True
        return False


def poll():
    return _Poll()

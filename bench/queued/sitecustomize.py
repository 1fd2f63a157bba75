"""Gives each stream a queue and a greenlet that writes it, in place of the cursors.

For the record of one decision (bench/queues.py). The greenlet is spawned after the takeover, so
it does not carry gunicorn's stack. Rounds, merging, turns and rests stay the hub's: a round puts
what is after a stream's cursor into its queue, where it would write it. The greenlet joins what
waits and writes it, waiting for room as long as the hub would. A full queue ends the stream.
"""

import importlib.machinery
import os
import sys

DEPTH = 256


def replace(name, patch):
    """Call `patch` with the module `name` as soon as it is imported."""

    class Finder:
        @staticmethod
        def find_spec(wanted, path=None, target=None):
            if wanted != name:
                return None
            spec = importlib.machinery.PathFinder.find_spec(wanted, path, target)
            load = spec.loader.exec_module

            def load_and_patch(module):
                load(module)
                patch(module)

            spec.loader.exec_module = load_and_patch
            return spec

    sys.meta_path.insert(0, Finder)


def subscriber(module):
    class Queued(module.Subscriber):
        __slots__ = ("queue", "writer")

    module.Subscriber = Queued


def hub(module):
    import gevent
    from gevent.queue import Full, Queue
    from gevent.socket import wait_write

    class QueuedHub(module.Hub):
        def add(self, sub):
            sub.queue = Queue(DEPTH)
            sub.writer = gevent.spawn(self._write, sub)
            super().add(sub)

        def end(self, sub, reason):
            if sub.open and sub.writer is not gevent.getcurrent():
                sub.writer.kill(block=False)
            super().end(sub, reason)

        def _round(self, channel):
            for count, sub in enumerate(list(self.members.get(channel.venue_id, ())), 1):
                if sub.open and sub.seq < channel.head:
                    self._pull(sub)
                    if count % module.WRITES_PER_YIELD == 0:
                        gevent.sleep(1e-6)

        def _pull(self, sub):
            channel = sub.channel
            while sub.open and sub.seq < channel.head:
                if sub.seq < channel.floor:
                    self.end(sub, "slow")
                    return
                data, reached = channel.since(sub.seq, sub.form)
                module.DELIVERED[0] += reached - sub.seq
                sub.seq = reached
                self._send(sub, data)

        def _send(self, sub, data):
            try:
                sub.queue.put_nowait(data)
            except Full:
                self.end(sub, "slow")
            return sub.open

        def _write(self, sub):
            queue, send = sub.queue, sub.sock.send
            while True:
                data = queue.get()
                if not queue.empty():
                    parts = [data]
                    while not queue.empty():
                        parts.append(queue.get_nowait())
                    data = b"".join(parts)
                while data:
                    try:
                        taken = send(data)
                    except module.REFUSED:
                        taken = 0
                    except OSError:
                        return self.end(sub, "gone")
                    module.DELIVERED[1] += taken
                    data = data[taken:] if taken < len(data) else b""
                    if data:
                        try:
                            wait_write(sub.fd, timeout=module.STALL_S)
                        except OSError:
                            return self.end(sub, "stuck")

    module.Hub = QueuedHub
    if "BENCH_QUEUED" in os.environ:  # so that the bench knows that this ran
        with open(os.environ["BENCH_QUEUED"], "a") as file:
            file.write("queued\n")


replace("reservas.realtime.subscriber", subscriber)
replace("reservas.realtime.hub", hub)

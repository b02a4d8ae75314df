"""No process of the build of the site speaks to another machine (离线构建).

Python imports a module of this name at its start; `offline` puts its folder on the path of the kernels.
"""

import sys

HERE = frozenset(("127.0.0.1", "::1", "localhost", "0.0.0.0", "", None))  # noqa: S104 - allowed, not bound


def _forbid(event: str, arguments: tuple[object, ...]) -> None:
    if event == "socket.getaddrinfo":
        host = arguments[0]
    elif event in ("socket.connect", "socket.sendto") and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    else:
        return
    if (host.decode() if isinstance(host, bytes) else host) not in HERE:
        raise ConnectionRefusedError(f"the site is built without a network, and {host} was asked for")


sys.addaudithook(_forbid)

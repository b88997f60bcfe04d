"""Word to the person, over whatever they use, and to a monitor: the only place that knows Apprise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.tools.later import imported_later

if TYPE_CHECKING:
    from pipeline.notify.message import Address, Message, Sent, addresses
    from pipeline.notify.monitor import Monitor, Ping, unusable
    from pipeline.notify.post import INSTALL, parsed, send

__all__ = [
    "INSTALL",
    "Address",
    "Message",
    "Monitor",
    "Ping",
    "Sent",
    "addresses",
    "parsed",
    "send",
    "unusable",
]

__getattr__ = imported_later(
    __name__,
    {
        "Address": "message",
        "INSTALL": "post",
        "Message": "message",
        "Monitor": "monitor",
        "Ping": "monitor",
        "Sent": "message",
        "addresses": "message",
        "parsed": "post",
        "send": "post",
        "unusable": "monitor",
    },
)

"""Word to the person, over whatever they use, and to a monitor: the only place that knows Apprise."""

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

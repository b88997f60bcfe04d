"""Word to the person, over whatever they use: the only place that knows Apprise."""

from pipeline.notify.message import Address, Message, Sent, addresses
from pipeline.notify.post import INSTALL, parsed, send

__all__ = ["INSTALL", "Address", "Message", "Sent", "addresses", "parsed", "send"]

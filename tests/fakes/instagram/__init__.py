"""A stand-in for Instagram on this machine, for the unmodified instagrapi client."""

from __future__ import annotations

from fakes.instagram.faults import Fault
from fakes.instagram.model import Story, Upload, User, Venue
from fakes.instagram.stand_in import StandIn
from fakes.instagram.wire import Request

__all__ = ["Fault", "Request", "StandIn", "Story", "Upload", "User", "Venue"]

"""A stand-in for Instagram on this machine, for the unmodified instagrapi client.

    with StandIn({"shop": User("a password")}) as instagram:
        client = Client(proxy=instagram.proxy, tls_verify=str(instagram.ca_file))
        instagram.faults.add("media/configure_to_story", Fault.DROP_AFTER)
        ...
        assert len(instagram.stories) == 1

StandInProcess is the same as a process of its own. The client must not read REQUESTS_CA_BUNDLE, which would
replace `tls_verify`: set `trust_env = False` on its sessions, as `phone` does.
"""

from __future__ import annotations

from fakes.instagram.faults import Fault
from fakes.instagram.model import Story, Upload, User, Venue
from fakes.instagram.process import StandInProcess
from fakes.instagram.stand_in import StandIn
from fakes.servers.wire import Request

__all__ = ["Fault", "Request", "StandIn", "StandInProcess", "Story", "Upload", "User", "Venue"]

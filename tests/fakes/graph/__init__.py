"""A stand-in for Meta's Graph API on this machine: stories on Instagram and on Facebook pages.

    with GraphStandIn(cast=Cast(web={"media.example.com": "http://127.0.0.1:8000"})) as graph:
        requests.get("https://graph.facebook.com/v25.0/me", proxies={"https": graph.proxy},
                     verify=graph.ca_file, headers={"Authorization": f"Bearer {graph.page_token}"})
        graph.faults.add("POST */media_publish", Fault.DROP_AFTER)
        graph.processing_s = 30
        graph.clock.advance(31)
        ...
        assert len(graph.stories(SHOP.id)) == 1 and not graph.offences

GraphStandInProcess is the same as a process of its own. It was written from the documentation (v25.0, 2026);
what that leaves open is said where it was decided.
"""

from __future__ import annotations

from fakes.graph.faults import LIMITS, PERSON, Fault
from fakes.graph.model import PAGE, SHOP, Account, Draft, Page, Story, Token
from fakes.graph.process import GraphStandInProcess
from fakes.graph.stand_in import GraphStandIn
from fakes.graph.world import Cast
from fakes.servers.wire import Request

__all__ = [
    "LIMITS",
    "PAGE",
    "PERSON",
    "SHOP",
    "Account",
    "Cast",
    "Draft",
    "Fault",
    "GraphStandIn",
    "GraphStandInProcess",
    "Page",
    "Request",
    "Story",
    "Token",
]

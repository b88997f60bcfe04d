"""Media that is fetched from the public web, which is a table of loopback servers here."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from fakes.graph.errors import media
from fakes.graph.world import World

AGENT = "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"
PATIENCE_S = 5


def fetch(world: World, url: str) -> bytes:
    """The bytes behind an https address. Raises Refused as Instagram does."""
    unfetched = media(9004, 2207052, f"The media could not be fetched from this uri: {url}")
    asked = urlsplit(url)
    server = world.web.get(asked.hostname or "")
    if asked.scheme != "https" or server is None:
        raise unfetched
    world.fetched.append(url)
    here = urlsplit(server)
    line = http.client.HTTPConnection(here.hostname or "", here.port, timeout=PATIENCE_S)
    target = asked.path + (f"?{asked.query}" if asked.query else "")
    try:
        line.request("GET", target, headers={"Host": asked.netloc, "User-Agent": AGENT})
        answer = line.getresponse()
        body = answer.read()
    except TimeoutError:
        raise media(-2, 2207003, "It takes too long to download the media.") from None
    except (OSError, http.client.HTTPException):
        raise unfetched from None
    finally:
        line.close()
    if answer.status != 200:
        raise unfetched
    return body

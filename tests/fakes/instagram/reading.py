"""The endpoints that only tell: who am I, what is live, who is that, where is that."""

from __future__ import annotations

from fakes.instagram.listing import person, story_item, venue_item
from fakes.instagram.model import Story
from fakes.instagram.world import World
from fakes.servers.pictures import thumbnail
from fakes.servers.wire import Answer, Reply, Request, as_json, refusal

NOT_FOUND = refusal(404, "Media not found or unavailable")
MOST_FOUND = 20


def current_user(world: World, user: str, request: Request) -> Reply:
    return as_json({"user": person(world.pk_of(user), user)})


def stories_of(world: World, user: str, request: Request) -> Reply:
    """What an account has live; `reel` is null when that is nothing."""
    pk = request.endpoint.split("/")[2]
    username = world.name_of(pk)
    live = world.live(username) if username else []
    if not username or not live:
        return as_json({"broadcast": None, "reel": None})
    reel = {
        "id": pk,
        "user": person(pk, username),
        "items": [story_item(story) for story in live],
        "latest_reel_media": int(live[-1].taken_at.timestamp()),
        "media_count": len(live),
        "reel_type": "user_reel",
    }
    return as_json({"broadcast": None, "reel": reel})


def found(world: World, request: Request) -> Story | None:
    """The story whose number stands second in the endpoint."""
    story = world.stories.get(request.endpoint.split("/")[1].split("_")[0])
    return None if story is None or story.deleted else story


def media_info(world: World, user: str, request: Request) -> Reply:
    story = found(world, request)
    return NOT_FOUND if story is None else as_json({"items": [story_item(story)], "num_results": 1})


def viewers(world: World, user: str, request: Request) -> Reply:
    return NOT_FOUND if found(world, request) is None else as_json({"users": [], "total_viewer_count": 0})


def user_by_name(world: World, user: str, request: Request) -> Reply:
    """Anyone whose name doesn't begin with `nobody` exists."""
    username = request.endpoint.split("/")[1]
    if username.startswith("nobody"):
        return refusal(404, "User not found")
    return as_json({"user": person(world.pk_of(username), username)})


def user_by_pk(world: World, user: str, request: Request) -> Reply:
    pk = request.endpoint.split("/")[1]
    username = world.name_of(pk)
    return refusal(404, "User not found") if username is None else as_json({"user": person(pk, username)})


def places_near(world: World, user: str, request: Request) -> Reply:
    """The nearest first."""
    lat, lng = float(request.query.get("latitude", 0)), float(request.query.get("longitude", 0))
    nearest = sorted(world.places, key=lambda place: (place.lat - lat) ** 2 + (place.lng - lng) ** 2)
    return as_json({"venues": [venue_item(place) for place in nearest[:MOST_FOUND]]})


def place_info(world: World, user: str, request: Request) -> Reply:
    pk = request.endpoint.split("/")[1]
    place = next((place for place in world.places if str(place.pk) == pk), None)
    return refusal(404, "Location not found") if place is None else as_json(venue_item(place))


def top_search(world: World, user: str, request: Request) -> Reply:
    """What the website's search finds; only places here."""
    wanted = request.query.get("query", "").casefold()
    matching = [place for place in world.places if wanted in place.name.casefold()]
    return as_json({"users": [], "places": [{"place": {"location": venue_item(it)}} for it in matching]})


def website(world: World, user: str, request: Request) -> Reply:
    """Nothing is told to who isn't logged in."""
    return refusal(401, "Please wait a few minutes before you try again.", require_login=True)


def feed(world: World, user: str, request: Request) -> Reply:
    """What a phone loads after the login."""
    return as_json({"tray": [], "feed_items": [], "more_available": False})


def done(world: World, user: str, request: Request) -> Reply:
    return as_json({})


def picture(world: World, user: str, request: Request) -> Reply:
    """The small picture of a story, as `/v/t51/<pk>_<width>.jpg`."""
    pk, _, width = request.path.rsplit("/", 1)[1].removesuffix(".jpg").partition("_")
    story = world.stories.get(pk)
    if story is None or not width:
        return Answer(404, b"")
    jpeg = thumbnail(world.media(story.sha256), story.kind, int(width))
    return Answer(200, jpeg, (("content-type", "image/jpeg"),))


def film(world: World, user: str, request: Request) -> Reply:
    """The video of a story, as `/o1/<pk>.mp4`."""
    story = world.stories.get(request.path.rsplit("/", 1)[1].removesuffix(".mp4"))
    if story is None:
        return Answer(404, b"")
    return Answer(200, world.media(story.sha256).read_bytes(), (("content-type", "video/mp4"),))

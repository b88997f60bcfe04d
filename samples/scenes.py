"""The pictures: what lies where in each scene, and how it is lit."""

from __future__ import annotations

import numpy as np

import florist
from bakery import beans, cookie, croissant, crumbs, flour, loaf
from ceramics import CREAM, PLATE, cup_of_coffee, spoon, turned
from field import linear
from florist import dahlia, eucalyptus, leaf
from ground import Timber, linen, paper, wood
from light import Lamp, Lit, light
from relief import Place, Relief, empty

OAK = Timber(linear("#b98a5c"), linear("#6b4326"), 7.0)
WALNUT = Timber(linear("#5e4938"), linear("#2c1f17"), 9.0)
WHITEWASHED = Timber(linear("#d8cbb8"), linear("#a8967f"), 8.3)
LINEN = linear("#e9e0d0")


def coffee_from_above(px_per_cm: float) -> Lit:
    """Portrait, 25.5 × 34 cm: a latte, a croissant at the edge, linen, beans."""
    table = empty((25.5, 34), px_per_cm)
    wood(table, OAK, 8)
    linen(table, Place(2.6, 30.5, -24, seed=5), (13, 16), LINEN)
    cup_of_coffee(table, Place(12.4, 18.2, 32))
    spoon(table, Place(6.1, 18.6, 12, 0.9, 1.25))
    turned(table, Place(21.2, 4.6), PLATE, CREAM)
    croissant(table, Place(20.2, 5.0, 160, 0.95, 0.5))
    beans(table, Place(21.3, 30, seed=4), 4.2, 24)
    crumbs(table, [Place(15, 10, seed=3)], 3, 8)
    return light(table, Lamp())


def breakfast(px_per_cm: float) -> Lit:
    """Landscape, 44 × 27 cm: the table laid for two, wide enough for the camera to move over it."""
    table = empty((44, 27), px_per_cm)
    wood(table, OAK, 84)
    linen(table, Place(2.5, 24, -18, seed=5), (15, 17), LINEN)
    turned(table, Place(31.5, 11.5), PLATE, CREAM)
    croissant(table, Place(29.6, 9.4, 12, 0.88, 0.5))
    croissant(table, Place(33.0, 14.2, -160, 0.88, 0.5, 4))
    cup_of_coffee(table, Place(14.2, 12.6, 30))
    spoon(table, Place(7.9, 12.8, 10, 0.9, 1.25))
    _twig_and_bloom(table)
    crumbs(table, [Place(31, 20, seed=3), Place(22, 9, seed=8)], 4, 12)
    beans(table, Place(22.0, 24.0, seed=4), 4.0, 20)
    return light(table, Lamp())


def _twig_and_bloom(table: Relief) -> None:
    eucalyptus(table, Place(44, 27.5, -150, 0.95, seed=4), 8)
    dahlia(table, Place(42.0, 25.0, seed=2, scale=0.85), florist.BLUSH)
    eucalyptus(table, Place(17, -2.5, 8, 0.85, seed=7), 8)


def bread(px_per_cm: float) -> Lit:
    """Landscape, 36 × 24 cm: a floured sourdough on dark wood."""
    table = empty((36, 24), px_per_cm)
    wood(table, WALNUT, 90)
    linen(table, Place(34, 22, 14, seed=15), (15, 14), linear("#8f9a93"))
    flour(table, Place(15, 12, seed=5), 12)
    loaf(table, Place(16.5, 12.0, -35))
    crumbs(table, [Place(28, 9, seed=13)], 4, 12)
    return light(table, Lamp(from_deg=200, up_deg=30, colour=(3.3, 2.7, 2.0), room=(0.25, 0.28, 0.36)))


def croissants(px_per_cm: float) -> Lit:
    """Landscape, 36 × 24 cm: croissants and cookies on baking paper."""
    table = empty((36, 24), px_per_cm)
    wood(table, OAK, 90, 11)
    paper(table, Place(17, 12, -8, seed=3), (27, 20), linear("#efe6d6"))
    croissant(table, Place(10.4, 8.0, -14))
    croissant(table, Place(23.0, 6.6, 12, seed=4))
    croissant(table, Place(13.5, 17.6, 172, seed=7))
    cookie(table, Place(24.5, 17.0, seed=3))
    cookie(table, Place(30.2, 13.0, seed=5))
    crumbs(table, [Place(17, 12, seed=3)], 9, 26)
    return light(table, Lamp())


def dahlias(px_per_cm: float) -> Lit:
    """Portrait, 27 × 36 cm: the day's flowers on whitewashed wood."""
    table = empty((27, 36), px_per_cm)
    wood(table, WHITEWASHED, 90)
    _greenery(table, (13.5, 18.5), 8.6)
    for x, y, turn, seed in ((3.5, 33, -48, 2), (23.5, 3.5, 122, 4), (25.0, 31.5, -140, 5), (2.0, 7, 25, 6)):
        eucalyptus(table, Place(x, y, turn, 1.1, seed=seed), 7)
    dahlia(table, Place(9.0, 24.4, seed=1, scale=1.08), florist.PEACH)
    dahlia(table, Place(18.6, 12.4, seed=2, scale=1.12), florist.BLUSH)
    dahlia(table, Place(8.2, 12.6, seed=3, scale=1.12), florist.CREAM)
    dahlia(table, Place(19.4, 22.8, seed=4, scale=1.05), florist.WINE)
    dahlia(table, Place(15.0, 30.4, seed=7, scale=0.72), florist.BLUSH)
    return light(table, Lamp(room=(0.50, 0.53, 0.60)))


def dahlias_wide(px_per_cm: float) -> Lit:
    """Landscape, 40 × 24 cm: the same flowers along a table."""
    table = empty((40, 24), px_per_cm)
    wood(table, WHITEWASHED, 90)
    for x, y, turn, seed in ((1, 20, -40, 2), (39, 5, 150, 4), (37, 23, -150, 5), (3, 3, 30, 6)):
        eucalyptus(table, Place(x, y, turn, 1.1, seed=seed), 8)
    _greenery(table, (13, 12), 7.4)
    _greenery(table, (26, 12), 7.4)
    dahlia(table, Place(11.5, 11.0, seed=1, scale=1.1), florist.PEACH)
    dahlia(table, Place(22.2, 14.6, seed=2, scale=1.12), florist.BLUSH)
    dahlia(table, Place(31.2, 9.4, seed=3, scale=1.1), florist.CREAM)
    dahlia(table, Place(21.4, 4.4, seed=4, scale=0.9), florist.WINE)
    dahlia(table, Place(33.0, 18.4, seed=7, scale=0.8), florist.WINE)
    return light(table, Lamp(from_deg=205, up_deg=46, room=(0.5, 0.53, 0.6)))


def _greenery(table: Relief, centre_cm: tuple[float, float], radius_cm: float) -> None:
    for number in range(14):
        around = number * 0.46
        x = centre_cm[0] + radius_cm * float(np.cos(around))
        y = centre_cm[1] + radius_cm * 1.15 * float(np.sin(around))
        leaf(table, Place(x, y, float(np.rad2deg(around)) + 12 * (number % 3 - 1), 6.6, seed=number))

"""Frames of a code as a door's camera gives them, each kind from easy to beyond reading.

The same on every machine: each frame has its own seeded generator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import segno
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from reservas.domain import ticket

SIDE = 720  # pixels, as the page cuts them out of the camera's picture
LEVELS, EACH = 10, 3  # steps from the easiest to the hardest of a kind, frames at each
MODULE = 9.0  # pixels of one module where nothing else is said: 300 px of code at arm's length
ALPHABET = list("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")

Picture = NDArray[np.float64]
Random = np.random.Generator
#: Takes how hard (from .. to), and the generator; returns the picture of a sheet's code.
Make = Callable[[Image.Image, float, Random], Picture]


@dataclass(frozen=True)
class Kind:
    """One way in which a frame is hard: what varies, from where to where."""

    name: str
    varies: str
    easiest: float
    hardest: float
    make: Make


@dataclass(frozen=True)
class Frame:
    kind: Kind
    text: str
    luma: NDArray[np.uint8]


def frames() -> Iterator[Frame]:
    for at, kind in enumerate(KINDS):
        for number in range(LEVELS * EACH):
            random = np.random.default_rng([2026, at, number])
            text = code(random)
            hard = kind.easiest + (kind.hardest - kind.easiest) * (number // EACH) / (LEVELS - 1)
            picture = kind.make(sheet(text), hard, random)
            yield Frame(kind, text, np.clip(picture, 0, 255).astype(np.uint8))


def code(random: Random) -> str:
    """Return a guest's code: 49 characters."""
    return ticket.issue(bytes(32), 1, "".join(random.choice(ALPHABET, 16)), 1)


def sheet(text: str) -> Image.Image:
    """Return the code with its quiet zone, a pixel to a module."""
    matrix = np.array(list(segno.make(text, error="m").matrix_iter(border=4)))
    return Image.fromarray(np.where(matrix, 25, 230).astype(np.uint8))


def held(
    code: Image.Image, random: Random, module: float = MODULE, tilt: float = 0, room: float = 120
) -> Picture:
    """Return the sheet as somebody holds it: a little turned, not in the middle, in a room.

    `tilt` is in degrees, about an axis in the sheet's plane.
    """
    half = code.width * module / 2
    corners = np.array([(-half, -half, 0), (half, -half, 0), (half, half, 0), (-half, half, 0)])
    seen = corners @ (turned(random.uniform(-10, 10)) @ tilted(tilt, random)).T
    distance = 1000
    flat = seen[:, :2] * (distance / (distance + seen[:, 2:]))
    flat += SIDE / 2 + random.uniform(-25, 25, 2)
    edge = code.width
    source = [(0, 0), (edge, 0), (edge, edge), (0, edge)]
    # Each module is drawn large first, so that its edges stay where they are.
    large = code.resize((edge * 16, edge * 16), Image.Resampling.NEAREST)
    size, ways = (SIDE * 2, SIDE * 2), homography(flat * 2, [(16 * x, 16 * y) for x, y in source])
    how = {"resample": Image.Resampling.BICUBIC, "fillcolor": int(room)}
    drawn = large.transform(size, Image.Transform.PERSPECTIVE, ways, **how)
    return np.asarray(drawn.resize((SIDE, SIDE), Image.Resampling.BOX), dtype=float)


def turned(degrees: float) -> Picture:
    sin, cos = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    return np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])


def tilted(degrees: float, random: Random) -> Picture:
    axis = turned(random.uniform(0, 360))
    sin, cos = np.sin(np.radians(degrees)), np.cos(np.radians(degrees))
    return axis @ np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]]) @ axis.T


def homography(places: Picture, source: list[tuple[int, int]]) -> list[float]:
    """Return Pillow's eight coefficients: from a place in the frame to one in the source."""
    rows, values = [], []
    for (x, y), (u, v) in zip(places, source, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return [float(each) for each in np.linalg.solve(np.array(rows), np.array(values))]


def noise(picture: Picture, sigma: float, random: Random) -> Picture:
    return picture + random.normal(0, sigma, picture.shape)


def sharp(code: Image.Image, _: float, random: Random) -> Picture:
    return noise(held(code, random), 3, random)


def blurred(code: Image.Image, radius: float, random: Random) -> Picture:
    image = Image.fromarray(held(code, random).astype(np.uint8))
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), dtype=float)
    return noise(soft, 3, random)


def moved(code: Image.Image, way: float, random: Random) -> Picture:
    """Average the picture along a line: the hand moved while the shutter was open."""
    picture, angle = held(code, random), random.uniform(0, np.pi)
    steps = np.linspace(-way / 2, way / 2, int(way) + 2)
    shifts = [(round(step * np.sin(angle)), round(step * np.cos(angle))) for step in steps]
    along = [np.roll(picture, shift, axis=(0, 1)) for shift in shifts]
    return noise(np.mean(along, axis=0), 3, random)


def tilt(code: Image.Image, degrees: float, random: Random) -> Picture:
    return noise(held(code, random, tilt=degrees), 3, random)


def dark(code: Image.Image, light: float, random: Random) -> Picture:
    """Keep a share of the light; the sensor's noise stays as it was."""
    return noise(held(code, random) * light, 3, random)


def faint(code: Image.Image, contrast: float, random: Random) -> Picture:
    return noise(128 + (held(code, random) - 128) * contrast, 3, random)


def small(code: Image.Image, module: float, random: Random) -> Picture:
    return noise(held(code, random, module=module), 3, random)


def noisy(code: Image.Image, sigma: float, random: Random) -> Picture:
    return noise(held(code, random), sigma, random)


def covered(code: Image.Image, share: float, random: Random) -> Picture:
    """Lay a finger over a share of the code's area, anywhere on it."""
    picture, span = held(code, random), (code.width - 8) * MODULE
    radius = np.sqrt(share * span**2 / np.pi)
    y, x = SIDE / 2 + random.uniform(-0.5, 0.5, 2) * span
    down, across = np.mgrid[:SIDE, :SIDE]
    finger = (down - y) ** 2 + (across - x) ** 2 < radius**2
    return noise(np.where(finger, 150, picture), 3, random)


def shaded(code: Image.Image, light: float, random: Random) -> Picture:
    """Let a hard shadow fall on one side of the code, at any angle; `light` is what it leaves."""
    down, across = np.mgrid[:SIDE, :SIDE] - SIDE / 2
    angle = random.uniform(0, 2 * np.pi)
    shadow = down * np.sin(angle) + across * np.cos(angle) > random.uniform(-80, 80)
    return noise(held(code, random) * np.where(shadow, light, 1), 3, random)


def inverted(code: Image.Image, radius: float, random: Random) -> Picture:
    """Show light on dark, as some phones show pages at night; softer and softer."""
    image = Image.fromarray((255 - held(code, random, room=225)).astype(np.uint8))
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(radius)), dtype=float)
    return noise(soft, 3, random)


KINDS = (
    Kind("sharp", "nothing", 0, 0, sharp),
    Kind("blurred", "radius, px (a module has 9)", 2, 9, blurred),
    Kind("moved", "way in the exposure, px", 4, 22, moved),
    Kind("tilted", "degrees", 20, 74, tilt),
    Kind("dark", "share of the light", 0.3, 0.02, dark),
    Kind("low contrast", "share of the contrast", 0.3, 0.02, faint),
    Kind("small", "px a module", 3.5, 1.2, small),
    Kind("noisy", "sigma of 255", 20, 140, noisy),
    Kind("partly covered", "share of the code's area", 0.01, 0.15, covered),
    Kind("half in a shadow", "light left there", 0.6, 0.06, shaded),
    Kind("inverted", "and blurred, radius, px", 0, 6.3, inverted),
)

"""Writes videos that Chromium's fake camera plays: a QR code on paper, in plain Python."""

from __future__ import annotations

from pathlib import Path
from random import Random

import segno

WIDTH, HEIGHT = 640, 480
WHITE, BLACK = 235, 16  # luma as cameras give it


def code_picture(
    text: str, module: int = 6, left: int | None = None, white: int = WHITE, noise: int = 0
) -> bytes:
    """Return the luma of one frame: a darker room and a sheet with the code, in the middle.

    `left` moves the sheet to so many pixels from the edge, `white` is how bright the paper is, and
    `noise` how far a pixel may be from what it should be.
    """
    matrix = [bytes(row) for row in segno.make(text, error="m").matrix_iter(border=4)]
    side = module * len(matrix)
    top = (HEIGHT - side) // 2
    left = (WIDTH - side) // 2 if left is None else left
    assert top >= 0, "the code is larger than the frame"
    frame = bytearray([(BLACK + white) // 2]) * (WIDTH * HEIGHT)
    for y in range(side):
        cells = matrix[y // module]
        at = (top + y) * WIDTH + left
        frame[at : at + side] = b"".join(
            bytes([BLACK if dark else white]) * module for dark in cells
        )
    off = Random(1).choices(range(-noise, noise + 1), k=len(frame))
    return bytes(max(0, value + by) for value, by in zip(frame, off, strict=True))


def write_y4m(path: Path, pictures: list[bytes], rate: int = 10) -> None:
    """Write an uncompressed video without colour; the fake camera plays it over and over."""
    colour = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as file:
        file.write(b"YUV4MPEG2 W%d H%d F%d:1 Ip A1:1 C420jpeg\n" % (WIDTH, HEIGHT, rate))
        for picture in pictures:
            file.write(b"FRAME\n" + picture + colour)


def camera_plays(video: Path) -> tuple[str, str]:
    """Return Chromium's arguments for a camera that shows the video."""
    fake = "--use-fake-device-for-media-stream"
    return fake, f"--use-file-for-fake-video-capture={video}"

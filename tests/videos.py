"""Writes videos that Chromium's fake camera plays: a QR code on paper, in plain Python."""

from __future__ import annotations

from pathlib import Path

import segno

WIDTH, HEIGHT = 640, 480
WHITE, GREY, BLACK = 235, 110, 16  # luma as cameras give it


def code_picture(text: str, module: int = 6) -> bytes:
    """Return the luma of one frame: a grey room, and in its middle a sheet with the code."""
    matrix = [bytes(row) for row in segno.make(text, error="m").matrix]
    side = module * (len(matrix) + 8)
    left, top = (WIDTH - side) // 2, (HEIGHT - side) // 2
    assert top >= 0, "the code is larger than the frame"
    frame = bytearray([GREY]) * (WIDTH * HEIGHT)
    for y in range(side):
        row = y // module - 4
        at = (top + y) * WIDTH + left
        frame[at : at + side] = _line(matrix, row, module)
    return bytes(frame)


def _line(matrix: list[bytes], row: int, module: int) -> bytes:
    quiet = bytes([WHITE]) * (4 * module)
    if not 0 <= row < len(matrix):
        return bytes([WHITE]) * (module * (len(matrix) + 8))
    cells = b"".join(bytes([BLACK if dark else WHITE]) * module for dark in matrix[row])
    return quiet + cells + quiet


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

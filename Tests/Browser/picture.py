"""Makes a PNG small: at most 256 colours, named by a palette (PNG, third edition: https://www.w3.org/TR/png-3/)."""

import struct
import zlib
from collections import Counter

SIGNATURE = b"\x89PNG\r\n\x1a\n"
COLOURS_MAX = 256


def small(png):
    """The same picture with a palette. A page of text has few colours but for the edges of its letters: the rarest of
    them become their nearest neighbour."""
    width, height, channels, rows = _read(png)
    counts = Counter()
    for row in rows:
        counts.update(zip(row[0::channels], row[1::channels], row[2::channels]))
    palette = [colour for colour, _ in counts.most_common(COLOURS_MAX)]
    place = {colour: index for index, colour in enumerate(palette)}
    for colour in counts:
        if colour not in place:
            place[colour] = min(range(len(palette)), key=lambda index: _distance(palette[index], colour))
    lines = b"".join(
        b"\0" + bytes(map(place.__getitem__, zip(row[0::channels], row[1::channels], row[2::channels]))) for row in rows
    )
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    return SIGNATURE + b"".join(
        _chunk(name, data)
        for name, data in [
            (b"IHDR", header),
            (b"PLTE", b"".join(map(bytes, palette))),
            (b"IDAT", zlib.compress(lines, 9)),
            (b"IEND", b""),
        ]
    )


def _distance(one, other):
    return sum((left - right) ** 2 for left, right in zip(one, other))


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _read(png):
    """Width, height, bytes a pixel, and the rows of a picture of 8 bits a channel without interlacing."""
    if not png.startswith(SIGNATURE):
        raise ValueError("no PNG")
    offset, data, header = len(SIGNATURE), b"", None
    while offset < len(png):
        length, name = struct.unpack(">I4s", png[offset : offset + 8])
        body = png[offset + 8 : offset + 8 + length]
        if name == b"IHDR":
            header = struct.unpack(">IIBBBBB", body)
        elif name == b"IDAT":
            data += body
        offset += 12 + length
    width, height, depth, kind, _, _, interlaced = header
    if depth != 8 or kind not in (2, 6) or interlaced:
        raise ValueError("a PNG of another kind than a browser makes")
    channels = 3 if kind == 2 else 4
    raw = zlib.decompress(data)
    length = width * channels
    rows, before = [], bytes(length)
    for number in range(height):
        start = number * (length + 1)
        before = _unfiltered(raw[start], bytearray(raw[start + 1 : start + 1 + length]), before, channels)
        rows.append(before)
    return width, height, channels, rows


def _unfiltered(kind, row, above, step):
    """A row as it was before its filter (PNG, section 9)."""
    if kind == 1:
        for place in range(step, len(row)):
            row[place] = (row[place] + row[place - step]) & 255
    elif kind == 2:
        row = bytearray((own + upper) & 255 for own, upper in zip(row, above))
    elif kind == 3:
        for place in range(len(row)):
            left = row[place - step] if place >= step else 0
            row[place] = (row[place] + (left + above[place]) // 2) & 255
    elif kind == 4:
        for place in range(len(row)):
            left, corner = (row[place - step], above[place - step]) if place >= step else (0, 0)
            upper = above[place]
            guess = left + upper - corner
            distances = abs(guess - left), abs(guess - upper), abs(guess - corner)
            nearest = distances.index(min(distances))
            row[place] = (row[place] + (left, upper, corner)[nearest]) & 255
    return bytes(row)

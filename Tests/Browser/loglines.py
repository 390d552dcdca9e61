"""Lines of logs that several tests use."""

from console import stamp


def nginx(message, seconds_ago=60):
    return f"{stamp(seconds_ago)} [error] 812#812: *7 {message}, client: 198.51.100.67, server: shop.example.com\n"


REFUSED = "connect() failed (111: Connection refused) while connecting to upstream"
TIMED_OUT = "upstream timed out (110: Connection timed out) while reading response header from upstream"
MISSING = 'open() "/srv/www/missing.html" failed (2: No such file or directory)'
RESET = "recv() failed (104: Connection reset by peer) while reading response header from upstream"
LOG = nginx(REFUSED, 3000) * 3 + nginx(TIMED_OUT, 2000) * 2 + nginx(RESET, 900)

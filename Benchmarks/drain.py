#!/usr/bin/env python3
"""How many messages a second Drain3 groups: drain.py MESSAGES, a file with one message to a line.

Reads at most the first 200,000; the rate falls with the number of groups, not with that of messages.
"""
import itertools
import sys
import time

from drain3 import TemplateMiner
from drain3.template_miner_config import TemplateMinerConfig

MESSAGES_MAX = 200_000

with open(sys.argv[1], encoding="utf-8", errors="replace") as file:
    messages = [line.rstrip("\n") for line in itertools.islice(file, MESSAGES_MAX)]
miner = TemplateMiner(config=TemplateMinerConfig())
start = time.process_time()
for message in messages:
    miner.add_log_message(message)
seconds = time.process_time() - start
print(f"drain3  {int(len(messages) / seconds)} messages/s  {len(messages)} messages, {len(miner.drain.clusters)} groups")

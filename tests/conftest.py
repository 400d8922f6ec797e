"""Every process of the tests computes on one thread, as there is one for each core: more would wait for each other."""

import os

from benchmark.threads import thread_limits

os.environ.update(thread_limits(1))  # before anything loads numpy or torch

"""The commands of the command line, one file each.

A command has ``HELP``, a line; ``add_arguments(parser)``; ``carry_out(asked)``, which does it with what was parsed,
raises a `HarnessError` where it cannot be done, and may return an exit status; and ``WHEN_STOPPED``, what to tell after
Ctrl-C.
"""

"""The commands of the command line, one file each.

A command has ``HELP``, a line; ``add_arguments(parser)``; ``carry_out(asked)``, which does it with what was parsed and
raises a `HarnessError` where it cannot be done; and ``WHEN_STOPPED``, what to tell after Ctrl-C.
"""

"""The commands of ``python -m datasets``, one file each.

A command has ``HELP``, a line; ``add_arguments(parser)``, which may load what the command needs; and
``carry_out(asked)``, which does it with what was parsed, returns an exit status, and raises one of the errors of
:mod:`datasets.__main__` where it cannot be done, or KeyboardInterrupt, with nothing written.
"""

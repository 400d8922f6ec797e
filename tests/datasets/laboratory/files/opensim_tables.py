"""Run in a process of its own: OpenSim reads a table and writes it in its newer and its older way.

Arguments: the table, the folder to write to.
"""

import sys

import opensim


def main(table: str, folder: str) -> None:
    """Write ``newer.sto`` and ``older.mot``."""
    opensim.STOFileAdapter.write(opensim.TimeSeriesTable(table), f"{folder}/newer.sto")
    storage = opensim.Storage(table)
    opensim.Storage.printResult(storage, "older", folder, -1, ".mot")


if __name__ == "__main__":
    main(*sys.argv[1:])

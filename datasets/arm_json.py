"""Arms that are none of the repository's, as JSON in the recordings that they are of; by cattrs."""

from __future__ import annotations

import json
from dataclasses import replace

import cattrs

from datasets.arm_files import load_arm
from datasets.description import ArmDescription


def arm_to_json(arm: ArmDescription) -> str:
    """The description of an arm, without its physiology, which all arms share."""
    return json.dumps(cattrs.unstructure(replace(arm, physiology={})))


def arm_from_json(text: str) -> ArmDescription:
    """The arm that `arm_to_json` wrote.

    Raises
    ------
    ValueError
        If it is none.
    """
    try:
        arm = cattrs.structure(json.loads(text), ArmDescription)
    except (cattrs.BaseValidationError, ValueError, TypeError) as error:
        raise ValueError("the description of its arm is damaged") from error
    return replace(arm, physiology=load_arm().physiology)

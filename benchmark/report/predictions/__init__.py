"""What the report says of predicted angles and forces: how good they are, and what they come to."""

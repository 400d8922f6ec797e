"""What the report says of calibration by moment tracking: how long it takes, how well moments are predicted."""

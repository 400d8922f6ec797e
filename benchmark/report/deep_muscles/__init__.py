"""What the report says of suites that compare treatments of the deep muscles over virtual subjects."""

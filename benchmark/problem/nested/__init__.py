"""Stages with a small bounded problem inside, solved sample by sample: what the deep muscles do."""

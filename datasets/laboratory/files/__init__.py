"""Files of a laboratory: tables of motion and EMG, channel maps."""

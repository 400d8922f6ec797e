"""What becomes of a laboratory's signals: motion smoothed and differentiated, EMG made into envelopes."""

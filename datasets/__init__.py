"""The arm as data, the recordings, and what makes and reads them."""

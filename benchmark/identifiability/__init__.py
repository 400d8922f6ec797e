"""What can be known of the parameters at all, and how sure a result is."""

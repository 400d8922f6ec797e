"""Fibre states from musculotendon lengths: the balance of tendon and fibre force, eq. (15) = eq. (16)."""

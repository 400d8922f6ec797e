"""Array back ends: the operations that the shared formulas are written over, in numpy, torch and CasADi."""

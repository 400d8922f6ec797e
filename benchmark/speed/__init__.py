"""What the pieces of an identification cost: residual, derivatives and the paper's epoch, in every back end."""

"""What a laboratory delivers, an OpenSim model, motion and EMG, made a recording; and the other way round."""

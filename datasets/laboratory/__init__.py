"""What a laboratory delivers, OpenSim's tables of joint angles and EMG, made into clean arrays."""

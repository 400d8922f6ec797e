"""What the page says whatever the runs are: how to read it, and what it does not show."""

from __future__ import annotations

TITLE = "Identifying the human arm: which method?"
LEAD = (
    "Methods that identify the parameters of a musculoskeletal arm model (MoBL-ARMS, 16 muscles) from motion and EMG, "
    "on the same problems, from the same starts, within the same budgets. Every number on this page comes from stored "
    "runs; [the last sections](#reproduce) say which, and how to make them again."
)
HOW_TO_READ = (
    "- **Cr2m (%)**: mean relative error of the muscle parameters, eq. (23) over these alone; about 8 % at starts of "
    "10 %. **Cr1**, **Cr2**: distance and mean error of all parameters.\n"
    "- **At the best minimum**: runs that end with a mean squared unexplained acceleration of at most 100 times (with "
    "unknown fibres 4 times) the lowest one known for the problem. A method can see this; it cannot see its error.\n"
    "- **Error over bound (1)**, for problems with noise: error of the parameters that can be identified over the "
    "least one that any unbiased estimate can be expected to have.\n"
    "- **Loss (1)**, of moment tracking: squared moment errors over the measured moments' variances, of all trials and "
    "coordinates together, and a penalty; 9 where nothing of three trials is explained. It is the same from all "
    "starts; that of other problems is in units of the start's own.\n"
    "- **Held-out R2 (1)**: how well the identified muscles predict the shoulder's torque on a movement that was not "
    "identified from; 1 is perfect, 0 no better than the mean.\n"
    "- **Deep force error (%)**: error of the forces of the five muscles without EMG, in percent of these; 100 is what "
    "no force at all has.\n"
    "- **Solve time (s)**: wall seconds on the method's own clock; loading and compiling are not on it.\n"
    "- **Cost**: evaluations weighted by what each kind costs, in evaluations of the compiled residual: the same on "
    "every machine.\n"
    "- Runs that failed count as runs that did not get there; none is left out of a count."
)
LIMITS = (
    "- The recordings are simulated. Unless a problem's name says otherwise they are without noise, and fibre lengths "
    "are known: the page says how fast and how far a method gets on a clean problem, not how well it would do in a "
    "laboratory. Noise of the accelerations is independent from sample to sample: a laboratory's is not. Other "
    "imperfections come as near to a laboratory's as their definitions do; their sizes are choices.\n"
    "- Three things cannot be known and are not compared: TRIlat and BRD in M1 (their residual is exactly blind to "
    "them), the tendon slack length of PECM1 (a rigid tendon), and which of the two filter coefficients is which (they "
    "are ordered). Cr2 has coefficients near zero in its denominators, so that one of them can dominate it.\n"
    "- It is one arm in two variants with virtual subjects drawn around it, and a few movements. Differences hold for "
    "these problems and starts; for others they are a guess.\n"
    "- Seconds are those of one machine with its libraries, one core a run. Compare them within a suite.\n"
    "- The best minimum known is the best one that any run has found; a lower one would move the target."
)
REPRODUCE = (
    "Tables, figures and this page are made from the stored runs alone; the same runs give the same bytes. Runs that "
    "are stored and have not changed since are used again; `--fresh` makes them anew. A seed always gives the "
    "same start, and a method the same numbers on the same versions of libraries; seconds differ by machine and load."
)
RUNS_NOTE = (
    "Sort by a heading, filter by text or by the menus. One run is made again by putting its words in place of the "
    "capitals in `python -m benchmark run METHOD --suite SUITE --problems PROBLEM --start-levels LEVEL --seeds SEED`, "
    "with levels as shares (0.1 is 10 %)."
)
TRIAL = "smoke"  # the suite that only tries whether everything works
SUITE = "The runs, and with them every table and figure of the suite's section:"
SPEED = "Times of single operations, and the prices of evaluations made of them:"
IDENTIFIABILITY = "What recordings say about parameters, without identifying any; then the report:"
MEASURE_SPEED = "python -m benchmark speed"
UPDATE_PRICES = "python -m benchmark speed --update-prices"
ONE = "For example, the first one of the table of all runs:"

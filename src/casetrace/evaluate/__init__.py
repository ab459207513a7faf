"""How good a pipeline is: figures with intervals, slices, confidence, errors, comparison of two, the gate."""

from casetrace.evaluate.cases import Case
from casetrace.evaluate.evaluation import Evaluation, evaluate
from casetrace.evaluate.figures import Figure, figure

__all__ = ["Case", "Evaluation", "Figure", "evaluate", "figure"]

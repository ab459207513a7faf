"""casetrace: case records, with the words they came from, out of human-rights and labour-rights texts.

for found in casetrace.extract(documents): ...  # document, annotation, records; or a Rejection that says why not
nlp = casetrace.load()
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casetrace.extraction import extract, load

__all__ = ["extract", "load"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """Import the pipeline only when it is asked for: `import casetrace` stays fast."""
    if name not in __all__:
        raise AttributeError(f"module 'casetrace' has no attribute {name!r}")
    from casetrace import extraction

    return getattr(extraction, name)

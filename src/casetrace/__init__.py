"""casetrace: case records, with the words they came from, out of human-rights and labour-rights texts."""

__version__ = "0.1.0"

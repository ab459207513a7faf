"""One page at a time: bytes -> text and what the source says of itself."""

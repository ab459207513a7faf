"""Counting agreement of gold and predicted annotations and records; nothing here divides before all is added up."""

"""Annotators at work in Label Studio: the page, tasks out and annotations back, the server, users, the model's help.

Spoken to over plain HTTP: the calls are few, and the official client brings half a gigabyte of image libraries.
"""

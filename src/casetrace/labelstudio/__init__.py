"""Annotators at work in Label Studio: the page, tasks out and annotations back, the server, users, the model's help.

Spoken to through label-studio-sdk, imported by no other part of casetrace. Over its connection (`client.Wire`) go, by
hand, the things that it has no call for: the log-in page (`guard`), and the forms for signing up and in (`people`).
"""

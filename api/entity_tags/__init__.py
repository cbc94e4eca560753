"""ETags that are known before an answer is rendered: a 304 costs one statement.

A tag is made of everything that an answer depends on: what one statement read from the database, the day in Viet Nam,
the language, the address with its parameters, the format, and the program itself. Nothing has to be remembered when
something changes, so a tag cannot outlive what it names. tests/api/test_entity_tags.py changes each thing in turn.
"""
